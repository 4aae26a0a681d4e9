"""Nights to come, played in a scratch copy by the same engine; nothing is sent or written."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, create_engine, func, insert, select
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, col

from workflow import outbox, rulebook
from workflow.models.directive import Coordination, Directive
from workflow.models.message import Message
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization
from workflow.models.person import Membership, Person
from workflow.models.registry import metadata
from workflow.models.rule_version import RuleVersion
from workflow.models.supervision import Supervision
from workflow.models.sweep_run import SweepRun, SweepStatus
from workflow.scenario import Scenario, answer, prepare
from workflow.sweep.run import sweep

CHUNK = 5_000


@dataclass(frozen=True)
class PlannedMail:
    """One mail of one night, in the shape of the JSON answer."""

    night: date
    recipient: str
    kind: str
    lines: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "night": self.night.isoformat(),
            "recipient": self.recipient,
            "kind": self.kind,
            "lines": list(self.lines),
        }


UNASKED = (
    "ix_notice_directive", "ix_message_person", "ix_event_directive", "ix_event_obligation",
    "ix_obligation_owed_by", "ix_obligation_directive_id", "ix_message_open",
)  # fmt: skip
"""Indexes no statement of a simulation reads; keeping them up to date would be a third of its work."""


class Scratch:
    """A private in-memory copy of everything that is still open, thrown away at the end."""

    def __init__(self, source: Session, before: date) -> None:
        self.engine: Engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata().create_all(self.engine)
        running = col(Obligation.status).in_([ObligationStatus.RUNNING, ObligationStatus.PAUSED])
        open_ones = col(Directive.closed_on).is_(None)
        swept = (col(SweepRun.night_on) < before) & (col(SweepRun.status) == SweepStatus.COMPLETED)
        with self.engine.begin() as connection:
            for name in UNASKED:
                connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
            for table, which in (
                (Organization, None), (Person, None), (Membership, None), (RuleVersion, None), (Supervision, None),
                (Directive, open_ones), (Coordination, None), (Obligation, running), (SweepRun, swept),
            ):  # fmt: skip
                _copy(source, connection, table, which)
        self.db = Session(self.engine, expire_on_commit=False)

    def transaction(self) -> AbstractContextManager[Session]:
        """One for all: whatever fails, nothing of it is wanted any more."""
        return nullcontext(self.db)

    def close(self) -> None:
        self.db.close()
        self.engine.dispose()


def _copy(source: Session, connection: Any, table: type[SQLModel], which: ColumnElement[bool] | None) -> None:
    rows = select(table.__table__)  # type: ignore[attr-defined]
    if which is not None:
        rows = rows.where(which)
    result = source.execute(rows.execution_options(yield_per=CHUNK)).mappings()
    for chunk in result.partitions(CHUNK):
        connection.execute(insert(table), [dict(row) for row in chunk])


def simulate(
    source: Session, first: date, last: date, scenario: Scenario | None = None
) -> Iterator[tuple[date, list[PlannedMail]]]:
    """Night after night from `first` to `last`: what would be mailed if the scenario held.

    Nights between the last real sweep and `first` are played too, silently, as they will have passed.
    """
    supposed = scenario or Scenario()
    scratch = Scratch(source, before=first)
    try:
        db = scratch.db
        zone = rulebook.active_policy(db).zone
        prepare(db, supposed, rulebook.local_instant(first, time(0, 0), zone))
        policy = rulebook.active_policy(db)
        for night in _nights(db, first, last):
            sweep(scratch.transaction, night, rulebook.local_instant(night, policy.sweep_at, policy.zone))
            mails = _mails(db, night) if night >= first else []
            outbox.hand_over_all(db, at=rulebook.local_instant(night, policy.send_at, policy.zone), on=night)
            answer(db, supposed, night)
            if night >= first:
                yield night, mails
    finally:
        scratch.close()


def _nights(db: Session, first: date, last: date) -> Iterator[date]:
    swept = db.scalar(select(func.max(col(SweepRun.night_on))))
    night = first if swept is None else min(first, swept + timedelta(days=1))
    while night <= last:
        yield night
        night += timedelta(days=1)


def _mails(db: Session, night: date) -> list[PlannedMail]:
    query = (
        select(
            Message.key,
            Person.email,
            Message.kind,
            Directive.code,
            Obligation.kind,
            Notice.rung,
            Notice.level,
            Notice.due_on,
        )  # type: ignore[call-overload]
        .join(Person, col(Person.id) == col(Message.person_id))
        .join(Notice, col(Notice.bundle) == col(Message.key))
        .join(Directive, col(Directive.id) == col(Notice.directive_id))
        .join(Obligation, col(Obligation.id) == col(Notice.obligation_id))
        .where(col(Message.night_on) == night, col(Notice.status) == NoticeStatus.WANTED)
        .order_by(col(Person.email), col(Notice.severity).desc(), col(Directive.code), col(Notice.id))
    )
    mails: dict[str, PlannedMail] = {}
    for key, email, kind, code, obligation, rung, level, due_on in db.execute(query):
        step = {"rung": rung} if level is None else {"level": level}
        line = {"directive": code, "obligation": obligation.value, **step, "due_on": due_on.isoformat()}
        known = mails.get(key)
        mails[key] = PlannedMail(night, email, kind, (*(known.lines if known else ()), line))
    return list(mails.values())
