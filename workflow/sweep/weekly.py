"""After the last level: one line a week, no single mails any more."""

from datetime import date, timedelta

from sqlmodel import Session, col

from workflow.calendar import WorkingCalendar
from workflow.models.obligation import Obligation
from workflow.sweep.escalate import kind_for
from workflow.sweep.night import Night
from workflow.sweep.telling import Telling, tell


def weekly_digest(db: Session, night: Night) -> None:
    year, week, _ = night.on.isocalendar()
    for reading in night.readings():
        weekly = reading.policy.weekly
        if not reading.ladder.levels or not is_digest_day(
            night.on, reading.since, reading.calendar, weekly.weekday
        ):
            continue
        which = (
            *reading.running(),
            col(Obligation.level) >= weekly.after_level,
            col(Obligation.level_settled_on) < night.on,
        )
        telling = Telling(f"W:{year}-{week:02d}", which, night.on, night.run_id, level=weekly.after_level)
        for audience in weekly.to:
            kind = kind_for(reading.ladder.name, audience, is_copy=False)
            night.count(f"{reading.ladder.name}:weekly", tell(db, telling, reading.policy, audience, kind))


def is_digest_day(night: date, since: date, calendar: WorkingCalendar, weekday: int) -> bool:
    """The first open day on or after the week's digest day that no earlier sweep has covered."""
    digest_on = night - timedelta(days=(night.weekday() - weekday) % 7)
    return since < calendar.roll_forward(digest_on) <= night
