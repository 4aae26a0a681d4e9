"""The rules that held on the evening of a day: what is near, what is done, and which versions said so."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook, standing
from workflow.calendar import WorkingCalendar
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.moves import Phase
from workflow.words import Texts, pair

CLOSE_NOT_DONE = "close_not_done"


@dataclass(frozen=True)
class RulesOn:
    """`soon_until` is the last due day that counts as near; `calendar` counts days as the policy does."""

    on: date
    soon_until: date
    calendar: WorkingCalendar
    phases: dict[str, Phase]
    states: dict[str, Texts]
    done: frozenset[str]
    not_done: frozenset[str]
    policy: Texts
    calendar_version: Texts

    def states_in(self, *phases: Phase) -> list[str]:
        return sorted(name for name, phase in self.phases.items() if phase in phases)


_READ: dict[tuple[Any, ...], dict[tuple[date, date], RulesOn]] = {}
KEPT = 64


def rules_on(db: Session, on: date, today: date) -> RulesOn:
    """For `today` the active versions; for an earlier day those published last by its evening.

    Read anew only when a version was published: else one small question.
    """
    columns: tuple[Any, ...] = (
        col(RuleVersion.id), col(RuleVersion.kind), col(RuleVersion.version), col(RuleVersion.is_active),
        col(RuleVersion.published_at),
    )  # fmt: skip
    versions = tuple(tuple(row) for row in db.execute(select(*columns).order_by(col(RuleVersion.id))))
    if versions not in _READ or len(_READ[versions]) > KEPT:
        _READ.clear()
    days = _READ.setdefault(versions, {})
    if (on, today) not in days:
        days[on, today] = _read(db, on, today)
    return days[on, today]


def _read(db: Session, on: date, today: date) -> RulesOn:
    policy_row = _version(db, RuleKind.POLICY, on, today)
    calendar_row = _version(db, RuleKind.CALENDAR, on, today)
    policy = rulebook.policy(db, policy_row.id)
    calendar = policy.counted(rulebook.calendar(db, calendar_row.id))
    now = standing.as_of(db, on)
    return RulesOn(
        on=on,
        soon_until=calendar.shift(on, policy.due_soon + 1) - timedelta(days=1),
        calendar=calendar,
        phases=now.phases,
        states=now.states,
        done=now.done,
        not_done=_not_done(db),
        policy=_named(policy_row, pair("chính sách", "policy")),
        calendar_version=_named(calendar_row, pair("lịch", "calendar")),
    )


def _version(db: Session, kind: RuleKind, on: date, today: date) -> RuleVersion:
    active = rulebook.active(db, kind)
    if on >= today:
        return active
    zone = rulebook.active_policy(db).zone
    query = select(RuleVersion).where(col(RuleVersion.kind) == kind, col(RuleVersion.name) == active.name)
    rows = list(db.scalars(query.order_by(col(RuleVersion.published_at), col(RuleVersion.id))))
    known = [row for row in rows if rulebook.local_day(row.published_at, zone) <= on]
    return (known or rows[:1])[-1]


def _named(row: RuleVersion, what: Texts) -> Texts:
    said = f"{row.name} {row.number} ({row.version[:8]})"
    return pair(f"{what['vi']} {said}", f"{what['en']} {said}")


def _not_done(db: Session) -> frozenset[str]:
    query = select(col(RuleVersion.id)).where(col(RuleVersion.kind) == RuleKind.LIFECYCLE)
    known = [rulebook.lifecycle(db, version_id) for version_id in db.scalars(query)]
    return frozenset(move.to for one in known for move in one.moves if move.name == CLOSE_NOT_DONE)
