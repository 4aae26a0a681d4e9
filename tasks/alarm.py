"""The missing night: noticed, journalled once, and told to the administrators."""

from datetime import date, datetime

import structlog
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from config.database import writing
from config.settings import Settings
from tasks import nights
from workflow import audit, operations
from workflow.access import SYSTEM
from workflow.models.event import Event
from workflow.models.sweep_run import SweepRun

log = structlog.get_logger(__name__)


def watch(engine: Engine, settings: Settings, at: datetime) -> date | None:
    """The night that should have been swept hours ago and was not; None when all is well."""
    night = nights.last_night_due(settings, at, nights.ALARM_AFTER)
    with writing(engine) as db:
        if nights.is_covered(db, night) or not _was_expected(db):
            return None
        log.error("night_missing", night=night.isoformat())
        if not _is_journalled(db, night):
            today = at.astimezone(settings.timezone).date()
            event = audit.record(db, SYSTEM, "night.missing", at=at, on=today, reason=night.isoformat())
            operations.tell(db, event, now=at)
    return night


def _was_expected(db: Session) -> bool:
    """A new installation owes no night before its first one."""
    return db.scalar(select(col(SweepRun.id)).limit(1)) is not None


def _is_journalled(db: Session, night: date) -> bool:
    same = (col(Event.act) == "night.missing", col(Event.reason) == night.isoformat())
    return db.scalar(select(col(Event.id)).where(*same).limit(1)) is not None
