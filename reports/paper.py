"""Filling a frame: words through its fields, tables as ready markup (a cell at a time would take minutes)."""

import io
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml
from docx.shared import Emu
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from reports.document import Column, ColumnKind, Row, Table, shown
from reports.request import Letterhead

MARK = "\u27e6tables\u27e7"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ALIGN = {ColumnKind.TEXT: "left", ColumnKind.DATE: "center"}
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
SMALL, MANY = 9, 8


def filled(
    frame: bytes, context: dict[str, Any], tables: Iterable[Table], locale: str, head: Letterhead
) -> bytes:
    """A template can only name fields: it runs in a sandbox, and values are escaped."""
    paper = DocxTemplate(io.BytesIO(frame))
    values = {name: _clean(value) for name, value in {**context, **_head(head), "tables": MARK}.items()}
    paper.render(values, SandboxedEnvironment(autoescape=True))
    out = io.BytesIO()
    paper.save(out)
    return _with_tables(out.getvalue(), list(tables), locale)


def _head(head: Letterhead) -> dict[str, str]:
    return {"parent": (head.parent or "").upper(), "body": head.body.upper()}


def _clean(value: Any) -> Any:
    """What no Word file may hold; lists keep their shape."""
    if isinstance(value, str):
        return value.translate(CONTROL)
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _with_tables(content: bytes, tables: list[Table], locale: str) -> bytes:
    paper: Any = docx.Document(io.BytesIO(content))
    section = paper.sections[0]
    width = Emu(section.page_width - section.left_margin - section.right_margin).twips
    mark = next((one for one in paper.paragraphs if MARK in one.text), None) or paper.add_paragraph()
    for table in tables:
        for part in _parts(table, locale, width):
            mark._element.addprevious(parse_xml(part))
    mark._element.getparent().remove(mark._element)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _parts(table: Table, locale: str, width: int) -> Iterable[str]:
    yield _paragraph(table.title[locale], bold=True, size=13, before=160, keep=True)
    if table.rows:
        yield _markup(table, locale, width)
    else:
        yield _paragraph({"vi": "Không có.", "en": "None."}[locale], size=13)


def _paragraph(text: str, *, bold: bool = False, size: int = 13, before: int = 0, keep: bool = False) -> str:
    keeping = "<w:keepNext/>" if keep else ""
    return f'<w:p {W}><w:pPr>{keeping}<w:spacing w:before="{before}" w:after="60"/></w:pPr>{_run(text, bold, size)}</w:p>'


def _run(text: str, bold: bool, size: int) -> str:
    weight = "<w:b/>" if bold else ""
    said = escape(text.translate(CONTROL))
    return (
        f'<w:r><w:rPr>{weight}<w:sz w:val="{size * 2}"/></w:rPr><w:t xml:space="preserve">{said}</w:t></w:r>'
    )


def _markup(table: Table, locale: str, width: int) -> str:
    whole = sum(column.width for column in table.columns)
    widths = [round(width * column.width / whole) for column in table.columns]
    size = SMALL if len(table.columns) > MANY else 12
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    edge = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margin = '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
    shape = f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{edge}</w:tblBorders><w:tblLayout w:type="fixed"/>{margin}</w:tblPr>'
    rows = "".join(_row(row, table.columns, widths, locale, size) for row in table.rows)
    total = "" if table.total is None else _row(table.total, table.columns, widths, locale, size, bold=True)
    heading = _headings(table.columns, widths, locale, size)
    return f"<w:tbl {W}>{shape}<w:tblGrid>{grid}</w:tblGrid>{heading}{rows}{total}</w:tbl>"


def _headings(columns: tuple[Column, ...], widths: list[int], locale: str, size: int) -> str:
    """One row, or two where neighbours share a group: it spans them, the others span both rows."""
    lower = "".join(
        _cell(column.title[locale] if column.group or not _grouped(columns) else "", width, "center", True, size,
              "" if column.group or not _grouped(columns) else "<w:vMerge/>")
        for column, width in zip(columns, widths, strict=True)
    )  # fmt: skip
    upper = f"{_heading(_upper(columns, widths, locale, size))}" if _grouped(columns) else ""
    return upper + _heading(lower)


def _grouped(columns: tuple[Column, ...]) -> bool:
    return any(column.group for column in columns)


def _heading(cells: str) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _upper(columns: tuple[Column, ...], widths: list[int], locale: str, size: int) -> str:
    cells, at = "", 0
    while at < len(columns):
        group, end = columns[at].group, at + 1
        while group and end < len(columns) and columns[end].group == group:
            end += 1
        more = f'<w:gridSpan w:val="{end - at}"/>' if group else '<w:vMerge w:val="restart"/>'
        text = (group or columns[at].title)[locale]
        cells += _cell(text, sum(widths[at:end]), "center", True, size, more)
        at = end
    return cells


def _row(
    row: Row, columns: tuple[Column, ...], widths: list[int], locale: str, size: int, *, bold: bool = False
) -> str:
    cells = "".join(
        _cell(shown(entry.value, column.kind, locale), width, ALIGN.get(column.kind, "right"), bold, size)
        for entry, column, width in zip(row, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(text: str, width: int, align: str, bold: bool, size: int, more: str = "") -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}</w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{_run(text, bold, size)}</w:p></w:tc>'
    )
