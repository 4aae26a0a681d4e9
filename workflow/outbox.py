"""The claim protocol: lease, fencing token, re-check under the directive's lock, outcome.

Whoever claims a message owns it until the lease ends; the token grows with each claim, so a result
written by an overtaken owner changes nothing. Dates and retries follow the civil clock (`at`);
leases follow the lease clock (`real`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, or_, select, text, tuple_, update
from sqlmodel import Session, col

from workflow import outcomes
from workflow.models.channel_stop import ChannelStop
from workflow.models.directive import Directive
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.pause import SendingPause
from workflow.outcomes import BEING_SENT, Handed
from workflow.pacing import NO_LIMIT, TRY_AGAIN, Pace
from workflow.statements import changed, is_postgresql

LEASE = timedelta(seconds=90)
PARK_AFTER = 3
Row = TypeVar("Row")
OPEN = (MessageStatus.PENDING, MessageStatus.SENDING)


@dataclass(frozen=True)
class Line:
    """One notice with what is true about it now."""

    notice: Notice
    directive: Directive | None
    obligation: Obligation | None


@dataclass(frozen=True)
class Claimed:
    message: Message
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Claim:
    """`looked_at` counts all messages of the claim, also those cancelled, expired or delayed on the spot.

    `is_trial`: the channel is stopped, and this one message finds out whether it carries again.
    `settled` were handed over by a sender that died before it could say so.
    """

    leased: list[Claimed]
    looked_at: int
    delayed: int = 0
    is_trial: bool = False
    settled: int = 0


Recall = Callable[[Sequence[Message]], Iterable[Handed]]


def nothing_known(_left: Sequence[Message]) -> Iterable[Handed]:
    return ()


def claim(
    db: Session, *, at: datetime, real: datetime, limit: int, pace: Pace = NO_LIMIT, recall: Recall = nothing_known
) -> Claim:  # fmt: skip
    """Lease up to `limit` messages that are due, drop what is no longer wanted, keep the rest.

    A message whose every line was dropped is cancelled here. The caller renders the returned ones
    and commits; until then the directives are locked against being closed. `recall` says which of the
    messages that a sender left behind had been taken by the relay: those are settled, not sent again.
    """
    stop = db.get(ChannelStop, "mail")
    if db.get(SendingPause, "sending") is not None or (stop is not None and stop.retry_at > at):
        return Claim([], 0)
    found = list(db.scalars(_due(at, real, pace.left(db, at, 1 if stop else limit))))
    messages = _unsettled(db, found, recall)
    late = pace.too_many(db, at, messages)
    lines = _lines(db, messages)
    claimed, delayed = [], 0
    for message in messages:
        own = lines[message.key]
        kept = tuple(line for line in own if _keep(line))
        if message.use_by_at <= at:
            _close(message, MessageStatus.EXPIRED, "use_by")
        elif not kept:
            cancel(message, "maybe_sent" if message.mime else "nothing_left")
        elif message.id in late:
            _delay(message, at)
            delayed += 1
        else:
            _lease(message, real)
            claimed.append(Claimed(message, kept))
    settled = len(found) - len(messages)
    return Claim(claimed, len(found), delayed, is_trial=stop is not None, settled=settled)


def _unsettled(db: Session, found: list[Message], recall: Recall) -> list[Message]:
    """A sender that dies between the 250 and its mark leaves a leased row; what is known of it is written first."""
    left = [message for message in found if message.status is MessageStatus.SENDING]
    handed = list(recall(left)) if left else []
    if handed:
        outcomes.hand_over_group(db, handed)
    settled = {one.id for one in handed}
    return [message for message in found if message.id not in settled]


def _due(at: datetime, real: datetime, limit: int) -> Select[Message]:
    free = or_(col(Message.lease_until).is_(None), col(Message.lease_until) <= real)
    query = select(Message).where(col(Message.status).in_(OPEN), col(Message.next_attempt_at) <= at, free)
    return (
        query.order_by(col(Message.next_attempt_at), col(Message.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _lines(db: Session, messages: Sequence[Message]) -> dict[str, list[Line]]:
    """Lines by the key of their message, of all messages; their directives are locked in id order, so closing waits for us or we for it."""
    keys = [message.key for message in messages]
    notices = list(
        db.scalars(
            select(Notice)
            .where(col(Notice.bundle).in_(keys), col(Notice.status) == NoticeStatus.WANTED)
            .order_by(col(Notice.id))
        )
    )
    directives = _locked_directives(db, {notice.directive_id for notice in notices if notice.directive_id})
    wanted = {notice.obligation_id for notice in notices if notice.obligation_id}
    obligations = {
        one.id: one
        for one in db.scalars(_fresh(select(Obligation).where(col(Obligation.id).in_(sorted(wanted)))))
    }
    lines = defaultdict(list)
    for notice in notices:
        line = Line(
            notice, directives.get(notice.directive_id or 0), obligations.get(notice.obligation_id or 0)
        )
        lines[notice.bundle or ""].append(line)
    return lines


def _locked_directives(db: Session, ids: set[int]) -> dict[int, Directive]:
    if is_postgresql(db):
        db.execute(text("SET LOCAL lock_timeout = '2s'"))
    query = select(Directive).where(col(Directive.id).in_(sorted(ids))).order_by(col(Directive.id))
    return {one.id: one for one in db.scalars(_fresh(query.with_for_update(read=True)))}


def _fresh(query: Select[Row]) -> Select[Row]:
    return query.execution_options(populate_existing=True)


def _keep(line: Line) -> bool:
    reason = unwanted(line)
    if reason is not None:
        line.notice.status, line.notice.reason = NoticeStatus.DROPPED, reason
    return reason is None


def unwanted(line: Line) -> str | None:
    """Why this line must not be told any more, or None when it must.

    A notice of an act (it names its event) stays true whatever came later, except an issue or a
    reassignment to an agency that no longer leads. A notice of the clock needs its obligation to run
    still, under the same due version.
    """
    notice, obligation, directive = line.notice, line.obligation, line.directive
    if obligation is not None:
        if obligation.status is not ObligationStatus.RUNNING:
            return f"obligation_{obligation.status.value}"
        return "due_date_moved" if obligation.due_version != notice.due_version else None
    if directive is not None and notice.kind == "issued" and directive.closed_on is not None:
        return "directive_closed"
    return None


def _close(message: Message, status: MessageStatus, reason: str) -> None:
    message.status, message.reason, message.lease_until = status, reason, None


def cancel(message: Message, reason: str) -> None:
    """Within the claim: nothing of it was or will be sent."""
    _close(message, MessageStatus.CANCELLED, reason)


def hold(message: Message, reason: str) -> None:
    """Within the claim: it stays, visibly, until somebody sends it again by hand."""
    _close(message, MessageStatus.HELD, reason)
    message.attempts -= 1


def _delay(message: Message, at: datetime) -> None:
    """The person has had enough for now; the time until the next try is given back."""
    message.reason = "rate_limit"
    message.next_attempt_at, message.use_by_at = at + TRY_AGAIN, message.use_by_at + TRY_AGAIN


def _lease(message: Message, real: datetime) -> None:
    message.status = MessageStatus.SENDING
    message.token += 1
    message.lease_until, message.reason = real + LEASE, None
    message.attempts += 1
    if message.mime is not None:
        message.repeats += 1


def renew(db: Session, leases: Iterable[tuple[int, int]], real: datetime) -> set[int]:
    """Keep what is still being sent: pairs of (message id, token). The ids that are still ours, and no others."""
    held = tuple_(col(Message.id), col(Message.token)).in_(sorted(leases))
    longer = update(Message).where(held, BEING_SENT).values(lease_until=real + LEASE)
    past_the_map = {"synchronize_session": False}
    return set(db.scalars(longer.returning(col(Message.id)), execution_options=past_the_map))


def park(message: Message, *, at: datetime, reason: str) -> None:
    """Within the claim: what cannot be rendered waits, and after `PARK_AFTER` tries is put aside, visibly."""
    done = message.attempts >= PARK_AFTER
    _close(message, MessageStatus.PARKED if done else MessageStatus.PENDING, reason)
    message.next_attempt_at = at + timedelta(minutes=outcomes.BACK_OFF[0])


def take_back(db: Session) -> int:
    """Where only one sender can exist, whatever is leased when it starts was left by a dead one."""
    left = col(Message.status) == MessageStatus.SENDING
    return changed(db, update(Message).where(left).values(lease_until=None))


def waiting(db: Session) -> int:
    """Messages not in a final state."""
    query = select(func.count()).select_from(Message).where(col(Message.status).in_(OPEN))
    return db.scalar(query) or 0
