"""Tables for people, columns for pipes, JSON for programs.

What is asked for goes to stdout. In a pipe, remarks about it (counts, cursors) go to stderr, so that stdout
holds rows and nothing else.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import click


def shown(value: object) -> str:
    """Dates as dd/mm/yyyy; nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone():%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def table(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, style: dict[str, str] | None = None
) -> None:
    """Aligned with a rule on a terminal; tab-separated, untruncated, in a pipe.

    `style` colours rows by their first cell; colour only adds to what the cell says.
    """
    lines = [[shown(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(headers), *lines]:
            click.echo("\t".join(" ".join(cell.split()) for cell in line))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines_of_table = box.ASCII_DOUBLE_HEAD if _wants_ascii() else box.SIMPLE_HEAD
    drawn = Table(*headers, box=lines_of_table, header_style="bold", pad_edge=False)
    for line in lines:
        drawn.add_row(*map(Text, line), style=(style or {}).get(line[0]))
    Console(highlight=False).print(drawn)


def _wants_ascii() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().params.get("ascii"))


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """What is known of one thing: a name and a value a line; what is empty is left out."""
    known = [(name, shown(value)) for name, value in pairs if value not in (None, "", [])]
    if not sys.stdout.isatty():
        for name, value in known:
            click.echo(f"{name}\t{' '.join(value.split())}")
        return
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        click.echo(f"{name:<{width}}  {value}")


def remark(text: str) -> None:
    """About the rows above: to the reader of a terminal, not into a pipe."""
    click.echo(text, err=not sys.stdout.isatty())


def emit(document: Any) -> None:
    """JSON with ISO dates, in the order given."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def emit_line(document: Any) -> None:
    """One JSON document on one line."""
    click.echo(json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, StrEnum):
        return value.value
    raise TypeError(type(value).__name__)
