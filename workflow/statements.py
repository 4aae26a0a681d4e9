"""The few places where PostgreSQL and SQLite need different words."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    SQLColumnExpression,
    String,
    cast,
    func,
    literal,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join
from sqlmodel import Session, SQLModel


def insert_new(db: Session, table: type[SQLModel]) -> Any:
    """An INSERT that silently skips rows whose unique key exists already."""
    dialect = postgresql if is_postgresql(db) else sqlite
    return dialect.insert(table.__table__).on_conflict_do_nothing()  # type: ignore[attr-defined]


def is_postgresql(db: Session) -> bool:
    return db.get_bind().dialect.name == "postgresql"


class ReadFirst(Join):
    """A join whose left side SQLite reads first, as its CROSS JOIN promises.

    Left to itself it walks a materialised right side and searches the left one anew for each of its rows.
    """

    inherit_cache = True


@compiles(ReadFirst)
def _join(join: ReadFirst, compiler: SQLCompiler, **given: Any) -> str:
    return str(compiler.visit_join(join, **given))  # type: ignore[no-untyped-call]


@compiles(ReadFirst, "sqlite")
def _cross_join(join: ReadFirst, compiler: SQLCompiler, **given: Any) -> str:
    """The left side is a plain table, so the first JOIN of the text is this one."""
    return _join(join, compiler, **given).replace(" JOIN ", " CROSS JOIN ", 1)


def joined(*parts: object) -> ColumnElement[str]:
    """Text of all parts with colons between: the keys of notices and bundles."""
    pieces: list[SQLColumnExpression[Any]] = [
        part if isinstance(part, SQLColumnExpression) else literal(str(part)) for part in parts
    ]
    key: ColumnElement[str] = cast(pieces[0], String)
    for piece in pieces[1:]:
        key = key + literal(":") + cast(piece, String)
    return key


def changed(db: Session, statement: Executable) -> int:
    """Run an INSERT or UPDATE past the identity map; how many rows it wrote."""
    result = db.execute(
        statement, execution_options={"synchronize_session": False, "preserve_rowcount": True}
    )
    assert isinstance(result, CursorResult)
    if result.rowcount < 0:  # sqlite3 does not count for statements with a WITH clause
        return int(db.scalar(text("SELECT changes()")) or 0)
    return result.rowcount


def lease_clock(db: Session, real: datetime) -> datetime:
    """Leases are measured by one clock: the database's where there are many hosts, else this host's."""
    if not is_postgresql(db):
        return real
    return db.scalar(func.clock_timestamp().select()).astimezone(UTC)  # type: ignore[no-any-return]
