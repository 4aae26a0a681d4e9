"""The journal: one row per act, appended in the act's transaction, sealed in a chain."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, key, reference


class Event(SQLModel, table=True):
    """Append-only (a trigger refuses changes). `actor` is a name that survives the person's leaving."""

    __table_args__ = (
        sa.Index("ix_event_directive", "directive_id"),
        sa.Index("ix_event_obligation", "obligation_id"),
        ONCE,
    )

    id: int = key()
    at: datetime
    on: date
    actor: str = Field(max_length=200)
    person_id: int | None = Field(default=None, sa_type=KEY)
    act: str = Field(max_length=60)
    directive_id: int | None = reference("directive.id", nullable=True)
    obligation_id: int | None = reference("obligation.id", nullable=True)
    from_state: str | None = Field(default=None, max_length=40)
    to_state: str | None = Field(default=None, max_length=40)
    due_on: date | None = None
    level: int | None = None
    reason: str | None = None
    detail: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(sa.JSON, nullable=True))


class Seal(SQLModel, table=True):
    """Chain link over the events first..last: SHA-256 of the previous link and their canonical rows."""

    __table_args__ = (ONCE,)

    id: int = key()
    first_event_id: int = Field(sa_type=KEY)
    last_event_id: int = Field(sa_type=KEY)
    count: int
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    sealed_at: datetime
