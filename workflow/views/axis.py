"""The time axis of a few directives: where each bar starts, ends and runs late, in the units of a drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.standing import AsOf, Standing
from workflow.store.directives import Row

MOST = 14
NAMES = 213.0
WIDTH = 692.0
LABEL = 150.0
STEP = 30
TOP = 24


@dataclass(frozen=True)
class Bar:
    """`due_x` is the mark of the due day; up to `now_x` the time that has passed."""

    code: str
    title: str
    css: str
    y: int
    start_x: float
    due_x: float
    now_x: float
    label: str
    is_late: bool


@dataclass(frozen=True)
class Axis:
    bars: list[Bar]
    months: list[tuple[float, str]]
    now_x: float
    height: int
    today: date


CSS = {
    Standing.SOON: "b-soon", Standing.TODAY: "b-soon", Standing.WAITING: "b-rev", Standing.IN_TIME: "b-ok",
}  # fmt: skip


def drawn(rows: Sequence[Row], as_of: AsOf, locale: str) -> Axis | None:
    """None when nothing has a date, or there are too many to be read."""
    dated = [row for row in rows if row.due_on is not None and row.standing is not Standing.PAUSED]
    if not dated or len(rows) > MOST:
        return None
    today = as_of.today
    first = min(min(_due(row) for row in dated), today) - timedelta(days=14)
    last = max(max(_due(row) for row in dated), today) + timedelta(days=2)
    scale = (WIDTH - NAMES - LABEL) / max((last - first).days, 1)

    def at(day: date) -> float:
        return round(NAMES + (day - first).days * scale, 1)

    bars = [
        Bar(
            row.code, row.title, CSS.get(row.standing, "b-rest"), TOP + STEP * number + 15,
            NAMES, at(_due(row)), at(today), _label(row, locale), row.standing is Standing.OVERDUE,
        )
        for number, row in enumerate(dated)
    ]  # fmt: skip
    return Axis(bars, _months(first, last, at), at(today), TOP + STEP * len(dated) + 26, today)


def _due(row: Row) -> date:
    assert row.due_on is not None
    return row.due_on


def _label(row: Row, locale: str) -> str:
    due = f"{_due(row):%d/%m}"
    if row.standing is not Standing.OVERDUE:
        return f"due {due}" if locale == "en" else f"hạn {due}"
    late = -(row.days or 0)
    return f"{late} days late (due {due})" if locale == "en" else f"quá {late} ngày (hạn {due})"


def _months(first: date, last: date, at: Callable[[date], float]) -> list[tuple[float, str]]:
    months, day = [], (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        months.append((at(day), f"{day:%m/%Y}"))
        day = (day + timedelta(days=32)).replace(day=1)
    return months
