import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from config import database
from config.database import DatabaseAway, forget_connections, open_database, reading, writing
from tests.servers.postgres import PostgresServer

Opener = Callable[[str], Engine]


@pytest.fixture
def opened() -> Iterator[Callable[[str], Engine]]:
    """Opens databases and closes them after the test."""
    with ExitStack() as stack:

        def open_it(url: str) -> Engine:
            engine = open_database(url)
            stack.callback(engine.dispose)
            return engine

        yield open_it


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """One that may be crashed without harming the other tests."""
    server = PostgresServer()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def counters(empty_database_url: str, opened: Opener) -> Engine:
    engine = opened(empty_database_url)
    with writing(engine) as db:
        db.execute(sa.text("CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)"))
        db.execute(sa.text("INSERT INTO counter VALUES (1, 0)"))
    return engine


COUNTER = sa.table("counter")


def value(engine: Engine) -> int:
    with reading(engine) as db:
        return int(db.execute(sa.text("SELECT value FROM counter WHERE id = 1")).scalar_one())


def test_a_block_that_ends_well_is_committed(counters: Engine) -> None:
    with writing(counters) as db:
        db.execute(sa.text("UPDATE counter SET value = 5"))
    assert value(counters) == 5


def test_a_block_that_fails_leaves_nothing(counters: Engine) -> None:
    def fail_midway() -> None:
        with writing(counters) as db:
            db.execute(sa.text("UPDATE counter SET value = 5"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    assert value(counters) == 0


def test_a_reader_cannot_write(counters: Engine) -> None:
    with pytest.raises(DBAPIError), reading(counters) as db:
        db.execute(sa.text("UPDATE counter SET value = 5"))
    assert value(counters) == 0
    with writing(counters) as db:
        db.execute(sa.text("UPDATE counter SET value = 6"))
    assert value(counters) == 6


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(counters: Engine) -> None:
    with reading(counters) as db:
        before = db.execute(sa.text("SELECT value FROM counter")).scalar_one()
        with writing(counters) as other:
            other.execute(sa.text("UPDATE counter SET value = 9"))
        assert db.execute(sa.text("SELECT value FROM counter")).scalar_one() == before == 0
    assert value(counters) == 9


def test_writers_who_read_first_queue_up_and_lose_no_update(counters: Engine) -> None:
    def add() -> None:
        for _ in range(20):
            with writing(counters) as db:
                seen = db.execute(
                    sa.select(sa.column("value")).select_from(COUNTER).with_for_update()
                ).scalar_one()
                db.execute(sa.text("UPDATE counter SET value = :next"), {"next": seen + 1})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(counters) == 80


def test_a_mistake_of_ours_is_not_called_an_outage(counters: Engine) -> None:
    with pytest.raises(IntegrityError), writing(counters) as db:
        db.execute(sa.text("INSERT INTO counter VALUES (1, 0)"))
    with pytest.raises(DBAPIError), reading(counters) as db:
        db.execute(sa.text("SELECT * FROM nowhere"))


def test_a_forked_child_does_not_end_its_parents_connections(counters: Engine) -> None:
    assert value(counters) == 0
    child = os.fork()
    if child == 0:
        forget_connections(counters)
        with writing(counters) as db:
            db.execute(sa.text("UPDATE counter SET value = 7"))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert value(counters) == 7


def test_a_locked_sqlite_file_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Opener
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 50)
    engine = opened(f"sqlite:///{tmp_path / 'held.db'}")
    holder = sqlite3.connect(tmp_path / "held.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseAway, match="database is locked") as refusal, writing(engine) as db:
        db.execute(sa.text("SELECT 1"))
    holder.execute("ROLLBACK")
    with writing(engine) as db:
        assert db.execute(sa.text("SELECT 1")).scalar_one() == 1
    holder.close()
    assert (refusal.value.exit_code, refusal.value.http_status) == (75, 503)
    assert "hãy thử lại" in refusal.value.text("vi")


def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path, opened: Opener) -> None:
    (tmp_path / "note.db").write_text("minutes of the meeting, not a database at all" * 40)
    engine = opened(f"sqlite:///{tmp_path / 'note.db'}")
    with pytest.raises(DatabaseAway, match="not a database"), reading(engine) as db:
        db.execute(sa.text("SELECT 1"))


def test_sqlite_is_opened_so_that_a_commit_survives_a_power_cut(tmp_path: Path, opened: Opener) -> None:
    engine = opened(f"sqlite:///{tmp_path / 'new' / 'folder.db'}")
    with writing(engine) as db:
        said = {name: db.execute(sa.text(f"PRAGMA {name}")).scalar_one() for name in PRAGMAS}
    assert said == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_no_server_means_an_outage_and_not_a_trace(opened: Opener) -> None:
    engine = opened("postgresql+psycopg://nobody:hunter2@127.0.0.1:1/none")
    with pytest.raises(DatabaseAway) as refusal, reading(engine) as db:
        db.execute(sa.text("SELECT 1"))
    assert "hunter2" not in str(refusal.value)


def test_whoever_uses_the_engine_directly_hears_the_same(opened: Opener) -> None:
    engine = opened("postgresql+psycopg://nobody:hunter2@127.0.0.1:1/none")
    with pytest.raises(DatabaseAway), engine.begin():
        pass


def test_more_at_once_than_the_pool_holds_is_said_plainly(tmp_path: Path) -> None:
    engine = open_database(
        f"sqlite:///{tmp_path / 'busy.db'}", pool_size=1, max_overflow=0, pool_timeout=0.05
    )
    with engine.connect(), pytest.raises(DatabaseAway, match="too many connections"), reading(engine) as db:
        db.execute(sa.text("SELECT 1"))
    engine.dispose()


def test_a_postgresql_transaction_may_not_wait_for_ever(postgres: PostgresServer, opened: Opener) -> None:
    engine = opened(postgres.url("postgres"))
    with writing(engine) as db:
        limits = [
            db.execute(sa.text(f"SHOW {name}")).scalar_one()
            for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        ]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as outside:
        session = outside.exec_driver_sql("SHOW lock_timeout").scalar_one()
    assert limits == ["10s", "2min", "2min"]
    assert session == "0"


def test_after_a_crash_of_postgresql_the_next_transaction_works(
    own_postgres: PostgresServer, opened: Opener
) -> None:
    engine = opened(own_postgres.url("postgres"))
    with writing(engine) as db:
        db.execute(sa.text("CREATE TABLE kept (id INTEGER)"))

    def crash_midway() -> None:
        with writing(engine) as db:
            db.execute(sa.text("INSERT INTO kept VALUES (1)"))
            own_postgres.crash()
            db.execute(sa.text("INSERT INTO kept VALUES (2)"))

    with pytest.raises(DatabaseAway):
        crash_midway()
    with pytest.raises(DatabaseAway), reading(engine) as db:
        db.execute(sa.text("SELECT 1"))
    own_postgres.start()
    with reading(engine) as db:
        assert db.execute(sa.text("SELECT count(*) FROM kept")).scalar_one() == 0


def test_a_backend_ended_by_its_administrator_costs_one_transaction(
    postgres: PostgresServer, opened: Opener
) -> None:
    engine = opened(postgres.url("postgres"))

    def lose_the_backend() -> None:
        with writing(engine) as db:
            backend = db.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
            os.kill(backend, signal.SIGTERM)
            db.execute(sa.text("SELECT pg_sleep(5)"))

    with pytest.raises(DatabaseAway):
        lose_the_backend()
    with reading(engine) as db:
        assert db.execute(sa.text("SELECT 1")).scalar_one() == 1
