"""What a night costs, in work that can be counted: it follows what is due, never what is open.

Bounds are what was measured and a little room; whoever passes one has made every night dearer.
"""

from functools import partial

import pytest
from sqlalchemy import Engine, event, text

from bench import province
from bench.province import NIGHT, Size
from bench.spent import Meter, Spent
from bench.sweep import NOW
from config.database import writing
from workflow.models.sweep_run import SweepRun
from workflow.sweep.run import sweep

STATEMENTS = 190
WAL_PER_DUE = 4_000
"""Bytes, on a server that writes no full pages."""
DUE = 100


def _swept(engine: Engine, size: Size) -> tuple[SweepRun, Spent]:
    province.fill(engine, size)
    meter = Meter(engine)
    meter.start()
    run = sweep(partial(writing, engine), NIGHT, NOW)
    return run, meter.spent()


@pytest.mark.parametrize("open_duties", [2 * DUE, 20 * DUE])
def test_a_night_asks_as_much_of_a_large_register_as_of_a_small_one(engine: Engine, open_duties: int) -> None:
    run, spent = _swept(engine, Size(open_duties, DUE / open_duties, agencies=20))
    assert run.open_count == run.looked_at_count == open_duties
    assert spent.statements <= STATEMENTS
    assert spent.wal <= WAL_PER_DUE * DUE


def test_a_night_writes_a_row_for_each_thing_told_and_none_for_what_is_quiet(engine: Engine) -> None:
    run, _ = _swept(engine, Size(10 * DUE, 0.1, agencies=20))
    climbed, reminded = round(DUE * 0.3), round(DUE * 0.7)
    with engine.connect() as db:
        rows = {
            table: db.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - names from here
            for table in ("notice", "event", "message")
        }
    # A climb tells the clerk and the head and is journalled; a rung tells the clerk; a person has one mail.
    assert rows == {"notice": 2 * climbed + reminded, "event": climbed, "message": run.message_count}
    assert run.message_count <= 2 * 20


def test_no_statement_of_a_night_is_said_once_for_each_row(engine: Engine) -> None:
    said: dict[str, int] = {}

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said[statement] = said.get(statement, 0) + 1

    _, spent = _swept(engine, Size(5 * DUE, 0.2, agencies=20))
    assert spent.statements > 0
    written = {one: times for one, times in said.items() if "INSERT INTO notice" in one}
    assert written
    assert max(written.values()) < DUE / 10
