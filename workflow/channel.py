"""The mail channel as a whole: stopped when nothing can go this way, tried again with growing pauses.

A stop costs no mail an attempt: all wait unchanged, one of them tries when the pause is over, and the
first that goes through lets the others follow. Mails that waited get that time back.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar

from sqlalchemy import update
from sqlmodel import Session, col

from workflow import audit, operations
from workflow.access import SYSTEM
from workflow.bundles import USE_WITHIN
from workflow.desk import Desk
from workflow.errors import RoleNotAllowed, WorkflowError
from workflow.models.channel_stop import ChannelStop
from workflow.models.message import Message
from workflow.models.person import Role
from workflow.outbox import OPEN

PAUSES = (1, 2, 5, 10, 15)  # minutes
LONGEST = 500
QUIET = timedelta(minutes=15)  # a relay that restarted is no news


class ChannelRuns(WorkflowError):
    """There is nothing to release."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Kênh gửi thư không dừng.",
        "en": "The mail channel is not stopped.",
    }


def stopped(db: Session) -> ChannelStop | None:
    return db.get(ChannelStop, "mail")


def stop(db: Session, *, at: datetime, on: date, response: str, needs_operator: bool) -> None:
    """Journalled when it begins; each failed try afterwards only makes the next pause longer."""
    said = response[:LONGEST]
    row = stopped(db)
    if row is None:
        row = ChannelStop(since_at=at, retry_at=at, failures=0, needs_operator=needs_operator, response=said)
        detail = {"needs_operator": needs_operator}
        audit.record(db, SYSTEM, "channel.stop", at=at, on=on, reason=said, detail=detail)
    row.failures += 1
    row.retry_at = at + timedelta(minutes=PAUSES[min(row.failures, len(PAUSES)) - 1])
    row.needs_operator, row.response = needs_operator, said
    db.add(row)


def restore(db: Session, *, at: datetime, on: date) -> None:
    """A mail went through. Administrators are told what was, now that they can be."""
    row = stopped(db)
    if row is None:
        return
    db.delete(row)
    waiting = col(Message.status).in_(OPEN)
    db.execute(
        update(Message).where(waiting).values(use_by_at=at + USE_WITHIN),
        execution_options={"synchronize_session": False},
    )
    detail = {"since_at": row.since_at.isoformat(), "failures": row.failures}
    event = audit.record(db, SYSTEM, "channel.restore", at=at, on=on, reason=row.response, detail=detail)
    if row.needs_operator or at - row.since_at >= QUIET:
        operations.tell(db, event, now=at)


def retry_now(desk: Desk) -> ChannelStop:
    """An operator has repaired something: the next mail tries at once."""
    if desk.actor.role is not Role.ADMINISTRATOR and not desk.actor.is_system:
        raise RoleNotAllowed(
            actor=desk.actor.name,
            move={"vi": "thử lại kênh gửi thư", "en": "retry the mail channel"},
            code="dondoc",
            allowed={"vi": "Quản trị", "en": "Administrator"},
        )
    row = stopped(desk.db)
    if row is None:
        raise ChannelRuns
    row.retry_at = row.since_at
    desk.db.add(row)
    audit.record(desk.db, desk.actor, "channel.retry", at=desk.now, on=desk.today, reason=row.response)
    return row
