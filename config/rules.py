"""The rules shipped with the product, published into a database that has none yet."""

from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlmodel import Session

from workflow import calendar_file, lifecycle, policy, rulebook
from workflow.calendar import WorkingCalendar, build_document
from workflow.models.rule_version import RuleKind, RuleVersion

YEARS = range(2015, 2041)
Content = tuple[str, dict[str, Any]]  # version and document: the same text is read once in a process


def install(db: Session, now: datetime) -> None:
    """At every upgrade: rules an administrator has published since stay in force."""
    present = {kind for kind in RuleKind if rulebook.has_active(db, kind)}
    if RuleKind.POLICY not in present:
        publish_policy(db, _read("policies/default.yaml"), "default", now)
    if RuleKind.LIFECYCLE not in present:
        publish_lifecycle(db, _read("lifecycles/directive.yaml"), "directive", now)
    if RuleKind.CALENDAR not in present:
        publish_calendar(db, _read("calendars/vn.yaml"), "vn", now)


def publish_policy(db: Session, source: str, name: str, now: datetime) -> RuleVersion:
    return _publish(db, RuleKind.POLICY, name, source, _policy(source, name), now)


def publish_lifecycle(db: Session, source: str, name: str, now: datetime) -> RuleVersion:
    return _publish(db, RuleKind.LIFECYCLE, name, source, _lifecycle(source, name), now)


def publish_calendar(db: Session, source: str, name: str, now: datetime) -> RuleVersion:
    return _publish(db, RuleKind.CALENDAR, name, source, _calendar(source, name), now)


@lru_cache(maxsize=8)
def _policy(source: str, name: str) -> Content:
    read = policy.load_policy(source, name)
    return read.version, policy.to_document(read)


@lru_cache(maxsize=8)
def _lifecycle(source: str, name: str) -> Content:
    read = lifecycle.load_lifecycle(source, name)
    return read.version, lifecycle.to_document(read)


@lru_cache(maxsize=8)
def _calendar(source: str, name: str) -> Content:
    document = build_document(calendar_file.load_source(source, name), YEARS)
    return WorkingCalendar.from_document(document).version, document


def _publish(
    db: Session, kind: RuleKind, name: str, source: str, content: Content, now: datetime
) -> RuleVersion:
    version, document = content
    return rulebook.publish(db, kind, name=name, version=version, source=source, document=document, now=now)


def _read(name: str) -> str:
    return resources.files("config").joinpath(name).read_text(encoding="utf-8")
