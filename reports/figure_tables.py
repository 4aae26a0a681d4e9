"""Tables of figures: one row for each agency, supervision, programme, urgency or month, and their checked sum."""

from reports.document import Column, ColumnKind, Entry, Row, Table
from workflow.figures.cells import SUM_TITLES, TITLES, Basis, Cell, Figure
from workflow.figures.counting import Counts, Share
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


def figure_table(rows: list[Counts], total: Counts, by: Dimension, basis: Basis) -> Table:
    title = pair(
        f"Tình hình thực hiện theo {DIMENSIONS[by]['vi'].lower()}, {BASES[basis]['vi']}",
        f"By {DIMENSIONS[by]['en'].lower()}, {BASES[basis]['en']}",
    )
    body = [_row(place, row) for place, row in enumerate(rows, 1)]
    return Table(f"by_{by.value}_{basis.value}", title, columns(by), body, _row(None, total))


def _row(place: int | None, counts: Counts) -> Row:
    named = (counts.key, counts.title) if place else ("", "Tổng cộng")
    return (
        Entry(place),
        *(Entry("" if one == NONE else one) for one in named),
        Entry(counts[Figure.TOTAL], counts.link(Figure.TOTAL)),
        *(Entry(counts[one], counts.link(one)) for one in Cell),
        Entry(counts.of_due.percent, counts.link(Figure.DUE)),
        Entry(counts.of_all.percent, counts.link(Figure.TOTAL)),
        Entry(counts.extensions),
    )


SUMMARY = (
    Column("name", pair("Chỉ tiêu", "Figure"), width=30),
    Column("count", pair("Số nhiệm vụ", "Directives"), ColumnKind.COUNT, 8),
    Column("whole", pair("Trên tổng", "Out of"), ColumnKind.COUNT, 8),
    Column("percent", pair("Tỷ lệ (%)", "Share (%)"), ColumnKind.PERCENT, 8),
)


def summary_table(counts: Counts, basis: Basis) -> Table:
    """Every cell of the whole with its share of all, then the two shares with their own denominators."""
    total = counts[Figure.TOTAL]
    rows: list[Row] = [
        (
            Entry(TITLES[one]["vi"]),
            Entry(counts[one], counts.link(one)),
            Entry(total),
            Entry(_of(counts[one], total)),
        )
        for one in Cell
    ]
    rows += [
        _share("Hoàn thành đúng hạn, trên nhiệm vụ đã đến hạn", counts.of_due, counts.link(Figure.DUE)),
        _share("Đã hoàn thành, trên tổng giao", counts.of_all, counts.link(Figure.DONE)),
    ]
    title = pair(f"Tổng hợp {BASES[basis]['vi']}", f"Summary, {BASES[basis]['en']}")
    return Table(f"summary_{basis.value}", title, SUMMARY, rows)


def _share(name: str, share: Share, link: str) -> Row:
    return Entry(name), Entry(share.part, link), Entry(share.whole), Entry(share.percent)


def _of(part: int, whole: int) -> float | None:
    return Share(part, whole).percent
