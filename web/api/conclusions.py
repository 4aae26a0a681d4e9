"""Conclusions: taken in and read, reviewed, submitted, approved or withdrawn."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import After, ConclusionWriter, Limit, Reader
from web.api.files import GivenFile
from web.api.noun import CARRIES_FILES, noun
from web.api.strict import Given
from workflow import intake
from workflow.conclusions.intake import SourceText, read_pasted, read_source
from workflow.desk import Desk
from workflow.errors import InputWrong
from workflow.models.directive import Directive
from workflow.models.supervision import Conclusion, ConclusionState
from workflow.store import conclusions, supervisions
from workflow.store.paging import cut, position
from workflow.words import pair

router = noun("conclusions")
Code = Annotated[str, Path(max_length=40)]
Reason = Annotated[str, Field(min_length=1, max_length=2_000)]
PASTED = "văn bản dán vào"


class ConclusionLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    code: str
    received_at: datetime
    state: ConclusionState
    source: str
    supervision: str
    drafts: int
    open: int
    closed: int


class ConclusionList(BaseModel):
    rows: list[ConclusionLine]
    after: str | None


class DraftRead(BaseModel):
    """`missing`: what the draft does not say yet. `span` is the passage in the text, in characters."""

    code: str
    state: str
    title: str
    text: str
    quote: str | None
    lead: str | None
    due_on: date | None
    due_text: str | None
    rhythm: str | None
    product: str | None
    span: tuple[int, int] | None
    version: int
    missing: list[str]


class ConclusionRead(BaseModel):
    code: str
    state: ConclusionState
    kind: str | None
    number: str | None
    issued_on: date | None
    chair: str | None
    topic: str | None
    source: str
    sha256: str
    received_at: datetime
    text: str
    drafts: list[DraftRead]


class TakeIn(Given):
    """Either the text, or one file (.docx, .pdf, .txt, .html, .md)."""

    supervision: str = Field(min_length=1, max_length=40)
    text: str | None = None
    file: GivenFile | None = None


class TakenIn(BaseModel):
    code: str
    state: ConclusionState
    directives: list[str]


class Approval(Given):
    """`reason` is needed where a draft does not say everything."""

    reason: Reason | None = None


class Withdrawal(Given):
    reason: Reason


@router.get("/conclusions")
def conclusion_list(visit: Reader, limit: Limit = 50, after: After = None) -> ConclusionList:
    """Newest first, of the caller's own delegation."""
    last = position(after, 1)[0] if after else None
    rows = conclusions.listed(visit.db, visit.me, limit + 1, last)
    page = cut(rows, [(row.code,) for row in rows], limit)
    return ConclusionList(rows=[ConclusionLine.model_validate(row) for row in page.rows], after=page.after)


@router.get("/conclusions/{code}")
def conclusion(visit: Reader, code: Code) -> ConclusionRead:
    """The text, and every draft it gave with what is still missing."""
    found = intake.find(visit.db, visit.me, code)
    drafts = intake.drafts_of(visit.db, visit.me, found)
    missing = {one.code: list(one.missing) for one in intake.unclear(drafts)}
    names = conclusions.lead_names(visit.db, drafts)
    return ConclusionRead(
        code=found.code, state=found.state, kind=found.kind, number=found.number, issued_on=found.issued_on,
        chair=found.chair, topic=found.topic, source=found.source_name, sha256=found.text_sha256,
        received_at=found.received_at, text=found.text,
        drafts=[_draft(one, names, missing.get(one.code, [])) for one in drafts],
    )  # fmt: skip


@router.post("/conclusions", status_code=201, response_model=TakenIn, openapi_extra=CARRIES_FILES)
def take_in(visit: ConclusionWriter, wanted: TakeIn) -> Response:
    """Read the text and draft a directive for each instruction. Nothing is mailed."""
    supervisions.get(visit.db, visit.me, visit.rules.as_of, wanted.supervision)
    source, name = _source(wanted)

    def work(desk: Desk) -> TakenIn:
        return _taken(desk, intake.take_in(desk, wanted.supervision, source, name))

    return act(visit, work, 201)


@router.post("/conclusions/{code}/submit", response_model=TakenIn)
def submit(visit: ConclusionWriter, code: Code) -> Response:
    """The secretary's part is done; an approver issues."""
    return act(visit, lambda desk: _taken(desk, intake.submit(desk, code)))


@router.post("/conclusions/{code}/approve", response_model=TakenIn)
def approve(visit: ConclusionWriter, code: Code, wanted: Approval) -> Response:
    """Issue every draft at once: one mail an agency."""

    def work(desk: Desk) -> TakenIn:
        issued = intake.approve(desk, code, reason=wanted.reason)
        return TakenIn(code=code, state=ConclusionState.ISSUED, directives=issued)

    return act(visit, work)


@router.post("/conclusions/{code}/withdraw", response_model=TakenIn)
def withdraw(visit: ConclusionWriter, code: Code, wanted: Withdrawal) -> Response:
    """Before it is issued: every draft is dropped with this reason."""
    return act(visit, lambda desk: _taken(desk, intake.withdraw(desk, code, wanted.reason)))


def _source(wanted: TakeIn) -> tuple[SourceText, str]:
    if (wanted.text is None) == (wanted.file is None):
        why = pair("Gửi 'text' hoặc 'file', chỉ một.", "Give either 'text' or 'file'.")
        raise InputWrong(field="text", value="", why=why)
    if wanted.file is not None:
        return read_source(wanted.file.bytes_of(), wanted.file.name), wanted.file.name
    return read_pasted(wanted.text or ""), PASTED


def _taken(desk: Desk, found: Conclusion) -> TakenIn:
    codes = [one.code for one in intake.drafts_of(desk.db, desk.actor, found)]
    return TakenIn(code=found.code, state=found.state, directives=codes)


def _draft(one: Directive, names: dict[int, str], missing: list[str]) -> DraftRead:
    has_span = one.span_start is not None and one.span_end is not None
    return DraftRead(
        code=one.code, state=one.state, title=one.title, text=one.text, quote=one.quote,
        lead=names.get(one.lead_id) if one.lead_id else None, due_on=one.due_on, due_text=one.due_text,
        rhythm=one.rhythm, product=one.product, version=one.version, missing=missing,
        span=(one.span_start or 0, one.span_end or 0) if has_span else None,
    )  # fmt: skip
