"""Tables of figures: one row for each agency, supervision, programme, urgency or month, and their checked sum."""

from reports.document import Column, ColumnKind, Entry, Row, Table
from workflow.figures.cells import SUM_TITLES, TITLES, Basis, Cell, Figure
from workflow.figures.counting import Counts
from workflow.figures.scope import DIMENSIONS, NONE, Dimension
from workflow.words import Texts, pair

GROUPS: dict[Cell, Texts] = {
    Cell.DONE_ON_TIME: pair("Đã hoàn thành", "Done"),
    Cell.DONE_LATE: pair("Đã hoàn thành", "Done"),
    Cell.DONE_UNDATED: pair("Đã hoàn thành", "Done"),
    Cell.WAITING: pair("Chưa hoàn thành", "Open"),
    Cell.IN_TIME: pair("Chưa hoàn thành", "Open"),
    Cell.DUE_SOON: pair("Chưa hoàn thành", "Open"),
    Cell.OVERDUE_30: pair("Chưa hoàn thành", "Open"),
    Cell.OVERDUE_120: pair("Chưa hoàn thành", "Open"),
    Cell.OVERDUE_MORE: pair("Chưa hoàn thành", "Open"),
    Cell.UNDATED: pair("Chưa hoàn thành", "Open"),
    Cell.SUSPENDED: pair("Không tính", "Apart"),
    Cell.NOT_DONE: pair("Không tính", "Apart"),
    Cell.WITHDRAWN: pair("Không tính", "Apart"),
}
SHORT: dict[Cell, Texts] = {
    Cell.DONE_ON_TIME: pair("Đúng hạn", "On time"),
    Cell.DONE_LATE: pair("Quá hạn", "Late"),
    Cell.DONE_UNDATED: pair("Không hạn", "Undated"),
    Cell.OVERDUE_30: pair("Quá hạn ≤ 30 ngày", "Overdue ≤ 30 days"),
    Cell.OVERDUE_120: pair("Quá hạn 31–120", "Overdue 31–120"),
    Cell.OVERDUE_MORE: pair("Quá hạn > 120", "Overdue > 120"),
    Cell.NOT_DONE: pair("Kết thúc chưa xong", "Closed, not done"),
}
OF_DUE = pair("% đúng hạn / đến hạn", "% on time / due")
OF_ALL = pair("% hoàn thành / tổng giao", "% done / all")
BASES: dict[Basis, Texts] = {
    Basis.REVISED: pair("theo hạn điều chỉnh", "by the revised date"),
    Basis.ORIGINAL: pair("theo hạn gốc", "by the original date"),
}


SUM = pair("Tổng cộng", "Sum")


def columns(by: Dimension) -> tuple[Column, ...]:
    counts = ColumnKind.COUNT
    return (
        Column("place", pair("TT", "No."), counts, 3),
        Column("key", pair("Mã", "Code"), width=6),
        Column("name", DIMENSIONS[by], width=16),
        Column("total", SUM_TITLES[Figure.TOTAL], counts, 5),
        *(Column(one.value, SHORT.get(one, TITLES[one]), counts, 5, GROUPS[one]) for one in Cell),
        Column("of_due", OF_DUE, ColumnKind.PERCENT, 6),
        Column("of_all", OF_ALL, ColumnKind.PERCENT, 6),
        Column("extensions", pair("Số lần gia hạn", "Extensions"), counts, 5),
    )


def figure_table(rows: list[Counts], total: Counts, by: Dimension, basis: Basis, locale: str) -> Table:
    title = pair(
        f"Tình hình thực hiện theo {DIMENSIONS[by]['vi'].lower()}, {BASES[basis]['vi']}",
        f"By {DIMENSIONS[by]['en'].lower()}, {BASES[basis]['en']}",
    )
    body = [_row(place, row.key, row.title, row) for place, row in enumerate(rows, 1)]
    return Table(f"by_{by.value}_{basis.value}", title, columns(by), body, _row(None, "", SUM[locale], total))


def _row(place: int | None, key: str, title: str, counts: Counts) -> Row:
    return (
        Entry(place),
        *(Entry("" if one == NONE else one) for one in (key, title)),
        Entry(counts[Figure.TOTAL], counts.link(Figure.TOTAL)),
        *(Entry(counts[one], counts.link(one)) for one in Cell),
        Entry(counts.of_due.percent, counts.link(Figure.DUE)),
        Entry(counts.of_all.percent, counts.link(Figure.TOTAL)),
        Entry(counts.extensions),
    )
