"""Searching without accents: `khoang san` finds `khoáng sản`."""

import sqlite3
import unicodedata

from sqlalchemy import ColumnElement, SQLColumnExpression, func
from sqlmodel import Session

from workflow.statements import is_postgresql

ACCENTED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
PLAIN = "".join("d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0] for letter in ACCENTED)
TABLE = str.maketrans(ACCENTED, PLAIN)


def folded(text: str) -> str:
    """Lower case, no accents, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).lower().translate(TABLE).split())


def contains(db: Session, column: SQLColumnExpression[str], text: str) -> ColumnElement[bool]:
    """The column holds this text, whatever the accents and the case; wildcards mean themselves."""
    return _fold(db, column).contains(folded(text), autoescape=True)


def _fold(db: Session, column: SQLColumnExpression[str]) -> ColumnElement[str]:
    if is_postgresql(db):
        return func.translate(func.lower(column), ACCENTED, PLAIN)
    connection = db.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    connection.create_function("fold", 1, _fold_row, deterministic=True)
    return func.fold(column)


def _fold_row(text: str | None) -> str | None:
    return None if text is None else text.lower().translate(TABLE)
