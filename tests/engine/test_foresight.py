"""The rehearsal in memory and the real sweep: what is foreseen after a random history is what then happens."""

import sys
from datetime import date, timedelta
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from config import schema
from config.database import open_database, reading
from tests.engine.histories import History
from tests.world import World
from workflow.models.directive import Directive
from workflow.models.message import Message
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.person import Person
from workflow.simulate import simulate

Told = tuple[date, str, str, str, str, str, str]
"""Night, address, kind of the mail, directive, obligation, step, due day."""


def foreseen(db: Session, first: date, last: date) -> list[Told]:
    return sorted(
        (night, mail.recipient, mail.kind, line["directive"], line["obligation"], _step(line), line["due_on"])
        for night, mails in simulate(db, first, last)
        for mail in mails
        for line in mail.lines
    )


def _step(line: dict[str, object]) -> str:
    return f"L{line['level']}" if "level" in line else f"R{line['rung']}"


def happened(db: Session, first: date) -> list[Told]:
    columns = (Message, Person, Notice, Directive, Obligation)
    query = (
        select(*columns)
        .join(Person, col(Person.id) == col(Message.person_id))
        .join(Notice, col(Notice.bundle) == col(Message.key))
        .join(Directive, col(Directive.id) == col(Notice.directive_id))
        .join(Obligation, col(Obligation.id) == col(Notice.obligation_id))
        .where(col(Message.night_on) >= first, col(Message.sweep_run_id).is_not(None))
        .where(col(Notice.status) == NoticeStatus.WANTED)
    )
    return sorted(
        (
            message.night_on, person.email, message.kind, directive.code, obligation.kind.value,
            f"R{notice.rung}" if notice.level is None else f"L{notice.level}", notice.due_on.isoformat(),
        )
        for message, person, notice, directive, obligation in db.execute(query)
    )  # fmt: skip


def compared(engine: Engine, seed: int, days: int, nights: int) -> tuple[list[Told], list[Told]]:
    """A history until an evening whose night was swept, then nights on which nobody acts and all is delivered."""
    history = History(engine, seed, days=days)
    for _ in history.live():
        pass
    world = history.world
    world.night(world.today)
    first = world.today + timedelta(days=1)
    last = world.today + timedelta(days=nights)
    with reading(engine) as db:
        before = foreseen(db, first, last)
    world.nights(until=last)
    with reading(engine) as db:
        return before, happened(db, first)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_foreseen_after_a_random_history_is_what_then_happens(engine: Engine, seed: int) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    before, after = compared(engine, seed, *((12, 14) if is_sqlite else (6, 6)))
    assert before == after
    assert len(after) > (10 if is_sqlite else 0)


def test_a_level_whose_mail_still_waits_settles_with_the_first_delivery(engine: Engine) -> None:
    """Level 1 was raised tonight and its mail has not left: the simulation begins from there."""
    world = World(engine, today=date(2026, 3, 2))
    world.issue("GS14-01", due=date(2026, 3, 6))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 3, 6))
    world.nights(until=date(2026, 3, 9), deliver=False)
    assert [one.level for one in world.obligations() if one.status is ObligationStatus.RUNNING] == [1]
    with reading(engine) as db:
        before = foreseen(db, date(2026, 3, 10), date(2026, 3, 16))
    world.nights(until=date(2026, 3, 16))
    with reading(engine) as db:
        assert before == happened(db, date(2026, 3, 10))
    assert {step for *_, step, _ in before} == {"L2"}


def main(seeds: int) -> None:
    """The long form, as many histories as wanted: `python -m tests.engine.test_foresight 40`."""
    for seed in range(seeds):
        with TemporaryDirectory() as folder:
            engine = open_database(f"sqlite:///{folder}/history.db")
            schema.upgrade(engine)
            before, after = compared(engine, seed, 40, 30)
            engine.dispose()
        print(
            f"history {seed}: {len(after)} lines, {'as foreseen' if before == after else 'NOT as foreseen'}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
