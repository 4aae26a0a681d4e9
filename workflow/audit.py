"""The journal of acts and the chain that seals it.

Events are appended in the transaction of the act. The sealer hashes them in batches:
`hash = SHA-256(previous hash, SHA-256(canonical row), SHA-256(canonical row), …)`: a row may be shown by its
digest alone and the chain still be checked. An edited, deleted, inserted or
swapped row breaks its link; removing the newest links is found with an anchor kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.models.event import Event, Seal

GENESIS = "0" * 64
BATCH = 5_000
BEFORE_ALL = -(2**62)
"""Ids begin at 1; a row slipped in below them belongs to the first link, which then does not hold."""
FIELDS = (
    "id", "at", "on", "actor", "person_id", "act", "directive_id", "obligation_id",
    "from_state", "to_state", "due_on", "level", "reason", "detail",
)  # fmt: skip


def record(db: Session, actor: Actor, act: str, *, at: datetime, on: date, **facts: Any) -> Event:
    """Append one event; `facts` are the remaining columns of `Event`."""
    event = Event(at=at, on=on, actor=actor.name, person_id=actor.person_id, act=act, **facts)
    db.add(event)
    db.flush()
    return event


def canonical(event: Event) -> bytes:
    """One event as bytes that do not depend on the database or on key order."""
    row = {name: _plain(getattr(event, name)) for name in FIELDS}
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(event: Event) -> str:
    return hashlib.sha256(canonical(event)).hexdigest()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def seal(db: Session, now: datetime) -> Seal | None:
    """Seal what is not sealed yet, at most one batch; None when there is nothing to seal."""
    hold_writers(db)
    last = db.scalar(select(Seal).order_by(col(Seal.id).desc()).limit(1))
    after, previous = (last.last_event_id, last.hash) if last else (0, GENESIS)
    query = select(Event).where(col(Event.id) > after).order_by(col(Event.id)).limit(BATCH)
    events = list(db.scalars(query))
    if not events:
        return None
    link = Seal(
        first_event_id=events[0].id,
        last_event_id=events[-1].id,
        count=len(events),
        previous_hash=previous,
        hash=_link(previous, events),
        sealed_at=now,
    )
    db.add(link)
    db.flush()
    return link


def hold_writers(db: Session) -> None:
    """PostgreSQL hands out ids before commit: without this a late commit could slip below the seal."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE"))


def _link(previous: str, events: list[Event]) -> str:
    digest = hashlib.sha256(previous.encode())
    for event in events:
        digest.update(digest_of(event).encode() + b"\n")
    return digest.hexdigest()


@dataclass(frozen=True)
class Verdict:
    """`broken`: sentences naming the links that do not hold; empty means the journal is intact."""

    events: int
    unsealed: int
    head: str
    broken: tuple[dict[str, str], ...]

    @property
    def intact(self) -> bool:
        return not self.broken


def verify(db: Session, anchors: dict[int, str] | None = None) -> Verdict:
    """Recompute the whole chain; `anchors` maps a last event id to the head hash noted elsewhere."""
    broken, previous, last_id, seen = [], GENESIS, 0, 0
    heads: dict[int, str] = {}
    for link, events in _links(db):
        broken += _faults(link, events, previous, last_id)
        previous, last_id, seen = link.hash, link.last_event_id, seen + len(events)
        heads[link.last_event_id] = link.hash
    for event_id, head in (anchors or {}).items():
        if heads.get(event_id) != head:
            broken.append(_anchor_fault(event_id))
    unsealed = db.scalar(select(func.count()).select_from(Event).where(col(Event.id) > last_id)) or 0
    return Verdict(seen + unsealed, unsealed, previous, tuple(broken))


def _links(db: Session) -> Iterator[tuple[Seal, list[Event]]]:
    after = BEFORE_ALL
    for link in db.scalars(select(Seal).order_by(col(Seal.id))):
        rows = select(Event).where(col(Event.id) > after, col(Event.id) <= link.last_event_id)
        yield link, list(db.scalars(rows.order_by(col(Event.id)).execution_options(populate_existing=True)))
        after = link.last_event_id


def _faults(link: Seal, events: list[Event], previous: str, last_id: int) -> list[dict[str, str]]:
    span = f"{link.first_event_id}–{link.last_event_id}"
    if link.previous_hash != previous or link.first_event_id <= last_id:
        return [_fault(span, "mắt xích trước không khớp", "the link before it does not match")]
    if len(events) != link.count:
        return [
            _fault(
                span, f"còn {len(events)} trên {link.count} dòng", f"{len(events)} of {link.count} rows left"
            )
        ]
    if _link(previous, events) != link.hash:
        return [_fault(span, "nội dung đã bị sửa", "a row was changed")]
    return []


def _fault(span: str, vi: str, en: str) -> dict[str, str]:
    return {"vi": f"Sự kiện {span}: {vi}.", "en": f"Events {span}: {en}."}


def _anchor_fault(event_id: int) -> dict[str, str]:
    return {
        "vi": f"Dấu neo tại sự kiện {event_id} không còn trong nhật ký: phần cuối đã bị cắt hoặc dựng lại.",
        "en": f"The anchor at event {event_id} is no longer in the journal: its end was cut off or rebuilt.",
    }
