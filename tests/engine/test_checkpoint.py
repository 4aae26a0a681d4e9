"""Figures from a checkpoint and figures from the whole journal are the same figures."""

import threading
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlmodel import Session, col

from config.database import reading, writing
from tests.world import World, at
from workflow import asof, audit, checkpoint
from workflow.access import SYSTEM
from workflow.desk import Desk
from workflow.inputs import Inputs
from workflow.models.checkpoint import Checkpoint, CheckpointMark
from workflow.models.directive import Directive
from workflow.models.event import Event

FIRST = date(2026, 8, 20)
LATER = date(2026, 10, 30)
EVENINGS = (FIRST, date(2026, 9, 9), date(2026, 9, 10), date(2026, 9, 12), date(2026, 9, 30), LATER)


@pytest.fixture
def world(engine: Engine) -> World:
    """01 done, 02 withdrawn, 03 open, 04 extended and done."""
    world = World(engine, today=FIRST)
    for number in range(1, 5):
        world.issue(f"GS14-0{number}", date(2026, 9, 16))
    world.today = date(2026, 9, 3)
    world.move("ben", "GS14-04", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 16))
    world.move("chi", "GS14-04", "grant_extension", due_on=date(2026, 10, 16))
    world.today = date(2026, 9, 10)
    for code in ("GS14-01", "GS14-04"):
        world.report(code)
        world.move("chi", code, "accept")
    world.move("chi", "GS14-02", "withdraw", reason="Trùng.")
    return world


def make(world: World) -> int:
    return checkpoint.make(partial(writing, world.engine))


def kept(world: World) -> set[str]:
    with reading(world.engine) as db:
        query = select(col(Directive.code)).join(
            Checkpoint, col(Checkpoint.directive_id) == col(Directive.id)
        )
        return set(db.scalars(query))


def differences(world: World) -> list[date]:
    """Evenings of which the checkpoint says anything else than the journal."""
    with reading(world.engine) as db:
        return [on for on in EVENINGS if told(db, asof.directives_at(on)) != told(db, alone(on))]


def alone(on: date) -> Any:
    return asof.folded_at(on, None).subquery()


def told(db: Session, rows: Any) -> list[Any]:
    return list(db.execute(select(rows).order_by(rows.c.directive_id)).all())


def test_what_is_closed_is_folded_once(world: World) -> None:
    assert make(world) == 3
    assert kept(world) == {"GS14-01", "GS14-02", "GS14-04"}
    assert make(world) == 0
    assert differences(world) == []


def test_a_row_of_the_checkpoint_is_what_figures_say(world: World) -> None:
    """If it were not read, nothing above would prove anything."""
    make(world)
    with writing(world.engine) as db:
        db.execute(update(Checkpoint).values(extensions=7))
    assert differences(world) == list(EVENINGS[2:])


def test_a_directive_touched_again_is_folded_at_once_and_made_again_once_closed(world: World) -> None:
    make(world)
    world.today = date(2026, 9, 21)
    world.move("chi", "GS14-01", "reopen", reason="Thiếu.", due_on=date(2026, 10, 12))
    assert differences(world) == []
    make(world)
    assert kept(world) == {"GS14-02", "GS14-04"}
    world.today = date(2026, 10, 1)
    world.report("GS14-01")
    world.move("chi", "GS14-01", "accept")
    make(world)
    assert "GS14-01" in kept(world)
    assert differences(world) == []


def test_an_act_told_late_counts_on_the_day_it_names(world: World) -> None:
    """Recorded in October, done in September: before the checkpoint was made."""
    make(world)
    world.today = date(2026, 10, 20)
    with writing(world.engine) as db:
        desk = Desk(db, world.actor("chi"), at(world.today), today=date(2026, 9, 12), tells=False)
        desk.move("GS14-01", "reopen", Inputs(reason="Nhầm.", due_on=date(2026, 11, 2)))
    assert differences(world) == []
    make(world)
    assert kept(world) == {"GS14-02", "GS14-04"}
    assert differences(world) == []


def test_a_directive_recorded_late_is_not_missed(world: World) -> None:
    make(world)
    world.today = date(2026, 10, 20)
    world.issue("GS14-09", date(2026, 12, 1))
    world.move("chi", "GS14-09", "withdraw", reason="Trùng.")
    assert differences(world) == []


def test_without_its_mark_no_row_counts(world: World) -> None:
    make(world)
    with writing(world.engine) as db:
        db.execute(update(Checkpoint).values(extensions=7))
        db.execute(delete(CheckpointMark))
    assert differences(world) == []


def test_what_was_thrown_away_is_made_again(world: World) -> None:
    make(world)
    checkpoint.forget_all(partial(writing, world.engine))
    assert kept(world) == set()
    assert differences(world) == []
    assert make(world) == 3


def test_pieces_make_what_one_would(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "PIECE", 1)
    assert make(world) == 3
    assert differences(world) == []


def test_an_act_under_way_is_waited_for(world: World) -> None:
    """Its event may have an id below those that are there already: the mark must not pass it."""
    maker = threading.Thread(target=make, args=[world])
    with writing(world.engine) as db:
        directive = db.scalars(select(Directive).where(col(Directive.code) == "GS14-01")).one()
        audit.record(db, SYSTEM, "progress", at=at(LATER), on=LATER, directive_id=directive.id)
        maker.start()
        maker.join(0.2)
        assert maker.is_alive()
    maker.join()
    with reading(world.engine) as db:
        assert db.get_one(CheckpointMark, 1).last_event_id == db.scalar(select(func.max(col(Event.id))))
        assert db.get_one(Checkpoint, directive.id).settled_on == LATER
