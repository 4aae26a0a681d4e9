"""What one night's stages share: which night, which days it answers for, and the rules in force."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.ladder import Ladder
from workflow.models.obligation import RUNNING, Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.policy import Policy

Conditions = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Reading:
    """One ladder of one policy, the calendar it counts by, and the last day it has spoken for."""

    policy_id: int
    policy: Policy
    ladder: Ladder
    calendar: WorkingCalendar
    since: date

    def running(self) -> Conditions:
        return (
            col(Obligation.status) == ObligationStatus.RUNNING,
            col(Obligation.policy_id) == self.policy_id,
            col(Obligation.ladder) == self.ladder.name,
        )


@dataclass
class Night:
    """`since` (exclusive) is the last night that was an open day, `since_any` the last of all.

    `counts` collects what each stage wrote.
    """

    on: date
    since: date
    since_any: date
    now: datetime
    run_id: int
    calendar: WorkingCalendar
    policies: dict[int, Policy]
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, name: str, written: int) -> None:
        if written:
            self.counts[name] = self.counts.get(name, 0) + written

    def readings(self) -> Iterator[Reading]:
        """The ladders that may speak tonight: on a day their policy counts as closed they keep silent."""
        for policy_id, policy in sorted(self.policies.items()):
            calendar = policy.counted(self.calendar)
            since = self.since if policy.counting == "working" else self.since_any
            if calendar.is_open(self.on):
                for _, ladder in sorted(policy.ladders.items()):
                    yield Reading(policy_id, policy, ladder, calendar, since)


def policies_in_use(db: Session) -> dict[int, Policy]:
    """Every policy a running obligation is pinned to: one probe of the index a version, whatever is open."""
    # A limited subquery and no EXISTS: that PostgreSQL would turn into a join that reads all that is open.
    mine = (
        select(col(Obligation.id)).where(RUNNING, col(Obligation.policy_id) == col(RuleVersion.id)).limit(1)
    )
    pinned = mine.correlate(RuleVersion).scalar_subquery().is_not(None)
    versions = select(col(RuleVersion.id)).where(col(RuleVersion.kind) == RuleKind.POLICY, pinned)
    return {policy_id: rulebook.policy(db, policy_id) for policy_id in db.scalars(versions)}
