"""Reports as documents of figures, or as files; the list behind each figure."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel
from starlette.responses import Response

from reports import asked
from reports.cards import card_document
from reports.contents import report
from reports.data_files import json_document
from reports.making import make
from reports.request import MEDIA, Format, Profile, ReportKind, Wanted
from web.api.caller import Reader
from web.api.noun import noun
from web.refusals import NoSuchPage
from web.visit import Visit
from workflow.figures import bodies, listing
from workflow.figures.cells import Basis, Cell, cells_of
from workflow.figures.rules import rules_on
from workflow.figures.scope import Scope
from workflow.figures.scorecard import scorecard
from workflow.store import organizations

router = noun("reports")
Word = Annotated[str | None, Query(max_length=80)]
Day = Annotated[str | None, Query(max_length=10, description="10/10/2026 or 2026-10-10")]
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}} for media in sorted(set(MEDIA.values()))
        }
    }
}


class ReportDocument(BaseModel):
    """Every figure stands in `rows` by its column's key; `links` leads to its list."""

    kind: ReportKind
    title: dict[str, str]
    as_of: date
    since: date | None
    remarks: list[dict[str, str]]
    paragraphs: list[dict[str, str]]
    tables: list[dict[str, Any]]


class Listed(BaseModel):
    code: str
    title: str
    lead: str | None
    due_on: date | None
    original_due_on: date | None
    reported_on: date | None
    state: str
    cell: Cell
    level: int
    extensions: int


class FigureList(BaseModel):
    """`total` is the figure."""

    total: int
    rows: list[Listed]


class CardPoint(BaseModel):
    """Counts of one evening, by the revised and by the original date; a share is null under five due."""

    on: date
    due: int
    on_time: int
    on_time_percent: float | None
    due_by_original: int
    on_time_by_original: int
    on_time_by_original_percent: float | None
    overdue: int
    total: int


class Card(BaseModel):
    agency: str
    now: CardPoint
    trend: list[CardPoint]
    extended: int
    extensions: int
    mean_lateness_days: float | None
    acknowledged: int
    acknowledged_in_time: int
    reviewed: int
    reviewed_in_time: int
    policy: dict[str, str]
    calendar: dict[str, str]


def _wanted(
    visit: Reader,
    as_of: Day = None,
    since: Day = None,
    basis: Basis = Basis.REVISED,
    agency: Word = None,
    supervision: Word = None,
    programme: Word = None,
    urgency: Word = None,
    month: Word = None,
) -> tuple[Visit, Scope]:
    given = {
        "as_of": as_of, "since": since, "basis": basis.value, "agency": agency, "supervision": supervision,
        "programme": programme, "urgency": urgency, "month": month,
    }  # fmt: skip
    return visit, asked.wanted(ReportKind.REGISTER, given.get, visit.today, visit.look.locale).scope


@router.get("/figures/{name}")
def figure(found: Annotated[tuple[Visit, Scope], Depends(_wanted)], name: str) -> FigureList:
    """`name` is a cell or a sum of cells, as links of reports say it."""
    visit, scope = found
    cells = cells_of(name)
    if not cells:
        raise NoSuchPage
    bodies.check_known(visit.db, visit.me, scope)
    rows = listing.rows(visit.db, visit.me, rules_on(visit.db, scope.on, visit.today), scope, cells)
    listed = [
        Listed.model_validate({name: getattr(row, name) for name in Listed.model_fields}) for row in rows
    ]
    return FigureList(total=len(listed), rows=listed)


@router.get("/reports/{kind}")
def report_document(
    found: Annotated[tuple[Visit, Scope], Depends(_wanted)], kind: ReportKind
) -> ReportDocument:
    visit, scope = found
    made = report(visit.db, visit.me, Wanted(kind, scope, visit.look.locale), visit.today)
    return ReportDocument.model_validate(json_document(made, visit.site.settings.base_url.rstrip("/")))


@router.get("/reports/{kind}/file", response_class=Response, responses=FILES)
def report_file(
    found: Annotated[tuple[Visit, Scope], Depends(_wanted)],
    kind: ReportKind,
    format: Format = Format.DOCX,
    profile: Profile | None = None,
) -> Response:
    visit, scope = found
    visit.site.limit("report", visit.me.name)
    body = bodies.body_of(visit.db, visit.me, scope.supervision)
    office = asked.office(visit.db, visit.site.settings, profile.value if profile else None, body)
    made = make(visit.db, visit.me, Wanted(kind, scope, visit.look.locale), format, office, visit.now)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media_type, headers=headers)


@router.get("/organizations/{code}/scorecard")
def agency_card(found: Annotated[tuple[Visit, Scope], Depends(_wanted)], code: str) -> Card:
    """The agency against its own earlier months; no other agency stands beside it."""
    visit, scope = found
    body = organizations.get(visit.db, visit.me, code)
    return Card.model_validate(card_document(scorecard(visit.db, visit.me, body.code, scope.on, visit.today)))
