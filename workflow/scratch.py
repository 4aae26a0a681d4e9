"""What is still open, held in memory for nights that are only supposed: read once, never written back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.supervision import Supervision
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.policy import Policy

RUNNING = col(Obligation.status) == ObligationStatus.RUNNING


@dataclass(slots=True)
class Owed:
    """One running obligation as it was read; where it stands later is told by the `Standing` it is kept under."""

    id: int
    directive_id: int
    code: str
    kind: ObligationKind
    ladder: str
    owed_by: int
    owed_to: int
    opened_on: date
    due_on: date
    due_version: int
    span: int
    level: int
    settled_on: date | None
    policy_id: int


class Standing(NamedTuple):
    """All obligations of one ladder that share these climb and are reminded together.

    `mailed_on`: the night that wrote the mail of the present level, until that mail is handed over.
    """

    level: int
    settled_on: date | None
    due_on: date
    mailed_on: date | None = None


@dataclass(slots=True)
class Rhythm:
    """A directive without a date; `since` is the latest period opened."""

    directive_id: int
    code: str
    rule: str
    since: date
    lead: int
    delegation: int
    due_version: int
    policy_id: int


Ladders = dict[tuple[int, str], dict[Standing, list[Owed]]]


@dataclass
class Scratch:
    """`told` and `swept` are the last nights that spoke and that passed at all; `known` the notices of old.

    `periods` are the periods of rhythms opened before: (directive, due version, day of opening).
    """

    calendar: WorkingCalendar
    active: Policy
    policies: dict[int, Policy]
    told: date | None
    swept: date | None
    ladders: Ladders = field(default_factory=dict)
    rhythms: list[Rhythm] = field(default_factory=list)
    known: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    periods: set[tuple[int, int, date]] = field(default_factory=set)
    newest: int = 0

    def put(self, one: Owed, mailed_on: date | None = None) -> None:
        standing = Standing(one.level, one.settled_on, one.due_on, mailed_on)
        self.ladders.setdefault((one.policy_id, one.ladder), {}).setdefault(standing, []).append(one)

    def open(self, one: Owed) -> None:
        """An obligation that only exists here; ids of real ones are positive."""
        self.newest -= 1
        one.id = self.newest
        self.put(one)

    def forget(self, one: Owed) -> None:
        """A new due version: nothing told of the old one counts."""
        for mark in [mark for owed_id, mark in self.known if owed_id == one.id]:
            del self.known[one.id, mark]

    def everything(self) -> Iterator[tuple[Standing, Owed]]:
        for ladder in self.ladders.values():
            for standing, owed in ladder.items():
                for one in owed:
                    yield standing, one

    def rearrange(self) -> None:
        """After dates or policies changed, before the first night."""
        known = list(self.everything())
        self.ladders = {}
        for standing, one in known:
            self.put(one, standing.mailed_on)


def load(source: Session, first: date, last: date, others: Iterable[Policy] = ()) -> Scratch:
    """Everything that can speak in these nights: what is due long after the last of them is left out."""
    active = rulebook.active_policy(source)
    told, swept = _nights(source, first)
    scratch = Scratch(rulebook.active_calendar(source), active, {}, told, swept)
    scratch.rhythms = list(_rhythms(source))
    pinned = {one.policy_id for one in scratch.rhythms}
    pinned |= set(source.scalars(select(col(Obligation.policy_id)).where(RUNNING).distinct()))
    scratch.policies = {version: rulebook.policy(source, version) for version in sorted(pinned)}
    farthest = last + _reach([active, *others, *scratch.policies.values()])
    on_their_way = _on_their_way(source, rulebook.local_instant(first, active.send_at, active.zone))
    for one in _owed(source, farthest):
        scratch.put(one, swept if one.id in on_their_way else None)
    scratch.known = _known(source)
    scratch.periods = _periods(source)
    return scratch


def _nights(source: Session, first: date) -> tuple[date | None, date | None]:
    done = (col(SweepRun.status) == SweepStatus.COMPLETED, col(SweepRun.night_on) < first)
    latest = select(func.max(col(SweepRun.night_on))).where(*done)
    return source.scalar(latest.where(col(SweepRun.told))), source.scalar(latest)


def _reach(policies: Iterable[Policy]) -> timedelta:
    """How long before its due day anybody hears of an obligation, with room for the longest holidays."""
    offsets = [rung.offset for one in policies for ladder in one.ladders.values() for rung in ladder.rungs]
    return timedelta(days=60 - 2 * min([0, *offsets]))


def _owed(source: Session, farthest: date) -> Iterator[Owed]:
    columns: tuple[Any, ...] = (
        Obligation.id, Obligation.directive_id, Directive.code, Obligation.kind, Obligation.ladder,
        Obligation.owed_by_id, Obligation.owed_to_id, Obligation.opened_on, Obligation.due_on,
        Obligation.due_version, Obligation.span_days, Obligation.level, Obligation.level_settled_on,
        Obligation.policy_id,
    )  # fmt: skip
    query = select(*columns).join(Directive, col(Directive.id) == col(Obligation.directive_id))
    for row in source.execute(query.where(RUNNING, col(Obligation.due_on) <= farthest)):
        yield Owed(*row)


def _on_their_way(source: Session, first_mail_at: datetime) -> set[int]:
    """Obligations whose present level is told by a mail that has not left yet and still may."""
    query = (
        select(col(Obligation.id))
        .join(Notice, col(Notice.obligation_id) == col(Obligation.id))
        .join(Message, col(Message.key) == col(Notice.bundle))
        .where(RUNNING, col(Obligation.level) > 0, col(Obligation.level_settled_on).is_(None))
        .where(col(Notice.level) == col(Obligation.level), col(Notice.status) == NoticeStatus.WANTED)
        .where(col(Notice.due_version) == col(Obligation.due_version))
        .where(col(Message.status).in_([MessageStatus.PENDING, MessageStatus.SENDING]))
        .where(col(Message.use_by_at) > first_mail_at)
    )
    return set(source.scalars(query))


def _known(source: Session) -> dict[tuple[int, str], set[int]]:
    """Who has been told which rung or level of this due version: a notice is written once, by its key."""
    columns: tuple[Any, ...] = (Notice.obligation_id, Notice.key, Notice.person_id)
    same = and_(col(Obligation.id) == col(Notice.obligation_id), RUNNING)
    query = (
        select(*columns)
        .join(Obligation, and_(same, col(Obligation.due_version) == col(Notice.due_version)))
        .where(col(Notice.person_id).is_not(None))
        .where(or_(col(Notice.key).like("R:%"), col(Notice.key).like("L:%")))
    )
    found: dict[tuple[int, str], set[int]] = {}
    for obligation_id, key, person_id in source.execute(query):
        found.setdefault((obligation_id, key.rsplit(":", 3)[0]), set()).add(person_id)
    return found


def _is_in_rhythm() -> tuple[Any, ...]:
    return (
        col(Directive.rhythm).is_not(None),
        col(Directive.rhythm_on).is_not(None),
        col(Directive.closed_on).is_(None),
        col(Directive.state_before_pause).is_(None),
    )


def _rhythms(source: Session) -> Iterator[Rhythm]:
    columns: tuple[Any, ...] = (
        Directive.id, Directive.code, Directive.rhythm, Directive.rhythm_on, Directive.lead_id,
        Supervision.delegation_id, Directive.due_version, Directive.policy_id,
    )  # fmt: skip
    query = select(*columns).join(Supervision, col(Supervision.id) == col(Directive.supervision_id))
    for row in source.execute(query.where(*_is_in_rhythm())):
        yield Rhythm(*row)


def _periods(source: Session) -> set[tuple[int, int, date]]:
    columns: tuple[Any, ...] = (Obligation.directive_id, Obligation.due_version, Obligation.opened_on)
    query = (
        select(*columns)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(col(Obligation.ladder) == "periodic", *_is_in_rhythm())
        .where(col(Obligation.opened_on) >= col(Directive.rhythm_on))
    )
    return {(directive, version, opened_on) for directive, version, opened_on in source.execute(query)}
