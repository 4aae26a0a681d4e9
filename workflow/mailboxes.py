"""Addresses that take no mail: found out, journalled, told to whoever can mend it, closed until corrected."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow import audit, operations
from workflow.access import SYSTEM
from workflow.ladder import Position
from workflow.models.directive import Coordination, Directive
from workflow.models.inbound import BounceReport
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Membership, Person, Role
from workflow.models.supervision import Supervision

SOFT_LIMIT = 5
SOFT_WITHIN = timedelta(days=30)


def close(db: Session, person: Person, why: str, *, at: datetime, on: date) -> bool:
    """Nothing more is sent there; the next holder of the post stands in. False when it was closed already."""
    if person.mailbox is Mailbox.DEAD:
        return False
    person.mailbox, person.mailbox_failure, person.mailbox_failed_at = Mailbox.DEAD, why[:300], at
    db.add(person)
    event = audit.record(
        db, SYSTEM, "mailbox.dead", at=at, on=on, reason=why[:300], detail={"email": person.email}
    )
    operations.tell(db, event, now=at, to=_who_mends(db, person))
    return True


def returned(db: Session, message: Message, report: BounceReport, *, at: datetime, on: date) -> None:
    """One of our mails came back: it may be sent again, and its address may be closed."""
    if message.status is MessageStatus.HANDED_OVER and report.action == "failed":
        message.status, message.reason = MessageStatus.REJECTED, "bounced"
        message.response = report.text[:500]
        db.add(message)
    person = db.get_one(Person, message.person_id)
    if person.email != report.address or report.action != "failed":
        return
    if report.is_hard or soft_failures(db, report.address, at) >= SOFT_LIMIT:
        close(db, person, report.text or report.status, at=at, on=on)


def soft_failures(db: Session, address: str, now: datetime) -> int:
    """Mails of the last month that came back for a reason that may pass."""
    query = select(func.count()).select_from(BounceReport).where(
        col(BounceReport.address) == address, col(BounceReport.is_hard).is_(False),
        col(BounceReport.action) == "failed", col(BounceReport.received_at) > now - SOFT_WITHIN,
    )  # fmt: skip
    return db.scalar(query) or 0


def _who_mends(db: Session, person: Person) -> list[int]:
    """Administrators, and the secretaries of the delegations whose directives this person answers for."""
    own = select(col(Membership.organization_id)).where(col(Membership.person_id) == person.id)
    contributing = select(col(Coordination.directive_id)).where(col(Coordination.organization_id).in_(own))
    delegations = (
        select(col(Supervision.delegation_id))
        .join(Directive, col(Directive.supervision_id) == col(Supervision.id))
        .where(
            col(Directive.lead_id).in_(own) | col(Directive.id).in_(contributing),
            col(Directive.closed_on).is_(None),
        )
    )
    secretaries = select(col(Membership.person_id)).where(
        col(Membership.position) == Position.SECRETARY, col(Membership.organization_id).in_(delegations)
    )
    mends = (col(Person.role) == Role.ADMINISTRATOR) | col(Person.id).in_(secretaries)
    query = select(col(Person.id)).where(
        mends, col(Person.is_active), col(Person.mailbox) == Mailbox.OPEN, col(Person.id) != person.id
    )
    return sorted(db.scalars(query))
