"""Versions of the rules: published once, pinned by what uses them, parsed once per process."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from workflow.calendar import WorkingCalendar
from workflow.errors import NotFound
from workflow.lifecycle import Lifecycle, load_lifecycle
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.policy import Policy, load_policy

DEFAULT = {RuleKind.POLICY: "default", RuleKind.LIFECYCLE: "directive", RuleKind.CALENDAR: "vn"}


def publish(
    db: Session,
    kind: RuleKind,
    *,
    name: str,
    version: str,
    source: str,
    document: dict[str, Any],
    now: datetime,
) -> RuleVersion:
    """Make this version the active one of its name; publishing the active version again changes nothing."""
    same = (col(RuleVersion.kind) == kind, col(RuleVersion.name) == name)
    row = db.scalar(select(RuleVersion).where(*same, col(RuleVersion.version) == version))
    if row is not None and row.is_active:
        return row
    db.execute(update(RuleVersion).where(*same).values(is_active=False))
    if row is None:
        number = (db.scalar(select(func.max(col(RuleVersion.number))).where(*same)) or 0) + 1
        row = RuleVersion(
            kind=kind,
            name=name,
            number=number,
            version=version,
            source=source,
            document=document,
            published_at=now,
        )
    row.is_active = True
    db.add(row)
    db.flush()
    return row


def active(db: Session, kind: RuleKind, name: str | None = None) -> RuleVersion:
    wanted = name or DEFAULT[kind]
    row = db.scalar(
        select(RuleVersion).where(
            col(RuleVersion.kind) == kind, col(RuleVersion.name) == wanted, col(RuleVersion.is_active)
        )
    )
    if row is None:
        raise NotFound(
            what={"vi": "phiên bản quy tắc đang dùng", "en": "The active rule"}, code=f"{kind}/{wanted}"
        )
    return row


def has_active(db: Session, kind: RuleKind) -> bool:
    return (
        db.scalar(
            select(col(RuleVersion.id))
            .where(col(RuleVersion.kind) == kind, col(RuleVersion.is_active))
            .limit(1)
        )
        is not None
    )


def active_policy(db: Session) -> Policy:
    return policy(db, active(db, RuleKind.POLICY).id)


def active_calendar(db: Session) -> WorkingCalendar:
    return calendar(db, active(db, RuleKind.CALENDAR).id)


def policy(db: Session, version_id: int) -> Policy:
    row = db.get_one(RuleVersion, version_id)
    return _parsed_policy(row.version, row.source, row.name)


def lifecycle(db: Session, version_id: int) -> Lifecycle:
    row = db.get_one(RuleVersion, version_id)
    return _parsed_lifecycle(row.version, row.source, row.name)


def calendar(db: Session, version_id: int | None) -> WorkingCalendar:
    row = db.get_one(RuleVersion, version_id)
    return _CALENDARS.get(row.version) or _remember(row)


_CALENDARS: dict[str, WorkingCalendar] = {}


def _remember(row: RuleVersion) -> WorkingCalendar:
    _CALENDARS[row.version] = WorkingCalendar.from_document(row.document)
    return _CALENDARS[row.version]


@lru_cache(maxsize=64)
def _parsed_policy(version: str, source: str, name: str) -> Policy:  # noqa: ARG001 - the version is the cache key
    return load_policy(source, name)


@lru_cache(maxsize=16)
def _parsed_lifecycle(version: str, source: str, name: str) -> Lifecycle:  # noqa: ARG001
    return load_lifecycle(source, name)


def local_day(now: datetime, zone: str) -> date:
    """The civil day at this instant where the policy lives."""
    return now.astimezone(ZoneInfo(zone)).date()


def local_instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
