"""The strip of nights: how many mails each sweep wrote, and how many of them failed."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from workflow.access import Actor
from workflow.models.message import MessageStatus
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.store import sweeps

FAILED = (MessageStatus.REJECTED, MessageStatus.PARKED, MessageStatus.EXPIRED)


@dataclass(frozen=True)
class Bar:
    night_on: date
    mails: int
    failed: int
    told: bool
    completed: bool
    caught_up: bool


def recent(db: Session, actor: Actor, limit: int) -> tuple[list[SweepRun], list[Bar]]:
    """The runs newest first, and their bars oldest first."""
    rows = sweeps.recent_with_mails(db, actor, limit=limit, failed=FAILED)
    return [run for run, _, _ in rows], [_bar(*row) for row in reversed(rows)]


def _bar(run: SweepRun, count: int, lost: int) -> Bar:
    """A run that answers for more than its own day made up for a missed night."""
    missed = (run.night_on - run.since_on).days > 1
    return Bar(run.night_on, count, lost, run.told, run.status is SweepStatus.COMPLETED, missed and run.told)
