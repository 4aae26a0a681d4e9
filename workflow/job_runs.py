"""What is remembered of jobs: their last run, and when one last went well."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from workflow.models.job_run import JobRun

LONGEST = 300


def note(db: Session, name: str, began_at: datetime, took: timedelta, error: str | None) -> None:
    row = db.get(JobRun, name) or JobRun(name=name, began_at=began_at, seconds=0)
    row.began_at, row.seconds = began_at, took.total_seconds()
    row.error = error[:LONGEST] if error else None
    row.done_at = row.done_at if error else began_at + took
    db.add(row)


def by_name(db: Session) -> dict[str, JobRun]:
    return {row.name: row for row in db.scalars(select(JobRun))}
