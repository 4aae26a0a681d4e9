"""The certificate of one night's sweep."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, choice, document, key


class SweepStatus(StrEnum):
    """`overtaken`: a later night completed and covered this one's days."""

    RUNNING = "running"
    COMPLETED = "completed"
    OVERTAKEN = "overtaken"


class SweepRun(SQLModel, table=True):
    """`since_on` exclusive, `night_on` inclusive: the days whose rungs this run answers for.

    `told`: an open day, so mails were written; closed days only keep statuses and rhythms true.
    """

    __tablename__ = "sweep_run"
    __table_args__ = (ONCE,)

    id: int = key()
    night_on: date = Field(unique=True)
    since_on: date
    status: SweepStatus = choice(SweepStatus, "status", default=SweepStatus.RUNNING)
    stage: int = 0
    told: bool = True
    started_at: datetime
    completed_at: datetime | None = None
    open_count: int = 0
    looked_at_count: int = 0
    notice_count: int = 0
    message_count: int = 0
    held_count: int = 0
    released_at: datetime | None = None
    counts: dict[str, Any] = document(dict)
    seconds: float = 0.0
    calendar_id: int | None = Field(default=None, foreign_key="rule_version.id", sa_type=KEY)
