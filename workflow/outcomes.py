"""What became of a message that was sent, written by whoever still owns it.

Every write names the token of its claim: an overtaken owner changes nothing.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, null, select, update
from sqlmodel import Session, col

from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.statements import changed, is_postgresql, update_each

BACK_OFF = (1, 5, 15, 60)
"""Minutes until the next attempt, by how many there were."""
BEING_SENT = col(Message.status) == MessageStatus.SENDING


@dataclass(frozen=True, slots=True)
class Handed:
    """The relay said 250 to this attempt. `climbs`: a line of it tells of a level."""

    id: int
    token: int
    at: datetime
    on: date
    response: str
    climbs: bool = True


def hand_over(db: Session, message_id: int, token: int, *, at: datetime, on: date, response: str) -> bool:
    """The relay said 250. False when somebody with a newer token owns the message now."""
    return hand_over_group(db, [Handed(message_id, token, at, on, response)]) == 1


def hand_over_group(db: Session, handed: Sequence[Handed]) -> int:
    """How many were still their sender's own; what somebody else has claimed since stays as it is."""
    rows = [
        {"id": one.id, "token": one.token, "handed_over_at": one.at, "response": one.response}
        for one in handed
    ]
    done = update_each(
        db, Message, rows, where=("id", "token"), standing=BEING_SENT,
        status=MessageStatus.HANDED_OVER, lease_until=None, reason=None,
    )  # fmt: skip
    for on in {one.on for one in handed if one.climbs}:
        ids = sorted(one.id for one in handed if one.on == on)
        mine = and_(col(Message.id).in_(ids), col(Message.status) == MessageStatus.HANDED_OVER)
        _settle_levels(db, mine, on)
    return done


def hand_over_all(db: Session, *, at: datetime, on: date) -> None:
    """A scratch copy has no relay: everything open counts as handed over at once."""
    pending = col(Message.status) == MessageStatus.PENDING
    _settle_levels(db, pending, on)
    db.execute(update(Message).where(pending).values(status=MessageStatus.HANDED_OVER, handed_over_at=at))


def retry(db: Session, message_id: int, token: int, *, at: datetime, attempts: int, response: str) -> bool:
    """Certainly not accepted: free the bytes (the next attempt tells the facts of its own day) and wait.

    Bytes that a relay may have taken earlier stay what they are.
    """
    minutes = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    later = at + timedelta(minutes=minutes * random.uniform(1.0, 1.2))
    return _settle(
        db, message_id, token,
        status=MessageStatus.PENDING, mime=_MAYBE_TAKEN, next_attempt_at=later, lease_until=None, response=response,
    )  # fmt: skip


# A mail sent again under the same Message-ID has the same bytes, whatever this attempt came to.
_MAYBE_TAKEN = case((col(Message.repeats) > 0, col(Message.mime)), else_=null())


def repeat(db: Session, message_id: int, token: int, *, at: datetime, response: str) -> bool:
    """Perhaps accepted: the same bytes go again, soon, under the same Message-ID."""
    return _settle(
        db, message_id, token,
        status=MessageStatus.PENDING, next_attempt_at=at, lease_until=None, response=response,
    )  # fmt: skip


def give_back(db: Session, message_id: int, token: int, *, response: str) -> bool:
    """The channel is broken, not this message: it waits unchanged and costs no attempt."""
    return _settle(
        db, message_id, token,
        status=MessageStatus.PENDING, mime=_MAYBE_TAKEN, lease_until=None, response=response,
        attempts=col(Message.attempts) - 1,
    )  # fmt: skip


def reject(db: Session, message_id: int, token: int, *, on: date, response: str) -> bool:
    """Refused for good. Levels settle too: a dead address must not stop the ladder."""
    done = _settle(
        db,
        message_id,
        token,
        status=MessageStatus.REJECTED,
        lease_until=None,
        response=response,
        reason="rejected",
    )
    if done:
        _settle_levels(db, col(Message.id) == message_id, on)
    return done


def _settle(db: Session, message_id: int, token: int, **values: object) -> bool:
    mine = and_(
        col(Message.id) == message_id,
        col(Message.token) == token,
        BEING_SENT,
    )
    return changed(db, update(Message).where(mine).values(**values)) == 1


def _settle_levels(db: Session, which: ColumnElement[bool], on: date) -> None:
    """A level counts as told from the day its first mail was handed over; the next gap starts there.

    Locked in id order: two senders whose groups tell of the same obligations must not wait for each other.
    """
    told = and_(
        which,
        col(Notice.bundle) == col(Message.key),
        col(Notice.status) == NoticeStatus.WANTED,
        col(Notice.obligation_id) == col(Obligation.id),
        col(Notice.level) == col(Obligation.level),
        col(Notice.due_version) == col(Obligation.due_version),
        col(Obligation.level_settled_on).is_(None),
    )
    if is_postgresql(db):
        ordered = select(col(Obligation.id)).where(told).order_by(col(Obligation.id))
        db.execute(ordered.with_for_update(of=Obligation))
    changed(db, update(Obligation).where(told).values(level_settled_on=on))
