"""Mails to the administrators about the installation itself: one for each event, through the outbox."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.bundles import bundle
from workflow.kinds import NoticeKind
from workflow.models.event import Event
from workflow.models.notice import Notice
from workflow.models.person import Mailbox, Person, Role

KIND = NoticeKind.OPERATIONS


def tell(db: Session, event: Event, *, now: datetime) -> int:
    """Every administrator who can be reached; how many mails that makes."""
    can_be_reached = (col(Person.is_active), col(Person.mailbox) == Mailbox.OPEN)
    query = select(col(Person.id)).where(col(Person.role) == Role.ADMINISTRATOR, *can_be_reached)
    for person_id in sorted(db.scalars(query)):
        db.add(
            Notice(
                key=f"O:{event.id}:{person_id}", kind=KIND.value, severity=KIND.severity, event_id=event.id,
                person_id=person_id, night_on=event.on, bundle=f"O:{event.id}:{person_id}",
            )
        )  # fmt: skip
    db.flush()
    return bundle(db, col(Notice.event_id) == event.id, now=now, send_at=now)
