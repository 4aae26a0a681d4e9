"""The auditor of the ledger: silent on random histories, loud on each of five planted faults."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlmodel import Session, col

from config.database import reading, writing
from tests.engine.histories import History
from tests.world import World, at
from workflow import auditing
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.models.sweep_run import SweepRun


@pytest.mark.parametrize("seed", [11, 12])
def test_a_random_history_holds_no_difference(engine: Engine, seed: int) -> None:
    history = History(engine, seed, days=25)
    for _ in history.live():
        pass
    with reading(engine) as db:
        finding = auditing.compare(db, everything=True)
    assert finding.differences == ()
    assert finding.steps > 10
    assert finding.obligations == len(history.world.obligations())


@pytest.fixture
def late(engine: Engine) -> World:
    """Two directives due Friday 20/03/2026; one is done, the other stands on level 1 by the next Thursday."""
    world = World(engine, today=date(2026, 3, 2))
    world.issue("GS14-01", due=date(2026, 3, 20))
    world.issue("GS14-02", due=date(2026, 3, 20))
    for code in ("GS14-01", "GS14-02"):
        world.move("ben", code, "acknowledge")
    world.nights(until=date(2026, 3, 19))
    world.report("GS14-02")
    world.move("chi", "GS14-02", "accept")
    world.nights(until=date(2026, 3, 26))
    return world


def found(world: World) -> set[tuple[str, str]]:
    with reading(world.engine) as db:
        return {(one.kind, one.step) for one in auditing.compare(db).differences}


def _deleted_notice(db: Session) -> None:
    wanted = (
        select(col(Notice.id)).where(col(Notice.level) == 1, col(Notice.obligation_id) == _open(db)).limit(1)
    )
    db.execute(delete(Notice).where(col(Notice.id) == db.scalar(wanted)))


def _doubled_level(db: Session) -> None:
    """The second level on the heels of the first."""
    told = db.scalars(
        select(Notice).where(col(Notice.level) == 1, col(Notice.obligation_id) == _open(db))
    ).first()
    assert told is not None
    again = {name: value for name, value in told.model_dump().items() if name != "id"}
    again |= {"key": told.key.replace("L:1", "L:2"), "level": 2}
    db.add(Notice(**again))
    db.execute(update(Obligation).where(col(Obligation.id) == _open(db)).values(level=2))


def _wrong_date(db: Session) -> None:
    mine = (col(Notice.rung) == -2, col(Notice.obligation_id) == _open(db))
    db.execute(update(Notice).where(*mine).values(due_on=date(2026, 3, 23)))


def _skipped_night(db: Session) -> None:
    """The night of the reminder two days before never ran."""
    run = db.scalars(select(SweepRun).where(col(SweepRun.night_on) == date(2026, 3, 18))).one()
    db.execute(delete(Notice).where(col(Notice.sweep_run_id) == run.id))
    db.execute(delete(Message).where(col(Message.sweep_run_id) == run.id))
    db.delete(run)


def _notice_for_a_closed_directive(db: Session) -> None:
    mine = (col(Notice.level) == 1, col(Notice.obligation_id) == _open(db))
    told = db.scalars(select(Notice).where(*mine)).first()
    done = db.scalars(
        select(Obligation).where(col(Obligation.id) != _open(db), col(Obligation.kind) == "deliver")
    ).one()
    assert told is not None
    stray = {name: value for name, value in told.model_dump().items() if name != "id"}
    stray |= {"key": f"L:1:{done.id}:1:99", "obligation_id": done.id, "directive_id": done.directive_id}
    db.add(Notice(**stray))


def _open(db: Session) -> int:
    return db.scalars(
        select(col(Obligation.id)).where(
            col(Obligation.status) == "running", col(Obligation.kind) == "deliver"
        )
    ).one()


FAULTS: dict[str, tuple[Callable[[Session], None], tuple[str, str]]] = {
    "a deleted notice": (_deleted_notice, ("wrong_count", "-")),
    "a doubled level": (_doubled_level, ("unexpected", "L:2")),
    "a wrong date": (_wrong_date, ("wrong_date", "R:-2")),
    "a skipped night": (_skipped_night, ("missing", "R:-2")),
    "a notice for a closed directive": (_notice_for_a_closed_directive, ("unexpected", "L:1")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_auditor_finds_each_planted_fault(late: World, fault: str) -> None:
    assert found(late) == set()
    plant, expected = FAULTS[fault]
    with writing(late.engine) as db:
        plant(db)
    assert expected in found(late)


def test_a_nights_verdict_is_kept_once_and_an_alarm_is_journalled(late: World) -> None:
    now = at(late.today, 2)
    with writing(late.engine) as db:
        clean = auditing.check(db, now)
        assert clean is not None
        assert clean.difference_count == 0
        assert auditing.check(db, now) is None
        _wrong_date(db)
    late.night(late.today + timedelta(days=1))
    with writing(late.engine) as db:
        dirty = auditing.check(db, at(late.today, 2))
        assert dirty is not None
        assert dirty.difference_count == 1
        assert "23/03/2026" in dirty.differences[0]["text"]["vi"]
    assert [one.act for one in late.rows(Event)][-1] == "ledger.differs"
    assert NoticeStatus.WANTED in {one.status for one in late.rows(Notice)}
