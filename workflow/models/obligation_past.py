"""What an obligation's clock said until it was changed: the journal that makes any past day answerable."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import SQLModel

from workflow.models.columns import ONCE, choice, key, reference
from workflow.models.obligation import Obligation, ObligationStatus


class ObligationPast(SQLModel, table=True):
    """True until `until_at` (on the local day `until_on`); what stands in `obligation` is true since the last.

    One row for each change of date, status or policy. Levels climb without one: the journal has those.
    """

    __tablename__ = "obligation_past"
    __table_args__ = (sa.Index("ix_obligation_past_obligation_until", "obligation_id", "until_on"), ONCE)

    id: int = key()
    obligation_id: int = reference("obligation.id")
    until_at: datetime
    until_on: date
    due_on: date
    original_due_on: date
    due_version: int
    span_days: int
    status: ObligationStatus = choice(ObligationStatus, "past_status")
    level: int
    policy_id: int = reference("rule_version.id")

    @classmethod
    def of(cls, obligation: Obligation, at: datetime, on: date) -> "ObligationPast":
        return cls(
            obligation_id=obligation.id,
            until_at=at,
            until_on=on,
            due_on=obligation.due_on,
            original_due_on=obligation.original_due_on,
            due_version=obligation.due_version,
            span_days=obligation.span_days,
            status=obligation.status,
            level=obligation.level,
            policy_id=obligation.policy_id,
        )
