"""The verdict of one night's audit of the ledger: what should have been told against what was written."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, key


class LedgerCheck(SQLModel, table=True):
    """`differences` holds the first of them, each with its sentence; `difference_count` counts them all."""

    __tablename__ = "ledger_check"
    __table_args__ = (ONCE,)

    id: int = key()
    night_on: date = Field(unique=True)
    checked_at: datetime
    obligation_count: int
    step_count: int
    difference_count: int
    differences: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False)
    )
