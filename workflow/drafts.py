"""Directives before they are issued: drafted, corrected, split and merged by the secretary."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from workflow import audit, effects, recurrence
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound, RoleNotAllowed
from workflow.models.directive import Directive
from workflow.models.organization import OrganizationKind
from workflow.models.supervision import Supervision
from workflow.urgency import check_urgency

TITLE_LENGTH = 80
DRAFTING_ROLES = {"secretary", "deputy_chair", "chair"}


@dataclass(frozen=True)
class Draft:
    """What a directive says before it has a clock. Either a day, or a rhythm, or neither yet.

    `due_is_express`: the conclusion names the day itself, so it stays even on a closed day; a day
    computed from a term ("within 15 days") rolls forward to the next working day (Civil Code, Art. 148).
    """

    code: str
    supervision: str
    text: str
    lead: str | None = None
    coordinating: tuple[str, ...] = ()
    due_on: date | None = None
    due_is_express: bool = True
    due_text: str | None = None
    rhythm: str | None = None
    title: str | None = None
    product: str | None = None
    is_secret: bool = False
    conclusion_id: int | None = None
    span: tuple[int, int] | None = None
    quote: str | None = None
    incomplete_reason: str | None = None
    urgency: str | None = None


def draft_directive(desk: Desk, draft: Draft) -> Directive:
    supervision = desk.db.scalar(select(Supervision).where(col(Supervision.code) == draft.supervision))
    if supervision is None:
        raise NotFound(what={"vi": "cuộc giám sát", "en": "Supervision"}, code=draft.supervision)
    check_may_draft(desk, supervision, draft.code)
    _check_new(desk, draft)
    directive = _row(desk, draft, supervision.id)
    desk.db.add(directive)
    desk.db.flush()
    effects.set_coordinating(desk.db, directive, draft.coordinating)
    audit.record(
        desk.db, desk.actor, "draft", at=desk.now, on=desk.today,
        directive_id=directive.id, to_state="draft", due_on=directive.due_on,
    )  # fmt: skip
    return directive


def check_may_draft(desk: Desk, supervision: Supervision, code: str) -> None:
    """Drafting is for the delegation's own posts, and for imports by the system or an administrator."""
    posts = {
        post.position.value for post in desk.actor.posts if post.organization_id == supervision.delegation_id
    }
    if desk.actor.is_system or desk.actor.role == "administrator" or posts & DRAFTING_ROLES:
        return
    raise RoleNotAllowed(
        actor=desk.actor.name,
        move={"vi": "soạn nhiệm vụ", "en": "draft a directive"},
        code=code,
        allowed={"vi": "Thư ký, Phó Trưởng đoàn, Trưởng đoàn", "en": "Secretary, Deputy chair, Chair"},
    )


def _check_new(desk: Desk, draft: Draft) -> None:
    if desk.db.scalar(select(Directive).where(col(Directive.code) == draft.code)) is not None:
        why = {"vi": "Mã này đã được dùng.", "en": "This code is taken."}
        raise InputWrong(field="code", value=draft.code, why=why)
    if draft.due_on is not None and draft.rhythm is not None:
        why = {"vi": "Chỉ chọn thời hạn hoặc kỳ báo cáo.", "en": "Give a due date or a rhythm, not both."}
        raise InputWrong(field="rhythm", value=draft.rhythm, why=why)


def _row(desk: Desk, draft: Draft, supervision_id: int) -> Directive:
    lead = effects.organization(desk.db, draft.lead) if draft.lead else None
    if lead is not None and lead.kind is OrganizationKind.DELEGATION:
        why = {"vi": "Đoàn giám sát không thể tự chủ trì.", "en": "A delegation cannot be the lead."}
        raise InputWrong(field="lead", value=draft.lead, why=why)
    due_on = settled_due(desk, draft.due_on, is_express=draft.due_is_express)
    return Directive(
        code=draft.code,
        supervision_id=supervision_id,
        conclusion_id=draft.conclusion_id,
        span_start=draft.span[0] if draft.span else None,
        span_end=draft.span[1] if draft.span else None,
        quote=draft.quote,
        text=draft.text,
        title=draft.title or shortened(draft.text),
        product=draft.product,
        lead_id=lead.id if lead else None,
        is_secret=draft.is_secret,
        due_on=due_on,
        due_is_express=draft.due_is_express,
        due_text=draft.due_text,
        rhythm=recurrence.check_rhythm(draft.rhythm) if draft.rhythm else None,
        incomplete_reason=draft.incomplete_reason,
        urgency=check_urgency(draft.urgency),
        changed_at=desk.now,
    )


def settled_due(desk: Desk, due_on: date | None, *, is_express: bool) -> date | None:
    """A day the conclusion names stays; a computed one on a closed day is due on the next working day."""
    return due_on if due_on is None or is_express else desk.calendar.roll_forward(due_on)


def shortened(text: str) -> str:
    """The first words, for subjects and lists."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    return line[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
