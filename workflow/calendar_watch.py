"""From 1 November somebody must confirm next year's calendar: until then administrators are told weekly."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import audit, operations, rulebook
from workflow.access import SYSTEM
from workflow.models.event import Event

ACT = "calendar.unconfirmed"
FROM_MONTH = 11
EACH = timedelta(days=7)


def year_wanted(today: date) -> int:
    """The latest year whose calendar should be certain by now."""
    return today.year + 1 if today.month >= FROM_MONTH else today.year


def watch(db: Session, now: datetime) -> int | None:
    """Tell at most once in seven days; the year that is missing, or None when nothing is said."""
    today = rulebook.local_day(now, rulebook.active_policy(db).zone)
    year = year_wanted(today)
    if rulebook.active_calendar(db).confirmed_through >= year or _told_lately(db, today):
        return None
    event = audit.record(db, SYSTEM, ACT, at=now, on=today, reason=str(year))
    operations.tell(db, event, now=now)
    return year


def _told_lately(db: Session, today: date) -> bool:
    told = (col(Event.act) == ACT, col(Event.on) > today - EACH)
    return db.scalar(select(col(Event.id)).where(*told).limit(1)) is not None
