"""Stopping all mail by hand, and letting it go again. Nothing is lost: mails wait in the outbox."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from workflow import audit
from workflow.bundles import USE_WITHIN
from workflow.desk import Desk
from workflow.models.message import Message
from workflow.models.pause import SendingPause
from workflow.outbox import OPEN


def paused(db: Session) -> SendingPause | None:
    return db.get(SendingPause, "sending")


def pause(desk: Desk, reason: str) -> SendingPause:
    """Idempotent: the first pause and its reason stand."""
    standing = paused(desk.db)
    if standing is not None:
        return standing
    row = SendingPause(since_at=desk.now, actor=desk.actor.name, reason=reason)
    desk.db.add(row)
    audit.record(desk.db, desk.actor, "sending.pause", at=desk.now, on=desk.today, reason=reason)
    return row


def unpause(desk: Desk) -> timedelta | None:
    """How long it lasted. Mails that waited get that time back: a pause makes none of them stale."""
    standing = paused(desk.db)
    if standing is None:
        return None
    lasted = desk.now - standing.since_at
    desk.db.delete(standing)
    waiting = col(Message.status).in_(OPEN)
    desk.db.execute(update(Message).where(waiting).values(use_by_at=desk.now + USE_WITHIN))
    audit.record(desk.db, desk.actor, "sending.unpause", at=desk.now, on=desk.today, reason=standing.reason)
    return lasted
