"""Calls as an outbox: claimed under a lease, their bodies frozen, sent outside, settled by token.

A call whose outcome is unknown goes again under the same id with the same body.
"""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.person import Person
from workflow.models.sweep_run import SweepRun
from workflow.models.webhook import CallSource, CallStatus, Webhook, WebhookCall
from workflow.statements import changed
from workflow.store import messages, sweeps
from workflow.webhooks import Kind, end

LEASE = timedelta(seconds=60)
AT_ONCE = 20
BACK_OFF = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000)
KEPT = timedelta(days=30)
ACTS = {"draft": Kind.DRAFTED, "correct": Kind.DRAFTED, "issue": Kind.ISSUED, "climb": Kind.OVERDUE}
FACTS = ("act", "actor", "at", "on", "from_state", "to_state", "due_on", "level")


@dataclass(frozen=True)
class Due:
    """One call to make now. `sealed` is the secret as kept."""

    call_id: int
    token: int
    attempts: int
    url: str
    sealed: str
    body: str

    @property
    def header_id(self) -> str:
        return f"msg_{self.call_id}"


def claim(db: Session, now: datetime) -> tuple[list[Due], bool]:
    """Those that may be sent now, leased to the caller; and whether there may be more. `now`: the machine's clock."""
    due: list[Due] = []
    waiting = _waiting(db, now)
    for call, hook in waiting:
        if call.body is None and not _prepare(db, call, hook, now):
            call.status, call.lease_until = CallStatus.DROPPED, None
        else:
            call.status, call.lease_until = CallStatus.SENDING, now + LEASE
            call.token, call.attempts = call.token + 1, call.attempts + 1
            due.append(Due(call.id, call.token, call.attempts, hook.url, hook.secret, call.body or ""))
        db.add(call)
    return due, len(waiting) == AT_ONCE


def _waiting(db: Session, now: datetime) -> list[tuple[WebhookCall, Webhook]]:
    pending = and_(
        col(WebhookCall.status) == CallStatus.PENDING,
        or_(col(WebhookCall.next_attempt_at).is_(None), col(WebhookCall.next_attempt_at) <= now),
    )
    left = and_(col(WebhookCall.status) == CallStatus.SENDING, col(WebhookCall.lease_until) < now)
    columns: tuple[Any, ...] = (WebhookCall, Webhook)
    query = (
        select(*columns)
        .join(Webhook, col(Webhook.id) == col(WebhookCall.webhook_id))
        .where(or_(pending, left), col(Webhook.ended_at).is_(None))
        .order_by(col(WebhookCall.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=WebhookCall)
    )
    return [(call, hook) for call, hook in db.execute(query)]


def _prepare(db: Session, call: WebhookCall, hook: Webhook, now: datetime) -> bool:
    """Freeze the body; False for what was not asked for, or is not the owner's to see."""
    person = db.get_one(Person, hook.person_id)
    told = _told(db, access.person_as_actor(db, person), call) if person.is_active else None
    if told is None or (told[0] is not Kind.TEST and told[0] not in hook.events):
        return False
    kind, data = told
    call.kind, call.created_at = kind.value, now
    said = {"type": kind.value, "timestamp": now.isoformat(), "data": data}
    call.body = json.dumps(said, ensure_ascii=False, default=_plain)
    return True


def _told(db: Session, owner: Actor, call: WebhookCall) -> tuple[Kind, dict[str, Any]] | None:
    try:
        match call.source:
            case CallSource.EVENT:
                return _of_event(db, owner, db.get_one(Event, call.source_id))
            case CallSource.MESSAGE:
                return Kind.DEAD, _of_message(messages.get(db, owner, call.source_id).message)
            case CallSource.SWEEP_RUN:
                return Kind.SWEPT, _of_run(sweeps.get(db, owner, run_id=call.source_id))
            case CallSource.TEST:
                return Kind.TEST, {"webhook": call.webhook_id}
    except NotFound:
        return None


def _of_event(db: Session, owner: Actor, event: Event) -> tuple[Kind, dict[str, Any]] | None:
    """A code and facts, never the words of a directive: a body may be kept by anybody."""
    mine = select(Directive).where(col(Directive.id) == event.directive_id, access.visible(owner))
    directive = db.scalar(mine)
    if directive is None:
        return None
    facts = {name: getattr(event, name) for name in FACTS}
    return ACTS.get(event.act, Kind.MOVED), {"event": event.id, "directive": directive.code, **facts}


def _of_message(message: Message) -> dict[str, Any]:
    return {"message": message.id, "kind": message.kind, "status": message.status, "reason": message.reason}


def _of_run(run: SweepRun) -> dict[str, Any]:
    return {
        "night": run.night_on, "open": run.open_count, "looked_at": run.looked_at_count,
        "messages": run.message_count, "held": run.held_count,
    }  # fmt: skip


def delivered(db: Session, due: Due, now: datetime, response: str) -> bool:
    return _settle(db, due, status=CallStatus.DELIVERED, delivered_at=now, response=response[:300])


def failed(db: Session, due: Due, now: datetime, response: str) -> bool:
    """Again later, further apart each time; in the end dead, and visible."""
    if due.attempts > len(BACK_OFF):
        return _settle(db, due, status=CallStatus.DEAD, response=response[:300])
    later = now + timedelta(seconds=BACK_OFF[due.attempts - 1] * random.uniform(1.0, 1.2))
    return _settle(db, due, status=CallStatus.PENDING, next_attempt_at=later, response=response[:300])


def gone(db: Session, due: Due, now: datetime) -> None:
    """The receiver said 410: it wants no more."""
    if _settle(db, due, status=CallStatus.DEAD, response="410"):
        call = db.get_one(WebhookCall, due.call_id)
        end(db, db.get_one(Webhook, call.webhook_id), now)


def forget_old(db: Session, now: datetime) -> int:
    """Dropped ones soon, delivered ones after a month; dead ones stay."""
    done = col(WebhookCall.status) == CallStatus.DELIVERED
    old = and_(done, col(WebhookCall.delivered_at) < now - KEPT)
    return changed(db, delete(WebhookCall).where(or_(old, col(WebhookCall.status) == CallStatus.DROPPED)))


def _settle(db: Session, due: Due, **values: Any) -> bool:
    mine = and_(
        col(WebhookCall.id) == due.call_id,
        col(WebhookCall.token) == due.token,
        col(WebhookCall.status) == CallStatus.SENDING,
    )
    return changed(db, update(WebhookCall).where(mine).values(lease_until=None, **values)) == 1


def _plain(value: Any) -> str:
    return str(value.isoformat())
