"""Reports that are made and mailed by themselves: which, when, to whom."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, document, key, reference


class ReportSchedule(SQLModel, table=True):
    """`rhythm` is an RRULE, `next_on` the next working day on which the report is due.

    `scope` narrows it (agency, supervision, programme, urgency). Each recipient gets what they may see.
    """

    __tablename__ = "report_schedule"
    __table_args__ = (ONCE,)

    id: int = key()
    kind: str = Field(max_length=20)
    format: str = Field(max_length=10)
    profile: str | None = Field(default=None, max_length=20)
    scope: dict[str, Any] = document(dict)
    rhythm: str = Field(max_length=200)
    next_on: date
    made_by_id: int | None = reference("person.id", nullable=True)
    made_at: datetime
    ended_at: datetime | None = None


class ReportRecipient(SQLModel, table=True):
    __tablename__ = "report_recipient"

    schedule_id: int = Field(primary_key=True, foreign_key="report_schedule.id", sa_type=KEY)
    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=KEY, index=True)
