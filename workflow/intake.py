"""From a conclusion to its directives: taken in, reviewed, submitted, issued together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow import access, audit, file_names
from workflow.access import Actor
from workflow.conclusions.agencies import Register
from workflow.conclusions.intake import SourceText
from workflow.conclusions.reader import read
from workflow.conclusions.reading import DirectiveDraft, Reading
from workflow.desk import Desk
from workflow.drafts import Draft, check_may_draft, draft_directive
from workflow.errors import InputMissing, InputWrong, NotFound, WorkflowError
from workflow.inputs import Inputs
from workflow.models.directive import Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.supervision import Conclusion, ConclusionState, Supervision


class NothingToIssue(WorkflowError):
    """Every draft was dropped, or none was found."""

    sentences = {
        "vi": "Kết luận {code} không còn dự thảo nhiệm vụ nào để phát hành.",
        "en": "Conclusion {code} has no draft left to issue.",
    }


@dataclass(frozen=True)
class Unclear:
    """What a draft still lacks: `lead` and `time` stop the issue, `product` needs a reason."""

    code: str
    missing: tuple[str, ...]


def register_of(db: Session) -> Register:
    """The engine's own organisations as the reader's register."""
    rows = db.scalars(select(Organization).where(col(Organization.kind) == OrganizationKind.AGENCY))
    return Register.from_rows((row.name, "department", tuple(row.aliases), None, None) for row in rows)


def take_in(desk: Desk, supervision_code: str, source: SourceText, name: str) -> Conclusion:
    """Store the text, read it, and draft one directive for each instruction and lead."""
    supervision = desk.db.scalar(select(Supervision).where(col(Supervision.code) == supervision_code))
    if supervision is None:
        raise NotFound(what={"vi": "cuộc giám sát", "en": "Supervision"}, code=supervision_code)
    check_may_draft(desk, supervision, supervision_code)
    _refuse_known(desk.db, supervision, source)
    reading = read(source.text, register_of(desk.db))
    conclusion = store(desk, supervision, source, reading, name)
    codes = Codes(desk.db, supervision)
    for draft in reading.directives:
        for one in _drafts(desk.db, conclusion, supervision, draft, codes):
            draft_directive(desk, one)
    return conclusion


def _refuse_known(db: Session, supervision: Supervision, source: SourceText) -> None:
    known = db.scalar(
        select(Conclusion).where(
            col(Conclusion.supervision_id) == supervision.id, col(Conclusion.text_sha256) == source.sha256
        )
    )
    if known is not None:
        day = f"{known.received_at:%d/%m/%Y}"
        why = {
            "vi": f"Văn bản này đã nhập ngày {day}: {known.code}.",
            "en": f"Already taken in on {day}: {known.code}.",
        }
        raise InputWrong(field="conclusion", value=known.source_name, why=why)


def store(
    desk: Desk, supervision: Supervision, source: SourceText, reading: Reading, name: str
) -> Conclusion:
    """The text and what was read of its head, without drafts."""
    mine = col(Conclusion.supervision_id) == supervision.id
    number = (desk.db.scalar(select(func.count()).select_from(Conclusion).where(mine)) or 0) + 1
    facts = {key: fact.value for key, fact in reading.facts.items()}
    conclusion = Conclusion(
        code=f"{supervision.code}-KL{number}",
        supervision_id=supervision.id,
        kind=facts["kind"],
        number=facts["number"],
        issued_on=date.fromisoformat(facts["issued_on"]) if facts["issued_on"] else None,
        chair=facts["chair"],
        topic=facts["topic"],
        source_name=file_names.clean(name),
        text=source.text,
        text_sha256=source.sha256,
        received_at=desk.now,
    )
    desk.db.add(conclusion)
    desk.db.flush()
    _record(desk, "conclusion.take_in", conclusion)
    return conclusion


class Codes:
    """GS14-01, GS14-02, …: continues after the highest number ever given, so none is used twice."""

    def __init__(self, db: Session, supervision: Supervision) -> None:
        self.prefix = supervision.code
        mine = col(Directive.supervision_id) == supervision.id
        numbers = (
            re.fullmatch(rf"{re.escape(self.prefix)}-(\d+)", code)
            for code in db.scalars(select(col(Directive.code)).where(mine))
        )
        self.last = max((int(found[1]) for found in numbers if found), default=0)

    def next(self) -> str:
        self.last += 1
        return f"{self.prefix}-{self.last:02d}"


def _drafts(
    db: Session, conclusion: Conclusion, supervision: Supervision, draft: DirectiveDraft, codes: Codes
) -> Iterable[Draft]:
    """Equal addressees answer separately: one draft each, tied to the same passage."""
    leads = [code for party in draft.lead if (code := _code_of(db, party.name))]
    others = tuple(code for party in draft.coordinating if (code := _code_of(db, party.name)))
    deadline = draft.deadline
    for lead in leads or (None,):
        yield Draft(
            code=codes.next(),
            supervision=supervision.code,
            text=draft.wording,
            lead=lead,
            coordinating=tuple(code for code in dict.fromkeys(others) if code != lead),
            due_on=date.fromisoformat(deadline.due_on) if deadline.due_on else None,
            due_text=deadline.text,
            rhythm=deadline.rrule,
            product=draft.output.text if draft.output else None,
            conclusion_id=conclusion.id,
            span=(draft.start, draft.end),
            quote=draft.text,
        )


def _code_of(db: Session, name: str) -> str | None:
    agency = col(Organization.kind) == OrganizationKind.AGENCY
    return db.scalar(select(col(Organization.code)).where(col(Organization.name) == name, agency))


def find(db: Session, actor: Actor, code: str) -> Conclusion:
    """For the delegation that holds it, and for those who see everything; to others it does not exist."""
    query = select(Conclusion).join(Supervision, col(Supervision.id) == col(Conclusion.supervision_id))
    query = query.where(col(Conclusion.code) == code)
    if not actor.sees_all:
        ours = actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
        query = query.where(col(Supervision.delegation_id).in_(sorted(ours)))
    conclusion = db.scalar(query)
    if conclusion is None:
        raise NotFound(what={"vi": "kết luận", "en": "Conclusion"}, code=code)
    return conclusion


def drafts_of(db: Session, actor: Actor, conclusion: Conclusion) -> list[Directive]:
    query = select(Directive).where(col(Directive.conclusion_id) == conclusion.id, access.visible(actor))
    return list(db.scalars(query.order_by(col(Directive.span_start), col(Directive.id))))


def unclear(directives: Iterable[Directive]) -> list[Unclear]:
    """The gate of the "5 rõ": which drafts do not say who, by when, or what is to be produced."""
    lacking = (Unclear(one.code, _missing(one)) for one in directives if one.state == "draft")
    return [one for one in lacking if one.missing]


def _missing(directive: Directive) -> tuple[str, ...]:
    said = {
        "lead": directive.lead_id is not None,
        "time": directive.due_on is not None or directive.rhythm is not None,
        "product": bool(directive.product or directive.incomplete_reason),
    }
    return tuple(name for name, is_said in said.items() if not is_said)


def split(desk: Desk, code: str, first: str, second: str) -> Directive:
    """One draft becomes two: the first keeps the code, the second gets the next, both keep the passage."""
    directive = desk.locked(code)
    supervision = desk.db.get_one(Supervision, directive.supervision_id)
    check_may_draft(desk, supervision, code)
    desk.move(code, "correct", Inputs(reason=f"split: {first}"))
    directive.text = first
    desk.db.add(directive)
    added = Draft(
        code=Codes(desk.db, supervision).next(), supervision=supervision.code, text=second, lead=_lead_code(desk.db, directive),
        due_on=directive.due_on, due_text=directive.due_text, rhythm=directive.rhythm, product=directive.product,
        conclusion_id=directive.conclusion_id, quote=directive.quote,
        span=(directive.span_start, directive.span_end) if directive.span_start is not None and directive.span_end else None,
    )  # fmt: skip
    return draft_directive(desk, added)


def _lead_code(db: Session, directive: Directive) -> str | None:
    return None if directive.lead_id is None else db.get_one(Organization, directive.lead_id).code


def merge(desk: Desk, code: str, other: str) -> Directive:
    """Two drafts become one under the first code; the other is dropped, saying into which."""
    kept, gone = desk.locked(code), desk.locked(other)
    if kept.conclusion_id != gone.conclusion_id:
        why = {
            "vi": "Chỉ gộp dự thảo của cùng một kết luận.",
            "en": "Only drafts of one conclusion can be merged.",
        }
        raise InputWrong(field="code", value=other, why=why)
    desk.move(other, "drop", Inputs(reason=f"gộp vào {code}"))
    desk.move(code, "correct", Inputs(reason=f"gộp {other}"))
    kept.text = f"{kept.text}; {gone.text}"
    kept.span_start = min(kept.span_start or 0, gone.span_start or 0)
    kept.span_end = max(kept.span_end or 0, gone.span_end or 0)
    desk.db.add(kept)
    return kept


def submit(desk: Desk, code: str) -> Conclusion:
    """The secretary's part is done; an approver issues."""
    conclusion = find(desk.db, desk.actor, code)
    check_may_draft(desk, desk.db.get_one(Supervision, conclusion.supervision_id), code)
    _expect(conclusion, ConclusionState.DRAFT)
    if not [one for one in drafts_of(desk.db, desk.actor, conclusion) if one.state == "draft"]:
        raise NothingToIssue(code=code)
    conclusion.state = ConclusionState.SUBMITTED
    desk.db.add(conclusion)
    _record(desk, "conclusion.submit", conclusion)
    return conclusion


def approve(desk: Desk, code: str, *, reason: str | None = None) -> list[str]:
    """Issue every draft in this one transaction: one mail an agency. What is unclear needs `reason`."""
    conclusion = find(desk.db, desk.actor, code)
    _expect(conclusion, ConclusionState.SUBMITTED)
    drafts = [one for one in drafts_of(desk.db, desk.actor, conclusion) if one.state == "draft"]
    if not drafts:
        raise NothingToIssue(code=code)
    if unclear(drafts) and not reason:
        raise InputMissing(field="reason", move={"vi": "Phê duyệt và phát hành", "en": "approve"}, code=code)
    for directive in drafts:
        if _missing(directive) and reason:
            directive.incomplete_reason = reason
        desk.move(directive.code, "issue", Inputs(reason=reason))
    conclusion.state = ConclusionState.ISSUED
    desk.db.add(conclusion)
    _record(desk, "conclusion.approve", conclusion, reason)
    return [directive.code for directive in drafts]


def withdraw(desk: Desk, code: str, reason: str) -> Conclusion:
    """Before it is issued: every draft is dropped with the same reason."""
    conclusion = find(desk.db, desk.actor, code)
    check_may_draft(desk, desk.db.get_one(Supervision, conclusion.supervision_id), code)
    if conclusion.state is ConclusionState.ISSUED:
        _expect(conclusion, ConclusionState.DRAFT)
    for directive in drafts_of(desk.db, desk.actor, conclusion):
        if directive.state == "draft":
            desk.move(directive.code, "drop", Inputs(reason=reason))
    conclusion.state = ConclusionState.WITHDRAWN
    desk.db.add(conclusion)
    _record(desk, "conclusion.withdraw", conclusion, reason)
    return conclusion


STATES = {
    ConclusionState.DRAFT: {"vi": "dự thảo", "en": "a draft"},
    ConclusionState.SUBMITTED: {"vi": "đã trình", "en": "submitted"},
    ConclusionState.ISSUED: {"vi": "đã phát hành", "en": "issued"},
    ConclusionState.WITHDRAWN: {"vi": "đã rút", "en": "withdrawn"},
}


def _expect(conclusion: Conclusion, state: ConclusionState) -> None:
    if conclusion.state is not state:
        now, wanted = STATES[conclusion.state], STATES[state]
        why = {
            "vi": f"Kết luận đang ở trạng thái {now['vi']}; việc này cần trạng thái {wanted['vi']}.",
            "en": f"The conclusion is {now['en']}; this needs it to be {wanted['en']}.",
        }
        raise InputWrong(field="conclusion", value=conclusion.code, why=why)


def _record(desk: Desk, act: str, conclusion: Conclusion, reason: str | None = None) -> None:
    audit.record(
        desk.db,
        desk.actor,
        act,
        at=desk.now,
        on=desk.today,
        reason=reason,
        detail={"conclusion": conclusion.code},
    )
