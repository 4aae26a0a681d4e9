"""The identity of an installation, and what a restored one must learn before it may speak again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from workflow import audit
from workflow.desk import Desk
from workflow.errors import RoleNotAllowed
from workflow.models.event import Event
from workflow.models.instance import Instance
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Person, Role
from workflow.statements import is_postgresql

STEP = 1_000_000
"""Ids of events name mails. Those the lost days used are skipped, so that no name is given twice."""


@dataclass(frozen=True)
class Sent:
    """One line of the sent journal: what the relay took, whatever the database knows of it now.

    `token` is that of the attempt; lines of older releases have none.
    """

    key: str
    person_id: int
    kind: str
    night_on: date
    at: datetime
    address: str
    header_id: str
    response: str
    token: int = 0


@dataclass(frozen=True)
class Release:
    """`settled`: mails marked as sent, or written down as such. `unknown`: lines whose person is not there."""

    settled: int
    unknown: tuple[Sent, ...]


def identity(db: Session) -> str | None:
    row = db.get(Instance, "instance")
    return row.identity if row else None


def found(db: Session, words: str, now: datetime) -> None:
    db.merge(Instance(identity=words, since_at=now))
    db.flush()


def knows(db: Session, key: str) -> bool:
    return db.scalar(select(col(Message.id)).where(col(Message.key) == key)) is not None


def release(desk: Desk, words: str, journal: Iterable[Sent]) -> Release:
    """From here on this database is the installation: nothing that was handed over goes out again."""
    if desk.actor.role is not Role.ADMINISTRATOR and not desk.actor.is_system:
        raise RoleNotAllowed(
            actor=desk.actor.name,
            move={"vi": "cho phép gửi", "en": "release"},
            code={"vi": "hệ thống", "en": "the installation"},
            allowed={"vi": "Quản trị", "en": "Administrator"},
        )
    people = set(desk.db.scalars(select(col(Person.id))))
    latest = {one.key: one for one in journal}
    unknown = tuple(one for one in latest.values() if one.person_id not in people)
    settled = sum(_settle(desk.db, one) for one in latest.values() if one.person_id in people)
    _skip_ids(desk.db)
    found(desk.db, words, desk.now)
    detail = {"settled": settled, "unknown": len(unknown)}
    audit.record(desk.db, desk.actor, "instance.release", at=desk.now, on=desk.today, detail=detail)
    return Release(settled, unknown)


def _settle(db: Session, one: Sent) -> bool:
    row = db.scalar(select(Message).where(col(Message.key) == one.key))
    if row is not None and row.status is MessageStatus.HANDED_OVER:
        return False
    row = row or Message(
        key=one.key, person_id=one.person_id, kind=one.kind, night_on=one.night_on, created_at=one.at,
        not_before_at=one.at, next_attempt_at=one.at, use_by_at=one.at,
    )  # fmt: skip
    row.status, row.reason, row.lease_until = MessageStatus.HANDED_OVER, "sent_before_restore", None
    row.handed_over_at, row.header_id, row.address = one.at, one.header_id, one.address
    row.response = one.response
    row.token += 1
    db.add(row)
    return True


def _skip_ids(db: Session) -> None:
    db.flush()
    last = db.scalar(select(func.max(col(Event.id)))) or 0
    if is_postgresql(db):
        statement = "SELECT setval(pg_get_serial_sequence('event', 'id'), :next)"
    else:
        statement = "UPDATE sqlite_sequence SET seq = :next WHERE name = 'event'"
    db.execute(text(statement), {"next": last + STEP})
