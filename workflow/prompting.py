"""Reminding an agency by hand, besides the rungs of its ladder: one act, one mail a recipient."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import access, audit, rulebook
from workflow.access import Actor
from workflow.desk import Desk
from workflow.errors import RoleNotAllowed, WorkflowError
from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.person import Person
from workflow.people import Audiences
from workflow.words import pair

ACT = "remind"
MOVE = pair("nhắc ngay", "remind now")
ALLOWED = pair("Thư ký, Phó Trưởng đoàn, Trưởng đoàn", "Secretary, Deputy chair, Chair")
BY = {"secretary", "deputy_chair", "chair"}


class NothingOwed(WorkflowError):
    """Nobody waits for the lead: not issued, under review, paused or over."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "{code}: cơ quan chủ trì đang không nợ kết quả nào, không có gì để nhắc.",
        "en": "{code}: the lead owes no result now, there is nothing to remind of.",
    }


class NobodyToRemind(WorkflowError):
    """The lead has no contact whose mailbox takes mail."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "{code}: cơ quan chủ trì chưa có đầu mối nhận được thư.",
        "en": "{code}: the lead has no contact who can be mailed.",
    }


@dataclass(frozen=True)
class Prompt:
    """What is owed, and who is told: pairs of (body, person)."""

    owed: Obligation
    people: list[tuple[int | None, Person]]


def prompt(db: Session, actor: Actor, directive: Directive, today: date) -> Prompt:
    """What reminding would do now; raises a WorkflowError when it would be refused."""
    if not BY & access.roles_in(db, actor, directive):
        raise RoleNotAllowed(actor=actor.name, move=MOVE, code=directive.code, allowed=ALLOWED)
    owed = _owed(db, directive)
    if owed is None:
        raise NothingOwed(code=directive.code)
    audiences = Audiences(db, directive, rulebook.policy(db, owed.policy_id), today, actor, None)
    people = [(body, db.get_one(Person, person_id)) for body, person_id in audiences.people("lead")]
    if not people:
        raise NobodyToRemind(code=directive.code)
    return Prompt(owed, people)


def remind(desk: Desk, code: str) -> Event:
    """Tell the lead's contacts now what they owe; nothing is written when it is refused."""
    directive = desk.locked(code)
    found = prompt(desk.db, desk.actor, directive, desk.today)
    event = audit.record(
        desk.db, desk.actor, ACT, at=desk.now, on=desk.today, directive_id=directive.id, obligation_id=found.owed.id,
        from_state=directive.state, to_state=directive.state, due_on=directive.due_on,
    )  # fmt: skip
    desk.batch = desk.batch or str(event.id)
    for body, person in found.people:
        desk.db.add(_notice(desk, event, directive, found.owed, body, person.id))
    return event


def _owed(db: Session, directive: Directive) -> Obligation | None:
    running = (
        col(Obligation.directive_id) == directive.id,
        col(Obligation.kind) == ObligationKind.DELIVER,
        col(Obligation.status) == ObligationStatus.RUNNING,
    )
    return db.scalar(select(Obligation).where(*running).order_by(col(Obligation.due_on)).limit(1))


def _notice(
    desk: Desk, event: Event, directive: Directive, owed: Obligation, body: int | None, person_id: int
) -> Notice:
    kind = NoticeKind.OVERDUE if owed.due_on < desk.today else NoticeKind.REMINDER
    return Notice(
        key=f"E:{event.id}:{person_id}", kind=kind.value, severity=kind.severity, directive_id=directive.id,
        obligation_id=owed.id, event_id=event.id, person_id=person_id, organization_id=body, due_on=owed.due_on,
        due_version=owed.due_version, level=owed.level or None, night_on=desk.today, bundle=f"A:{desk.batch}:{person_id}",
    )  # fmt: skip
