"""The ledger of obligations: what their clocks said before, who was told what, which mails carried it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.models.event import Event
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.obligation_past import ObligationPast
from workflow.models.person import Person

CHUNK = 500
Midnight = Callable[[date], datetime]


@dataclass(frozen=True)
class Stretch:
    """From one change to the next nothing of this obligation moved."""

    from_at: datetime
    until_at: datetime | None
    due_on: date
    due_version: int
    span_days: int
    status: ObligationStatus
    policy_id: int

    def covers(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


@dataclass(frozen=True)
class Line:
    """One notice; `mark` says which step it tells: R:-5, L:1, W:2026-07. `by_hand`: an act wrote it."""

    mark: str
    version: int
    night: date
    due_on: date | None
    status: NoticeStatus
    reason: str | None
    run_id: int | None
    by_hand: bool
    person: str | None
    message_id: int | None
    message_status: MessageStatus | None
    handed_over_at: datetime | None


@dataclass(frozen=True)
class Raised:
    """A level somebody, or a sweep, raised."""

    level: int
    at: datetime
    on: date
    by_hand: bool


@dataclass
class Account:
    obligation: Obligation
    known_at: datetime
    pasts: list[ObligationPast] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)

    def stretches(self) -> list[Stretch]:
        found, since = [], self.known_at
        for past in self.pasts:
            found.append(_stretch(past, since, past.until_at))
            since = max(since, past.until_at)
        return [*found, _stretch(self.obligation, since, None)]

    def at(self, instant: datetime) -> Stretch | None:
        """None before the obligation was known."""
        return next((one for one in self.stretches() if one.covers(instant)), None)

    def of(self, mark: str, version: int) -> list[Line]:
        return [line for line in self.lines if line.mark == mark and line.version == version]


def _stretch(told: Obligation | ObligationPast, since: datetime, until: datetime | None) -> Stretch:
    return Stretch(
        since, until, told.due_on, told.due_version, told.span_days, told.status, told.policy_id
    )  # fmt: skip


def accounts(db: Session, obligations: Iterable[Obligation], midnight: Midnight) -> list[Account]:
    """What the ledger holds on each; `midnight(day)` is the instant a local day begins."""
    waiting = list(obligations)
    found: list[Account] = []
    for start in range(0, len(waiting), CHUNK):
        found += _chunk(db, waiting[start : start + CHUNK], midnight)
    return found


def _chunk(db: Session, obligations: list[Obligation], midnight: Midnight) -> list[Account]:
    known = {one.id: Account(one, one.opened_at or midnight(one.opened_on)) for one in obligations}
    ids = sorted(known)
    pasts = select(ObligationPast).where(col(ObligationPast.obligation_id).in_(ids))
    for past in db.scalars(pasts.order_by(col(ObligationPast.id))):
        known[past.obligation_id].pasts.append(past)
    for obligation_id, line in _lines(db, ids):
        known[obligation_id].lines.append(line)
    for obligation_id, raised in _raised(db, ids):
        known[obligation_id].raised.append(raised)
    return list(known.values())


def _lines(db: Session, ids: list[int]) -> Iterable[tuple[int, Line]]:
    columns: tuple[Any, ...] = (
        Notice, col(Person.name), col(Message.id), col(Message.status), col(Message.handed_over_at),
    )  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(Person, col(Person.id) == col(Notice.person_id))
        .outerjoin(Message, col(Message.key) == col(Notice.bundle))
        .where(col(Notice.obligation_id).in_(ids))
        .order_by(col(Notice.id))
    )
    for notice, person, message_id, status, at in db.execute(query):
        yield (
            notice.obligation_id,
            Line(
                mark=":".join(notice.key.split(":")[:2]),
                version=notice.due_version,
                night=notice.night_on,
                due_on=notice.due_on,
                status=notice.status,
                reason=notice.reason,
                run_id=notice.sweep_run_id,
                by_hand=notice.event_id is not None,
                person=person,
                message_id=message_id,
                message_status=status,
                handed_over_at=at,
            ),
        )


def _raised(db: Session, ids: list[int]) -> Iterable[tuple[int, Raised]]:
    query = select(Event).where(
        col(Event.obligation_id).in_(ids),
        col(Event.act).in_(["climb", "escalate"]),
        col(Event.level).is_not(None),
    )
    for event in db.scalars(query.order_by(col(Event.id))):
        assert event.obligation_id is not None
        assert event.level is not None
        yield event.obligation_id, Raised(event.level, event.at, event.on, event.act == "escalate")


def by_directive(found: Iterable[Account]) -> dict[int, list[Account]]:
    groups: dict[int, list[Account]] = defaultdict(list)
    for one in found:
        groups[one.obligation.directive_id].append(one)
    return groups
