"""Levels whose mail never left are told again: a ladder must not stand still because we could not speak.

A rung speaks of its own day and is stale after it; a level holds until its obligation is settled. So the
lines of a level move from the mail that expired, or could not be made, into tonight's mail to the same
person. They stay the lines they were: the night that raised the level, and one line a person.
"""

from sqlalchemy import ColumnElement, Update, select, update
from sqlmodel import Session, col

from workflow.bundles import bundle
from workflow.models.message import IS_UNTOLD, UNTOLD, Message
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.models.person import Person
from workflow.rulebook import active_policy, local_instant
from workflow.statements import changed, joined
from workflow.sweep.night import Night, Reading


def tell_again(db: Session, night: Night) -> None:
    if db.scalar(select(col(Message.id)).where(IS_UNTOLD).limit(1)) is None:
        return  # SQLite would look for them from every open obligation
    moved = 0
    for reading in night.readings():
        lines = changed(db, _moved(night, reading))
        night.count(f"{reading.ladder.name}:again", lines)
        moved += lines
    if moved:
        policy = active_policy(db)
        send_at = max(local_instant(night.on, policy.send_at, policy.zone), night.now)
        bundle(db, _of_tonight(night), now=night.now, send_at=send_at, run_id=night.run_id, night=night.on)


def _moved(night: Night, reading: Reading) -> Update:
    untold = (
        select(col(Notice.id))
        .select_from(Message)
        .join(Notice, col(Notice.bundle) == col(Message.key))
        .join(Obligation, col(Obligation.id) == col(Notice.obligation_id))
        .where(col(Message.status).in_(UNTOLD), col(Notice.status) == NoticeStatus.WANTED)
        .where(*reading.running(), col(Notice.level) == col(Obligation.level))
        .where(col(Notice.due_version) == col(Obligation.due_version), col(Notice.key).not_like("W:%"))
    )
    tonight = joined("S", night.on.isoformat(), col(Notice.person_id))
    return update(Notice).where(col(Notice.id).in_(untold)).values(bundle=tonight)


def _of_tonight(night: Night) -> ColumnElement[bool]:
    keys = select(joined("S", night.on.isoformat(), col(Person.id)))
    return col(Notice.bundle).in_(keys)
