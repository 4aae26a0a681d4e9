"""The rules in force, read anew only when a version was published: one small query a page."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.lifecycle import Lifecycle
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.policy import Policy
from workflow.standing import AsOf, as_of


@dataclass(frozen=True)
class Rules:
    """`policies` and `lifecycles` are every version, by id: obligations and directives are pinned to one."""

    today: date
    as_of: AsOf
    policy: Policy
    calendar: WorkingCalendar
    policies: dict[int, Policy]
    lifecycles: dict[int, Lifecycle]
    lifecycle: Lifecycle

    def of_directive(self, lifecycle_id: int | None) -> Lifecycle:
        """A draft is not pinned yet: it will follow what is in force."""
        return self.lifecycles[lifecycle_id] if lifecycle_id is not None else self.lifecycle


_READ: dict[tuple[Any, ...], Rules] = {}


def rules(db: Session, now: datetime) -> Rules:
    columns: tuple[Any, ...] = (
        col(RuleVersion.id), col(RuleVersion.kind), col(RuleVersion.version), col(RuleVersion.is_active),
    )  # fmt: skip
    versions = tuple(tuple(row) for row in db.execute(select(*columns).order_by(col(RuleVersion.id))))
    if versions not in _READ:
        _READ.clear()
        _READ[versions] = _read(db, versions, now)
    known = _READ[versions]
    today = rulebook.local_day(now, known.policy.zone)
    return known if today == known.today else replace(known, today=today, as_of=_on(known, today))


def _read(db: Session, versions: tuple[Any, ...], now: datetime) -> Rules:
    policy = rulebook.active_policy(db)
    today = rulebook.local_day(now, policy.zone)
    ids = {kind: [row[0] for row in versions if row[1] is kind] for kind in RuleKind}
    return Rules(
        today=today,
        as_of=as_of(db, today),
        policy=policy,
        calendar=rulebook.active_calendar(db),
        policies={one: rulebook.policy(db, one) for one in ids[RuleKind.POLICY]},
        lifecycles={one: rulebook.lifecycle(db, one) for one in ids[RuleKind.LIFECYCLE]},
        lifecycle=rulebook.lifecycle(db, rulebook.active(db, RuleKind.LIFECYCLE).id),
    )


def _on(known: Rules, today: date) -> AsOf:
    """The same rules on another day: only what is near moves."""
    soon = known.as_of.calendar.shift(today, known.policy.due_soon + 1) - timedelta(days=1)
    return replace(known.as_of, today=today, soon_until=soon)
