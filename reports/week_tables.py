"""The tables of the weekly report."""

from collections.abc import Sequence

from reports.document import Column, ColumnKind, Entry, Table
from reports.figure_tables import SUM
from reports.register_table import SECRET
from workflow.figures.cells import TITLES, Cell, Figure, title_of
from workflow.figures.listing import Row
from workflow.figures.week import Week
from workflow.words import Texts, pair

COUNT, DATE = ColumnKind.COUNT, ColumnKind.DATE
CODE = Column("code", pair("Mã", "Code"), width=12)
TITLE = Column("title", pair("Nhiệm vụ", "Directive"), width=27)
MOST_CHANGES = 100
SHORT: dict[Cell | Figure, Texts] = {Figure.REST: pair("Còn lại", "The rest")}


def figures(week: Week, locale: str) -> Table:
    """Five counts and their sum, which is everything that was issued."""
    columns = (
        Column("name", pair("Tình trạng", "Figure"), width=40),
        Column("count", pair("Số nhiệm vụ", "Directives"), COUNT, 10),
    )
    rows = [(Entry(title_of(one.value)[locale]), Entry(count, link)) for one, count, link in week.figures]
    total = (
        Entry({"vi": "Tổng giao", "en": "All issued"}[locale]),
        Entry(week.counts[Figure.TOTAL], week.counts.link(Figure.TOTAL)),
    )
    return Table("figures", pair("Năm số liệu của tuần", "Five figures"), columns, rows, total)


def agencies(week: Week, locale: str) -> Table:
    names: tuple[Cell | Figure, ...] = (
        Figure.TOTAL,
        Figure.DONE,
        Cell.WAITING,
        Cell.DUE_SOON,
        Figure.OVERDUE,
        Figure.REST,
    )
    columns = (
        Column("agency", pair("Cơ quan chủ trì", "Lead agency"), width=26),
        *(Column(one.value, SHORT.get(one, title_of(one.value)), COUNT, 8) for one in names),
        Column("of_due", pair("% đúng hạn / đến hạn", "% on time / due"), ColumnKind.PERCENT, 8),
    )
    rows = [
        (
            Entry(row.title),
            *(Entry(row[one], row.link(one)) for one in names),
            Entry(row.of_due.percent, row.link(Figure.DUE)),
        )
        for row in sorted(week.agencies, key=lambda one: one.title)
    ]
    whole = week.counts
    total = (
        Entry(SUM[locale]),
        *(Entry(whole[one], whole.link(one)) for one in names),
        Entry(whole.of_due.percent, whole.link(Figure.DUE)),
    )
    return Table("agencies", pair("Theo cơ quan", "By agency"), columns, rows, total)


def changes(week: Week, locale: str) -> Table:
    columns = (
        Column("on", pair("Ngày", "Day"), DATE, 13),
        CODE,
        TITLE,
        Column("what", pair("Thay đổi", "Change"), width=18),
    )
    rows = [
        (
            Entry(one.on),
            Entry(one.code, f"/nhiem-vu/{one.code}"),
            Entry(SECRET[locale] if one.is_secret else one.title),
            Entry(one.what[locale]),
        )
        for one in week.changes[:MOST_CHANGES]
    ]
    more = len(week.changes) - len(rows)
    title = (
        pair("Thay đổi trong tuần", "What changed")
        if not more
        else pair(
            f"Thay đổi trong tuần ({MOST_CHANGES} mới nhất, còn {more} nữa)",
            f"What changed (the latest {MOST_CHANGES}, {more} more)",
        )
    )
    return Table("changes", title, columns, rows)


def waiting(week: Week, locale: str) -> Table:
    columns = (
        CODE, TITLE, Column("what", pair("Chờ việc", "What"), width=12), Column("whom", pair("Chờ ai", "Whom"), width=14),
        Column("since", pair("Từ ngày", "Since"), DATE, 13), Column("due", pair("Hạn", "Due"), DATE, 13),
    )  # fmt: skip
    rows = [
        (Entry(one.code, f"/nhiem-vu/{one.code}"), Entry(SECRET[locale] if one.is_secret else one.title), Entry(one.what[locale]), Entry(one.whom),
         Entry(one.since_on), Entry(one.due_on))
        for one in week.waiting
    ]  # fmt: skip
    return Table("waiting", pair("Việc đang chờ", "What waits for whom"), columns, rows)


def directives(key: str, title: dict[str, str], rows: Sequence[Row], locale: str) -> Table:
    columns = (
        CODE, TITLE, Column("lead", pair("Chủ trì", "Lead"), width=16), Column("due", pair("Thời hạn", "Due"), DATE, 13),
        Column("status", pair("Tình trạng", "Status"), width=18), Column("level", pair("Cấp", "Level"), COUNT, 6),
    )  # fmt: skip
    body = [
        (Entry(one.code, f"/nhiem-vu/{one.code}"), Entry(SECRET[locale] if one.is_secret else one.title), Entry(one.lead_name), Entry(one.due_on),
         Entry(TITLES[one.cell][locale]), Entry(one.level))
        for one in rows
    ]  # fmt: skip
    return Table(key, title, columns, body)
