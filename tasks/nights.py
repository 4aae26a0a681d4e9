"""What the clock and the jobs ask about nights: which one is due, and whether it has been swept."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from config.database import reading, writing
from config.settings import Settings
from workflow.models.heartbeat import Heartbeat
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.sweep.run import NightNotYet

ALARM_AFTER = timedelta(hours=5)


def night_is_missing(engine: Engine, night: date) -> bool:
    """True until some sweep that answers for this night has completed."""
    with reading(engine) as db:
        return not is_covered(db, night)


def is_covered(db: Session, night: date) -> bool:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    return db.scalar(select(SweepRun.id).where(done, col(SweepRun.night_on) >= night).limit(1)) is not None  # type: ignore[call-overload]


def last_night_due(settings: Settings, now: datetime, wait: timedelta = timedelta(0)) -> date:
    """The latest local date whose sweep hour (plus `wait`) has come."""
    zone: ZoneInfo = settings.timezone
    local = (now - wait).astimezone(zone)
    return local.date() if local.time() >= settings.sweep_at else local.date() - timedelta(days=1)


def checked_night(settings: Settings, now: datetime, night: date | None) -> date:
    """The night asked for, or the latest that is due. A night that has not begun is refused."""
    today = now.astimezone(settings.timezone).date()
    if night is not None and night > today:
        raise NightNotYet(night=f"{night:%d/%m/%Y}", today=f"{today:%d/%m/%Y}")
    return night or last_night_due(settings, now)


def beat(engine: Engine, name: str, at: datetime) -> None:
    with writing(engine) as db:
        db.merge(Heartbeat(name=name, at=at))
