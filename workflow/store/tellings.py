"""Questions about who was, or would be, told what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.message import Message
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.models.organization import Organization
from workflow.models.person import Person

ABSENT = aliased(Person)


@dataclass(frozen=True)
class Telling:
    """One notice with the words a reader needs; `person` is None where nobody is mailed.

    `stands_for` is the absent person whose deputy is told, `instead_of` the position nobody reachable holds.
    """

    code: str | None
    kind: NoticeKind
    status: NoticeStatus
    reason: str | None
    person: str | None
    email: str | None
    organization: str | None
    obligation: ObligationKind | None
    opened_on: date | None
    due_on: date | None
    rung: int | None
    level: int | None
    night_on: date
    is_weekly: bool
    is_act: bool
    message_status: str | None
    stands_for: str | None = None
    instead_of: str | None = None


def of_event(db: Session, actor: Actor, event_id: int) -> list[Telling]:
    """Whom an act tells."""
    return _tellings(db, actor, col(Notice.event_id) == event_id)


def of_run(db: Session, actor: Actor, run_id: int) -> list[Telling]:
    """Everything a sweep wrote down, told or not."""
    return _tellings(db, actor, col(Notice.sweep_run_id) == run_id)


def of_message(db: Session, actor: Actor, key: str) -> list[Telling]:
    return _tellings(db, actor, col(Notice.bundle) == key)


def of_directive(db: Session, actor: Actor, directive_id: int) -> list[Telling]:
    return _tellings(db, actor, col(Notice.directive_id) == directive_id)


def _tellings(db: Session, actor: Actor, which: ColumnElement[bool]) -> list[Telling]:
    may_know = or_(col(Notice.directive_id).is_(None), access.visible(actor))
    return [_telling(row) for row in db.execute(_query().where(and_(which, may_know)))]


def _query() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Notice, col(Directive.code), col(Person.name), col(Person.email), col(Organization.name),
        col(Obligation.kind), col(Obligation.opened_on), col(Message.status),
        col(ABSENT.name),
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(Notice)
        .outerjoin(Directive, col(Directive.id) == col(Notice.directive_id))
        .outerjoin(Person, col(Person.id) == col(Notice.person_id))
        .outerjoin(ABSENT, col(ABSENT.id) == col(Notice.stands_for_id))
        .outerjoin(Organization, col(Organization.id) == col(Notice.organization_id))
        .outerjoin(Obligation, col(Obligation.id) == col(Notice.obligation_id))
        .outerjoin(Message, col(Message.key) == col(Notice.bundle))
        .order_by(col(Directive.code), col(Notice.severity).desc(), col(Notice.id))
    )


def _telling(row: Sequence[Any]) -> Telling:
    notice, code, person, email, organization, obligation, opened_on, message_status, absent = row
    return Telling(
        code=code,
        kind=NoticeKind(notice.kind),
        status=notice.status,
        reason=notice.reason,
        person=person,
        email=email,
        organization=organization,
        obligation=obligation,
        opened_on=opened_on,
        due_on=notice.due_on,
        rung=notice.rung,
        level=notice.level,
        night_on=notice.night_on,
        is_weekly=notice.key.startswith("W:"),
        is_act=notice.event_id is not None,
        message_status=message_status.value if message_status else None,
        stands_for=absent,
        instead_of=notice.instead_of,
    )
