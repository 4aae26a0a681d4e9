"""Who owes which act to whom by which day: the only clock there is."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.ladder import ObligationKind
from workflow.models.columns import ONCE, choice, key, reference


class ObligationStatus(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    VOID = "void"


PERIODIC = sa.text("ladder = 'periodic'")
RUNNING = sa.text("status = 'running'")
"""In words of its own, not as a parameter: only then does SQLite answer from a partial index alone."""
CLIMBED = sa.text("status = 'running' AND level > 0")
RAISED = sa.text("status = 'running' AND level_raised_on IS NOT NULL")


class Obligation(SQLModel, table=True):
    """`span_days`: working days between the opening of this due version and its due day.

    `ladder` names the policy's ladder (the kind, or `periodic` for a rhythm). `level` is the highest
    escalation level reached; `level_settled_on` the day its mails were handed over (or could not be),
    from which the gap to the next level counts. `remaining_days` keeps the unused working days of a
    paused obligation. `opened_at`: when it was recorded, which for acts done on paper is later than `opened_on`.
    Overdue is never stored: it is `running and due_on < today`.
    """

    __table_args__ = (
        sa.Index("ix_obligation_period", "directive_id", "due_version", "opened_on", unique=True,
                 postgresql_where=PERIODIC, sqlite_where=PERIODIC),
        sa.Index("ix_obligation_due", "policy_id", "ladder", "due_on", postgresql_where=RUNNING, sqlite_where=RUNNING),
        sa.Index("ix_obligation_owed_by", "owed_by_id", "due_on", postgresql_where=RUNNING, sqlite_where=RUNNING),
        sa.Index("ix_obligation_climbed", "level", "owed_to_id", "directive_id", postgresql_where=CLIMBED,
                 sqlite_where=CLIMBED),
        sa.Index("ix_obligation_raised", "level_raised_on", "level", postgresql_where=RAISED, sqlite_where=RAISED),
        sa.CheckConstraint("level >= 0", name="level"),
        ONCE,
    )  # fmt: skip

    id: int = key()
    directive_id: int = reference("directive.id", index=True)
    kind: ObligationKind = choice(ObligationKind, "kind")
    ladder: str = Field(max_length=40)
    owed_by_id: int = reference("organization.id")
    owed_to_id: int = reference("organization.id")
    opened_on: date
    due_on: date
    original_due_on: date
    due_version: int = 1
    span_days: int
    status: ObligationStatus = choice(ObligationStatus, "status", default=ObligationStatus.RUNNING)
    met_on: date | None = None
    remaining_days: int | None = None
    level: int = 0
    level_raised_on: date | None = None
    level_settled_on: date | None = None
    policy_id: int = reference("rule_version.id")
    opened_at: datetime | None = None
