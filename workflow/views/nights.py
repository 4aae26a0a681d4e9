"""Nights that were swept: certificates, mails of each night, why a mail went or did not."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from workflow.models.message import Message, MessageStatus
from workflow.models.sweep_run import SweepRun

FAILED = (MessageStatus.REJECTED, MessageStatus.PARKED, MessageStatus.EXPIRED)


@dataclass(frozen=True)
class Bar:
    """One night of the strip: how many mails, how many of them failed."""

    night_on: date
    mails: int
    failed: int
    told: bool
    completed: bool


def last_run(db: Session) -> SweepRun | None:
    return db.scalar(select(SweepRun).order_by(col(SweepRun.night_on).desc()).limit(1))


def strip(db: Session, until: date, nights: int) -> list[Bar]:
    """The latest nights up to `until`, oldest first. Two queries."""
    runs = list(
        db.scalars(
            select(SweepRun)
            .where(col(SweepRun.night_on) <= until)
            .order_by(col(SweepRun.night_on).desc())
            .limit(nights)
        )
    )
    if not runs:
        return []
    rows = db.execute(
        select(
            col(Message.sweep_run_id),
            func.count(),
            func.sum(case((col(Message.status).in_(FAILED), 1), else_=0)),
        )
        .where(col(Message.sweep_run_id).in_([run.id for run in runs]))
        .group_by(col(Message.sweep_run_id))
    )
    mails = {run_id: (count, int(failed or 0)) for run_id, count, failed in rows}
    return [
        Bar(run.night_on, *mails.get(run.id, (0, 0)), run.told, run.completed_at is not None)
        for run in reversed(runs)
    ]
