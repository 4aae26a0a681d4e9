"""The annex: one row for each directive, with every column an office asks for."""

from collections.abc import Sequence
from datetime import date

from reports.document import Column, ColumnKind, Entry, Row, Table
from workflow.figures.cells import TITLES
from workflow.figures.listing import Row as Directive
from workflow.words import Texts, pair

SECRET = pair("Nhiệm vụ mật: xem trong hệ thống.", "Secret: to be read in the system.")
URGENCIES: dict[str, Texts] = {
    "urgent": pair("khẩn", "urgent"),
    "very_urgent": pair("thượng khẩn", "very urgent"),
    "express": pair("hỏa tốc", "express"),
}
DATE, COUNT = ColumnKind.DATE, ColumnKind.COUNT
ANNEX = (
    Column("place", pair("STT", "No."), COUNT, 4),
    Column("code", pair("Mã", "Code"), width=9),
    Column("text", pair("Nội dung nhiệm vụ", "Directive"), width=20),
    Column("source", pair("Văn bản, buổi làm việc", "Source"), width=10),
    Column("lead_name", pair("Cơ quan chủ trì", "Lead"), width=10),
    Column("coordinating_names", pair("Cơ quan phối hợp", "Coordinating"), width=9),
    Column("original_due_on", pair("Hạn gốc", "Original due"), DATE, 11),
    Column("due_on", pair("Hạn điều chỉnh", "Revised due"), DATE, 11),
    Column("product", pair("Sản phẩm", "Product"), width=9),
    Column("result", pair("Kết quả, minh chứng", "Result, evidence"), width=12),
    Column("status", pair("Trạng thái", "Status"), width=12),
    Column("difficulty", pair("Khó khăn, kiến nghị", "Difficulties"), width=9),
    Column("level", pair("Mức đôn đốc", "Level"), COUNT, 6),
)
MORE = (
    Column("supervision", pair("Cuộc giám sát", "Supervision"), width=6),
    Column("subject", pair("Nội dung giám sát", "Subject"), width=12),
    Column("session_on", pair("Ngày làm việc", "Session"), DATE, 9),
    Column("delegation", pair("Mã đoàn giám sát", "Delegation code"), width=6),
    Column("delegation_name", pair("Đoàn giám sát", "Delegation"), width=9),
    Column("programme", pair("Chương trình", "Programme"), width=6),
    Column("urgency", pair("Độ khẩn", "Urgency"), width=5),
    Column("title", pair("Tiêu đề", "Title"), width=12),
    Column("lead", pair("Mã cơ quan chủ trì", "Lead code"), width=6),
    Column("coordinating", pair("Mã cơ quan phối hợp", "Coordinating codes"), width=6),
    Column("issued_on", pair("Ngày giao", "Issued"), DATE, 9),
    Column("rhythm", pair("Nhịp báo cáo", "Rhythm"), width=8),
    Column("acknowledged_on", pair("Ngày tiếp nhận", "Acknowledged"), DATE, 9),
    Column("reported_on", pair("Ngày báo cáo", "Reported"), DATE, 9),
    Column("state", pair("Mã trạng thái", "State"), width=7),
    Column("state_on", pair("Ngày của trạng thái", "State since"), DATE, 9),
    Column("evidence", pair("Minh chứng", "Evidence"), width=9),
    Column("extensions", pair("Số lần gia hạn", "Extensions"), COUNT, 5),
    Column("secret", pair("Mật", "Secret"), width=4),
)
COLUMNS = (*ANNEX, *MORE)


def annex(rows: Sequence[Directive], title: Texts, locale: str, *, key: str = "annex") -> Table:
    """The printed annex: the columns of the form."""
    return Table(
        key, title, ANNEX, [_row(place, row, locale)[: len(ANNEX)] for place, row in enumerate(rows, 1)]
    )


def register(rows: Sequence[Directive], locale: str) -> Table:
    """The register as a file: the annex, and what another system needs to take it over."""
    title = pair("Danh mục nhiệm vụ", "Register of directives")
    return Table("register", title, COLUMNS, [_row(place, row, locale) for place, row in enumerate(rows, 1)])


def _row(place: int, row: Directive, locale: str) -> Row:
    hidden = row.is_secret
    values: tuple[str | int | date | None, ...] = (
        place,
        row.code,
        SECRET[locale] if hidden else row.text,
        row.source or None,
        row.lead_name,
        "; ".join(row.coordinating_names) or None,
        row.original_due_on,
        row.due_on,
        None if hidden else row.product,
        None if hidden else row.result,
        _status(row, locale),
        None if hidden else row.difficulty,
        row.level,
        row.supervision,
        row.subject,
        row.session_on,
        row.delegation,
        row.delegation_name,
        row.programme,
        row.urgency,
        None if hidden else row.title,
        row.lead,
        "; ".join(row.coordinating) or None,
        row.issued_on,
        row.rhythm,
        row.acknowledged_on,
        row.reported_on,
        row.state,
        row.state_on,
        None if hidden else "; ".join(row.evidence) or None,
        row.extensions,
        "x" if hidden else None,
    )
    linked = {1: f"/nhiem-vu/{row.code}"}
    return tuple(Entry(value, linked.get(place)) for place, value in enumerate(values))


def _status(row: Directive, locale: str) -> str:
    """Where it is in its life, and how it stands to its date; said once where both are one."""
    state, standing = row.state_title[locale], TITLES[row.cell][locale]
    if standing.lower().startswith(state.lower()):
        return standing
    return f"{state}; {standing.lower()}"
