"""Escalation: a threshold, never a date, climbed one level at a time."""

from sqlalchemy import insert, literal, select, update
from sqlmodel import Session, col

from workflow.access import SYSTEM
from workflow.kinds import NoticeKind
from workflow.ladder import Audience, Level, LevelLimit, Position, Side, limits
from workflow.models.event import Event
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.policy import Policy
from workflow.statements import changed
from workflow.sweep.night import Conditions, Night, Reading
from workflow.sweep.telling import Telling, tell


def escalate(db: Session, night: Night) -> None:
    for reading in night.readings():
        # Highest first: whatever climbs in this sweep climbs exactly one level.
        for limit in reversed(limits(reading.ladder, reading.calendar, night.on)):
            raised = _raise_level(db, night, _due(reading, limit), limit.level)
            night.count(f"{reading.ladder.name}:level {limit.level.level}", raised)
            if raised:
                _follow(db, night, reading, limit.level)


def _due(reading: Reading, limit: LevelLimit) -> Conditions:
    """Level L needs level L-1, a due day past its threshold, and L-1 settled its gap ago."""
    due = (
        *reading.running(),
        col(Obligation.level) == limit.level.level - 1,
        col(Obligation.due_on) <= limit.due_until,
    )
    if limit.told_until is None:
        return due
    return (*due, col(Obligation.level_settled_on) <= limit.told_until)


def _raise_level(db: Session, night: Night, due: Conditions, level: Level) -> int:
    raised = {"level": level.level, "level_raised_on": night.on, "level_settled_on": None}
    return changed(db, update(Obligation).where(*due).values(**raised))


def _follow(db: Session, night: Night, reading: Reading, level: Level) -> None:
    raised = (
        *reading.running(),
        col(Obligation.level) == level.level,
        col(Obligation.level_raised_on) == night.on,
    )
    _journal(db, night, raised, level.level)
    telling = Telling(f"L:{level.level}", raised, night.on, night.run_id, level=level.level)
    tell_level(db, reading.policy, reading.ladder.name, level, telling)
    _settle_silent(db, night, raised, level.level)


def tell_level(db: Session, policy: Policy, ladder_name: str, level: Level, telling: Telling) -> None:
    """Holders first: a person who is both holder and copy is told as holder."""
    for audience in level.to:
        tell(db, telling, policy, audience, kind_for(ladder_name, audience, is_copy=False))
    for audience in level.copy:
        tell(db, telling, policy, audience, kind_for(ladder_name, audience, is_copy=True))


def kind_for(ladder_name: str, audience: Audience, *, is_copy: bool) -> NoticeKind:
    if ladder_name == "acknowledge":
        return NoticeKind.UNACKNOWLEDGED
    if audience.side is Side.OWED_BY and is_copy:
        return NoticeKind.ESCALATION_COPY
    if audience.side is Side.OWED_BY and audience.position is Position.CLERK:
        return NoticeKind.OVERDUE
    return NoticeKind.ESCALATION


def _journal(db: Session, night: Night, raised: Conditions, level: int) -> None:
    rows = select(
        literal(night.now, type_=Event.__table__.c.at.type),  # type: ignore[attr-defined]
        literal(night.on),
        literal(SYSTEM.name),
        literal("climb"),
        col(Obligation.directive_id),
        col(Obligation.id),
        col(Obligation.due_on),
        literal(level),
    ).where(*raised)
    columns = ["at", "on", "actor", "act", "directive_id", "obligation_id", "due_on", "level"]
    changed(db, insert(Event).from_select(columns, rows))


def _settle_silent(db: Session, night: Night, raised: Conditions, level: int) -> None:
    """A level nobody could be told of is journalled and settles tonight: the next one must still come."""
    told = (
        select(col(Notice.id))
        .where(col(Notice.obligation_id) == col(Obligation.id), col(Notice.level) == level)
        .where(col(Notice.due_version) == col(Obligation.due_version))
        .where(col(Notice.status) == NoticeStatus.WANTED)
        .exists()
    )
    changed(db, update(Obligation).where(*raised, ~told).values(level_settled_on=night.on))
