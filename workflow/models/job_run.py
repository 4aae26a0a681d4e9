"""The last run of each job that happens by itself."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class JobRun(SQLModel, table=True):
    """`error`: what stopped this run, None when it went well; `done_at`: when a run last went well."""

    __tablename__ = "job_run"

    name: str = Field(primary_key=True, max_length=60)
    began_at: datetime
    seconds: float
    error: str | None = Field(default=None, max_length=300)
    done_at: datetime | None = None
