"""The nights that were swept, as a policy that counts one way or the other sees them."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.policy import Policy

Counting = Literal["working", "calendar"]


@dataclass(frozen=True)
class Swept:
    """One completed sweep on a day that is open in this counting; it answers for the days (since, night]."""

    run_id: int
    night: date
    since: date
    at: datetime
    calendar: WorkingCalendar


class Nights:
    """Each counting has its own run of nights: who counts working days hears nothing on a closed day."""

    def __init__(self, db: Session) -> None:
        done = select(SweepRun).where(col(SweepRun.status) == SweepStatus.COMPLETED)
        self.runs = list(db.scalars(done.order_by(col(SweepRun.night_on))))
        bases = {run.calendar_id: rulebook.calendar(db, run.calendar_id) for run in self.runs}
        self._of = {
            "working": list(_swept(self.runs, bases)),
            "calendar": list(_swept(self.runs, {key: base.every_day for key, base in bases.items()})),
        }
        self._on = {name: [one.night for one in of] for name, of in self._of.items()}

    @property
    def last(self) -> date | None:
        return self.runs[-1].night_on if self.runs else None

    def of(self, policy: Policy, first: date, since: datetime, until: datetime | None) -> list[Swept]:
        """Sweeps from the night `first` on that ran in [since, until)."""
        found = self._of[policy.counting]
        start = bisect_left(self._on[policy.counting], first)
        return [one for one in found[start:] if one.at >= since and (until is None or one.at < until)]

    def ran_at(self, night: date) -> datetime | None:
        place = bisect_left([run.night_on for run in self.runs], night)
        found = place < len(self.runs) and self.runs[place].night_on == night
        return self.runs[place].started_at if found else None


def _swept(runs: list[SweepRun], calendars: dict[int | None, WorkingCalendar]) -> Iterator[Swept]:
    """The days of a night begin where the last open night before it ended, whatever its row says."""
    before: date | None = None
    for run in runs:
        calendar = calendars[run.calendar_id]
        if calendar.is_open(run.night_on):
            yield Swept(run.id, run.night_on, before or run.since_on, run.started_at, calendar)
            before = run.night_on
