"""One way to open the database, one to write, one to read; the same promises on both kinds.

`writing` is one transaction, committed at its end. `reading` sees one frozen moment and cannot write.
Nothing is kept in a server session, so a transaction pooler may stand in between.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from workflow import failpoints
from workflow.errors import WorkflowError
from workflow.models import registry

BUSY_MILLISECONDS = 10_000
POSTGRESQL_LIMITS = (
    "SELECT set_config('lock_timeout', '10s', true), set_config('statement_timeout', '120s', true),"
    " set_config('idle_in_transaction_session_timeout', '120s', true)"
)
POSTGRESQL_CONNECTION: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    # prepared statements live in a server session, which a transaction pooler swaps under us
    "prepare_threshold": None,
}
SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CORRUPT,
}


class DatabaseAway(WorkflowError):
    """Cannot be reached, or is locked out. The transaction was not committed by us."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Cơ sở dữ liệu không dùng được lúc này ({why}). Chưa ghi gì; hãy thử lại sau.",
        "en": "The database cannot be used right now ({why}). Nothing was written; try again later.",
    }
    exit_code = 75
    http_status = 503


def open_database(
    url: str, *, pool_size: int = 5, max_overflow: int = 20, pool_timeout: float = 10
) -> Engine:
    pool = {"pool_size": pool_size, "max_overflow": max_overflow, "pool_timeout": pool_timeout}
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    registry.metadata()  # a flush follows foreign keys to tables its own command never imported
    engine = _open_sqlite(url, pool) if is_sqlite else _open_postgresql(url, pool)
    event.listen(engine, "handle_error", _say_plainly)
    if failpoints.is_armed():
        event.listen(engine, "before_cursor_execute", _pass_statement)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction, committed when the block ends well, rolled back otherwise."""
    with _room_in_the_pool(), Session(engine, expire_on_commit=False) as db, db.begin():
        yield db


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One snapshot for all the queries of the block; a write inside it is refused by the database."""
    with _room_in_the_pool(), Session(_read_only(engine), expire_on_commit=False) as db:
        yield db


def forget_connections(engine: Engine) -> None:
    """After a fork: the parent's connections stay the parent's."""
    engine.dispose(close=False)


def _pass_statement(*_call: object) -> None:
    failpoints.passing(failpoints.STATEMENT)


def _read_only(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _open_sqlite(url: str, pool: Mapping[str, Any]) -> Engine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgresql(url: str, pool: Mapping[str, Any]) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args=POSTGRESQL_CONNECTION, **pool
    )
    event.listen(engine, "begin", _limit_postgresql)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL may lose the last commits when the power fails
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer queues for the lock at once: a reader that turns writer midway is refused without waiting."""
    read_only = bool(connection.get_execution_options().get("reading"))
    connection.exec_driver_sql(f"PRAGMA query_only={int(read_only)}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _limit_postgresql(connection: Connection) -> None:
    """For this transaction only; no statement may wait or run for ever."""
    connection.exec_driver_sql(POSTGRESQL_LIMITS)


@contextmanager
def _room_in_the_pool() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseAway(why={"vi": "quá nhiều kết nối cùng lúc", "en": "too many connections"}) from error


def _say_plainly(context: ExceptionContext) -> DatabaseAway | None:
    """Wherever the engine is used: an outage is one sentence, a mistake of ours keeps its own error."""
    error = context.original_exception
    if not isinstance(error, Exception):
        return None  # a signal ended this process while it waited: that is no answer of the database
    if context.is_pre_ping or not (context.is_disconnect or _is_away(error)):
        return None
    return DatabaseAway(why=str(error).strip().partition("\n")[0])


def _is_away(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE_AWAY
    return isinstance(error, psycopg.OperationalError)
