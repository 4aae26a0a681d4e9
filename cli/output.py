"""Tables for people, columns for pipes, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import click


def shown(value: object) -> str:
    """Dates as dd/mm/yyyy; nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone():%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Aligned with a rule on a terminal; tab-separated, untruncated, in a pipe."""
    lines = [[shown(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(headers), *lines]:
            click.echo("\t".join(" ".join(cell.split()) for cell in line))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(*headers, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for line in lines:
        drawn.add_row(*line)
    Console().print(drawn)


def emit(document: Any) -> None:
    """JSON with ISO dates, in the order given."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_iso))


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
