"""A report before it has a format: titles, remarks and tables of typed values. All formats are made from this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workflow.words import Texts

Plain = str | int | float | date | None


class ColumnKind(StrEnum):
    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"
    DATE = "date"
    NUMBER = "number"


class Orientation(StrEnum):
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True)
class Column:
    """`key` is stable for programs; `width` is a share of the page's width; `group` stands above its neighbours."""

    key: str
    title: Texts
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 6
    group: Texts | None = None


@dataclass(frozen=True)
class Entry:
    """One value, and the address of the list behind it (a path on this installation)."""

    value: Plain
    link: str | None = None


Row = tuple[Entry, ...]


@dataclass(frozen=True)
class Table:
    """`total` is the sum of the rows, checked before it came here."""

    key: str
    title: Texts
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    total: Row | None = None


@dataclass(frozen=True)
class Report:
    """`remarks` say what the figures count, up to when, and by which versions of the rules."""

    kind: str
    title: Texts
    subtitle: Texts
    on: date
    since: date | None
    remarks: tuple[Texts, ...]
    tables: tuple[Table, ...]
    orientation: Orientation = Orientation.LANDSCAPE
    paragraphs: tuple[Texts, ...] = field(default=())


def entries(*values: Plain) -> Row:
    """A row without links."""
    return tuple(Entry(value) for value in values)


def shown(value: Plain, kind: ColumnKind, locale: str) -> str:
    """A value as people read it: dates dd/mm/yyyy, a Vietnamese decimal comma, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) or kind is ColumnKind.PERCENT:
        said = f"{value:.1f}"
        return said if locale == "en" else said.replace(".", ",")
    return str(value)
