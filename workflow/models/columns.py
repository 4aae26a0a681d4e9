"""Column helpers shared by every table: names of constraints, enums as text, big keys."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

# Stable constraint names, so that migrations can address them on SQLite too.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ONCE = {"sqlite_autoincrement": True}  # ids are never reused, not even after a deletion


def key() -> Any:
    """The primary key: assigned by the database."""
    return Field(default=None, primary_key=True, sa_type=KEY)


def reference(target: str, *, nullable: bool = False, index: bool = False, default: Any = ...) -> Any:
    """A foreign key to `table.id`."""
    if nullable:
        return Field(default=None, foreign_key=target, nullable=True, index=index, sa_type=KEY)
    return Field(default, foreign_key=target, nullable=False, index=index, sa_type=KEY)


def choice(values: type[StrEnum], name: str, *, default: Any = ..., nullable: bool = False) -> Any:
    """An enum stored as its value, with a CHECK constraint (never a native database type)."""
    stored = sa.Enum(
        values,
        native_enum=False,
        values_callable=lambda members: [member.value for member in members],
        length=32,
        create_constraint=True,
        name=name,
    )
    return Field(default, sa_column=sa.Column(stored, nullable=nullable))


def document(default: type[dict[str, Any]] | type[list[Any]]) -> Any:
    """A JSON document column."""
    return Field(default_factory=default, sa_column=sa.Column(sa.JSON, nullable=False))
