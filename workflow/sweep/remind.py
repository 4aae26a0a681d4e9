"""Reminder rungs, read backwards: one statement per rung finds every obligation it hits tonight."""

from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.kinds import NoticeKind
from workflow.ladder import RungRange, ranges
from workflow.models.obligation import Obligation
from workflow.sweep.night import Night, Reading
from workflow.sweep.telling import Telling, journal_merged, tell


def remind(db: Session, night: Night) -> None:
    for reading in night.readings():
        for hit in ranges(reading.ladder, reading.calendar, reading.since, night.on):
            _remind(db, night, reading, hit)


def _remind(db: Session, night: Night, reading: Reading, hit: RungRange) -> None:
    kind, name = NoticeKind(hit.rung.kind), f"{reading.ladder.name}:{hit.rung.offset}"
    telling = _telling(night, reading, hit)
    if not _hits(db, telling):
        return  # one probe of the index instead of a statement for each audience
    if hit.merged:
        night.count(f"{name}:merged", journal_merged(db, telling, kind))
        return
    if reading.ladder.levels and hit.rung.offset <= 0:
        # After missed nights the due day may be over: then the first level speaks, not the reminder.
        over = replace(telling, which=(*telling.which, col(Obligation.due_on) < night.on))
        night.count(f"{name}:merged", journal_merged(db, over, kind))
        telling = replace(telling, which=(*telling.which, col(Obligation.due_on) >= night.on))
    for audience in hit.rung.to:
        night.count(name, tell(db, telling, reading.policy, audience, kind))


def _hits(db: Session, telling: Telling) -> bool:
    """In the order of the index: a mere EXISTS may be looked for by reading the table from its start."""
    first = select(col(Obligation.id)).where(*telling.which).order_by(col(Obligation.due_on)).limit(1)
    return db.scalar(first) is not None


def _telling(night: Night, reading: Reading, hit: RungRange) -> Telling:
    """Spans keep the rung after the day of opening, and drop far rungs for short terms."""
    which = (
        *reading.running(),
        col(Obligation.due_on).between(hit.due_from, hit.due_to),
        col(Obligation.span_days) >= hit.rung.min_span,
    )
    return Telling(f"R:{hit.rung.offset}", which, night.on, night.run_id, rung=hit.rung.offset)
