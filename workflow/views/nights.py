"""The strip of nights: how many mails each sweep wrote, and how many of them failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from workflow.models.message import Message, MessageStatus
from workflow.models.sweep_run import SweepRun, SweepStatus

FAILED = (MessageStatus.REJECTED, MessageStatus.PARKED, MessageStatus.EXPIRED)


@dataclass(frozen=True)
class Bar:
    night_on: date
    mails: int
    failed: int
    told: bool
    completed: bool
    caught_up: bool


def strip(db: Session, runs: Sequence[SweepRun]) -> list[Bar]:
    """Oldest first, from runs that are newest first. One query."""
    failed = func.sum(case((col(Message.status).in_(FAILED), 1), else_=0))
    rows = db.execute(
        select(col(Message.sweep_run_id), func.count(), failed)
        .where(col(Message.sweep_run_id).in_([run.id for run in runs]))
        .group_by(col(Message.sweep_run_id))
    )
    mails = {run_id: (count, int(lost or 0)) for run_id, count, lost in rows}
    return [_bar(run, *mails.get(run.id, (0, 0))) for run in reversed(runs)]


def _bar(run: SweepRun, count: int, lost: int) -> Bar:
    """A run that answers for more than its own day made up for a missed night."""
    missed = (run.night_on - run.since_on).days > 1
    return Bar(run.night_on, count, lost, run.told, run.status is SweepStatus.COMPLETED, missed and run.told)
