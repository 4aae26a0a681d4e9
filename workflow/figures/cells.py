"""The cells of the report: every issued directive stands in exactly one of them, on every day."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_

from workflow.figures.ledger import Ledger
from workflow.figures.rules import RulesOn
from workflow.moves import Phase
from workflow.words import Texts, pair

MONTH, SEASON = 30, 120


class Basis(StrEnum):
    """Which date lateness is measured by: as extended, or as first set."""

    REVISED = "revised"
    ORIGINAL = "original"


class Cell(StrEnum):
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    DONE_UNDATED = "done_undated"
    WAITING = "waiting"
    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE_30 = "overdue_30"
    OVERDUE_120 = "overdue_120"
    OVERDUE_MORE = "overdue_more"
    UNDATED = "undated"
    SUSPENDED = "suspended"
    NOT_DONE = "not_done"
    WITHDRAWN = "withdrawn"


TITLES: dict[Cell, Texts] = {
    Cell.DONE_ON_TIME: pair("Hoàn thành đúng hạn", "Done on time"),
    Cell.DONE_LATE: pair("Hoàn thành quá hạn", "Done late"),
    Cell.DONE_UNDATED: pair("Hoàn thành, không thời hạn", "Done, undated"),
    Cell.WAITING: pair("Chờ duyệt", "Awaiting review"),
    Cell.IN_TIME: pair("Trong hạn", "In time"),
    Cell.DUE_SOON: pair("Sắp đến hạn", "Due soon"),
    Cell.OVERDUE_30: pair("Quá hạn đến 30 ngày", "Overdue, up to 30 days"),
    Cell.OVERDUE_120: pair("Quá hạn 31–120 ngày", "Overdue, 31–120 days"),
    Cell.OVERDUE_MORE: pair("Quá hạn trên 120 ngày", "Overdue, over 120 days"),
    Cell.UNDATED: pair("Không thời hạn hoặc kỳ chưa đến hạn", "Undated, or period not due yet"),
    Cell.SUSPENDED: pair("Tạm dừng", "Suspended"),
    Cell.NOT_DONE: pair("Kết thúc, chưa hoàn thành", "Closed, not done"),
    Cell.WITHDRAWN: pair("Thu hồi", "Withdrawn"),
}


class Figure(StrEnum):
    """Sums of cells that reports speak of. `total` is all of them."""

    TOTAL = "total"
    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    DUE = "due"
    ENDED = "ended"
    REST = "rest"


OVERDUE = (Cell.OVERDUE_30, Cell.OVERDUE_120, Cell.OVERDUE_MORE)
SUMS: dict[Figure, tuple[Cell, ...]] = {
    Figure.TOTAL: tuple(Cell),
    Figure.DONE: (Cell.DONE_ON_TIME, Cell.DONE_LATE, Cell.DONE_UNDATED),
    Figure.OPEN: (Cell.WAITING, Cell.IN_TIME, Cell.DUE_SOON, *OVERDUE, Cell.UNDATED),
    Figure.OVERDUE: OVERDUE,
    Figure.DUE: (Cell.DONE_ON_TIME, Cell.DONE_LATE, *OVERDUE),
    Figure.ENDED: (Cell.SUSPENDED, Cell.NOT_DONE, Cell.WITHDRAWN),
    Figure.REST: (Cell.IN_TIME, Cell.UNDATED, Cell.SUSPENDED, Cell.NOT_DONE, Cell.WITHDRAWN),
}
FIVE: tuple[Cell | Figure, ...] = (Figure.OVERDUE, Cell.DUE_SOON, Cell.WAITING, Figure.DONE, Figure.REST)
"""The five figures of the Monday mail: together they are everything."""

SUM_TITLES: dict[Figure, Texts] = {
    Figure.TOTAL: pair("Tổng giao", "All issued"),
    Figure.DONE: pair("Đã hoàn thành", "Done"),
    Figure.OPEN: pair("Chưa hoàn thành", "Open"),
    Figure.OVERDUE: pair("Quá hạn", "Overdue"),
    Figure.DUE: pair("Đã đến hạn", "Due"),
    Figure.ENDED: pair("Tạm dừng, thu hồi, kết thúc", "Suspended, withdrawn, closed"),
    Figure.REST: pair(
        "Còn lại: trong hạn, không thời hạn, tạm dừng, thu hồi",
        "The rest: in time, undated, suspended, withdrawn",
    ),
}


def cells_of(name: str) -> tuple[Cell, ...]:
    """The cells behind a name in an address: one cell or one sum; nothing for a word unknown."""
    if name in list(Figure):
        return SUMS[Figure(name)]
    return (Cell(name),) if name in list(Cell) else ()


def title_of(name: str) -> Texts:
    return SUM_TITLES[Figure(name)] if name in list(Figure) else TITLES[Cell(name)]


def cell(ledger: Ledger, rules: RulesOn, basis: Basis) -> ColumnElement[str]:
    """The cell of each row of the ledger."""
    due: Any = ledger.due_on if basis is Basis.REVISED else ledger.original_due_on
    reported = ledger.reported_on
    is_done = ledger.state.in_(sorted(rules.done))
    no_date = or_(ledger.due_on.is_(None), ledger.rhythm.is_not(None))
    return case(
        (and_(is_done, no_date), literal(Cell.DONE_UNDATED.value)),
        (and_(is_done, reported <= due), literal(Cell.DONE_ON_TIME.value)),
        (is_done, literal(Cell.DONE_LATE.value)),
        (ledger.state.in_(sorted(rules.not_done)), literal(Cell.NOT_DONE.value)),
        (ledger.state.in_(rules.states_in(Phase.CLOSED)), literal(Cell.WITHDRAWN.value)),
        (ledger.state.in_(rules.states_in(Phase.PAUSED)), literal(Cell.SUSPENDED.value)),
        (ledger.state.in_(rules.states_in(Phase.REVIEW)), literal(Cell.WAITING.value)),
        (due < rules.on - timedelta(days=SEASON), literal(Cell.OVERDUE_MORE.value)),
        (due < rules.on - timedelta(days=MONTH), literal(Cell.OVERDUE_120.value)),
        (due < rules.on, literal(Cell.OVERDUE_30.value)),
        (and_(no_date, or_(due.is_(None), due > rules.on)), literal(Cell.UNDATED.value)),
        (due <= rules.soon_until, literal(Cell.DUE_SOON.value)),
        else_=literal(Cell.IN_TIME.value),
    )
