"""Mails about the installation itself: one for each event, through the outbox."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.bundles import bundle
from workflow.kinds import NoticeKind
from workflow.models.event import Event
from workflow.models.notice import Notice
from workflow.models.person import Mailbox, Person, Role

KIND = NoticeKind.OPERATIONS


def tell(db: Session, event: Event, *, now: datetime, to: Iterable[int] | None = None) -> int:
    """To these people, or to every administrator who can be reached; how many mails that makes."""
    for person_id in sorted(administrators(db) if to is None else to):
        key = f"O:{event.id}:{person_id}"
        db.add(
            Notice(
                key=key, kind=KIND.value, severity=KIND.severity, event_id=event.id,
                person_id=person_id, night_on=event.on, bundle=key,
            )
        )  # fmt: skip
    db.flush()
    return bundle(db, col(Notice.event_id) == event.id, now=now, send_at=now)


def administrators(db: Session) -> set[int]:
    can_be_reached = (col(Person.is_active), col(Person.mailbox) == Mailbox.OPEN)
    return set(
        db.scalars(select(col(Person.id)).where(col(Person.role) == Role.ADMINISTRATOR, *can_be_reached))
    )
