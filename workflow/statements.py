"""The few places where PostgreSQL and SQLite need different words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CursorResult,
    Executable,
    SQLColumnExpression,
    String,
    Table,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import Join, TableValuedAlias
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


def changed_by_hash(db: Session, statement: Executable) -> int:
    """As `changed`, for an INSERT from a join of two sides that may both be long.

    Right after a mass UPDATE PostgreSQL guesses that one side holds a row or two, and would walk the whole
    other side anew for each of thousands. The setting ends with the transaction whatever happens.
    """
    if not is_postgresql(db):
        return changed(db, statement)
    db.execute(text("SET LOCAL enable_nestloop = off"))
    written = changed(db, statement)
    db.execute(text("SET LOCAL enable_nestloop = on"))
    return written


def update_each(
    db: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], *,
    where: Sequence[str], standing: ColumnElement[bool], **same: Any,
) -> int:  # fmt: skip
    """Each row to its own values, all in one round trip; how many were found.

    Rows have equal columns: by those of `where` a row is found, as long as it is `standing`; the others are
    written, and `same` in all of them.
    """
    table: Table = model.__table__  # type: ignore[attr-defined]
    written = [name for name in rows[0] if name not in where]
    if not is_postgresql(db):
        mine = [table.c[name] == bindparam(f"old_{name}") for name in where]
        given = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in written}
        each = [
            {f"{'old' if name in where else 'new'}_{name}": value for name, value in row.items()}
            for row in rows
        ]
        done = db.connection().execute(update(table).where(*mine, standing).values(**given, **same), each)
        return done.rowcount
    told = _told(table, rows)
    values = {name: told.c[name] for name in written}
    mine = [table.c[name] == told.c[name] for name in where]
    return changed(db, update(table).where(*mine, standing).values(**values, **same))


def insert_each(db: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """`insert_new` of any number of rows with equal columns, in one round trip."""
    if not rows:
        return
    statement = insert_new(db, model)
    if not is_postgresql(db):
        db.connection().execute(statement, list(rows))
        return
    told = _told(model.__table__, rows)  # type: ignore[attr-defined]
    changed(db, statement.from_select(list(rows[0]), select(*told.c)))


def _told(table: Table, rows: Sequence[Mapping[str, Any]]) -> TableValuedAlias:
    """The rows as a relation: one array for each column, so that the statement is the same for any number."""
    names = list(rows[0])
    arrays = [bindparam(name, [row[name] for row in rows], type_=ARRAY(table.c[name].type)) for name in names]
    return func.unnest(*arrays).table_valued(*map(column, names), name="told").render_derived()


def lease_clock(db: Session, real: datetime) -> datetime:
    """Leases are measured by one clock: the database's where there are many hosts, else this host's."""
    if not is_postgresql(db):
        return real
    return db.scalar(func.clock_timestamp().select()).astimezone(UTC)  # type: ignore[no-any-return]
