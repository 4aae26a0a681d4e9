"""A report as one page of HTML that prints by itself: nothing is loaded, nothing runs."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import heads
from reports.document import Column, ColumnKind, Entry, Report, shown
from workflow.words import Texts

if TYPE_CHECKING:
    from reports.making import Office


@dataclass(frozen=True)
class Head:
    """A heading cell of the upper row: it spans its group, or both rows."""

    title: Texts
    columns: int
    rows: int


@cache
def pages() -> Environment:
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def html_file(report: Report, locale: str, office: "Office") -> bytes:
    text = pages().get_template("report.html").render(
        report=report, locale=locale, head=office.head, base_url=office.base_url, upper=upper, lower=lower, say=said,
        day=heads.day_line(office.head.place, report.on), shares=shares,
    )  # fmt: skip
    return text.encode()


def shares(columns: tuple[Column, ...]) -> list[float]:
    """Per cent of the page's width for each column."""
    whole = sum(column.width for column in columns)
    return [round(100 * column.width / whole, 2) for column in columns]


def upper(columns: tuple[Column, ...]) -> list[Head]:
    """The upper heading row; where nothing is grouped it is the only one."""
    has_groups = any(column.group for column in columns)
    heads: list[Head] = []
    for column in columns:
        if column.group and heads and heads[-1].rows == 1 and heads[-1].title == column.group:
            heads[-1] = Head(column.group, heads[-1].columns + 1, 1)
        else:
            heads.append(Head(column.group or column.title, 1, 1 if column.group or not has_groups else 2))
    return heads


def lower(columns: tuple[Column, ...]) -> list[Column]:
    """The lower heading row: the members of the groups, or nothing."""
    return [column for column in columns if column.group]


def said(entry: Entry, kind: ColumnKind, locale: str) -> str:
    return shown(entry.value, kind, locale)
