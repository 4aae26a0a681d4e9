"""Reports as a workbook: real numbers and dates, filters, a heading that stays, and no cell that could run."""

import io
from datetime import date
from typing import Any

import xlsxwriter

from reports.document import Column, ColumnKind, Entry, Report, Table

WIDEST, SHEET_NAME, LONGEST_URL = 60, 31, 2_000
MOST_LINKED_ROWS = 3_500  # a sheet holds 65,530 links, and a table of figures has eighteen a row
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
}


class Workbook:
    """One sheet a table, remarks on a last one."""

    def __init__(self, report: Report, locale: str, base_url: str) -> None:
        self.report, self.locale, self.base_url = report, locale, base_url
        self.out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.out, OPTIONS)
        font = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "border": 1}
        self.heading = self.book.add_format(
            {**font, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E6E6E6"}
        )
        self.title = self.book.add_format({"font_name": "Times New Roman", "font_size": 13, "bold": True})
        numbers: dict[ColumnKind, dict[str, Any]] = {
            ColumnKind.TEXT: {"text_wrap": True},
            ColumnKind.COUNT: {"num_format": "0"},
            ColumnKind.PERCENT: {"num_format": "0.0"},
            ColumnKind.DATE: {"num_format": "dd/mm/yyyy", "align": "center"},
            ColumnKind.NUMBER: {"num_format": "0.0"},
        }
        self.formats = {kind: self.book.add_format({**font, **more}) for kind, more in numbers.items()}
        self.bold = {
            kind: self.book.add_format({**font, **more, "bold": True}) for kind, more in numbers.items()
        }

    def content(self) -> bytes:
        for place, table in enumerate(self.report.tables, 1):
            self._table(table, place)
        self._remarks()
        self.book.close()
        return self.out.getvalue()

    def _table(self, table: Table, place: int) -> None:
        name = f"{place} {table.title[self.locale]}".translate(FORBIDDEN)[:SHEET_NAME].strip()
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 2)
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, min(WIDEST, column.width + 6))
            sheet.write_string(0, at, column.title[self.locale], self.heading)
        for line, row in enumerate(table.rows, 1):
            self._row(
                sheet, line, table.columns, row if line <= MOST_LINKED_ROWS else _unlinked(row), self.formats
            )
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        if table.total is not None:
            self._row(sheet, len(table.rows) + 1, table.columns, table.total, self.bold)

    def _row(
        self, sheet: Any, line: int, columns: tuple[Column, ...], row: tuple[Entry, ...], formats: Any
    ) -> None:
        for at, (column, entry) in enumerate(zip(columns, row, strict=True)):
            self._cell(sheet, line, at, entry, formats[column.kind])

    def _cell(self, sheet: Any, line: int, at: int, entry: Entry, shape: Any) -> None:
        """By the type of the value, never by its looks: a text that begins with = stays a text."""
        value = entry.value
        if entry.link and len(self.base_url + entry.link) <= LONGEST_URL:
            sheet.write_url(line, at, self.base_url + entry.link, shape, "")
        if value is None:
            sheet.write_blank(line, at, None, shape)
        elif isinstance(value, date):
            sheet.write_datetime(line, at, value, shape)
        elif isinstance(value, str):
            sheet.write_string(line, at, value.replace("\x00", ""), shape)
        else:
            sheet.write_number(line, at, value, shape)

    def _remarks(self) -> None:
        sheet = self.book.add_worksheet({"vi": "Ghi chú", "en": "Remarks"}[self.locale])
        sheet.set_column(0, 0, 110)
        wrap = self.formats[ColumnKind.TEXT]
        sheet.write_string(0, 0, self.report.title[self.locale], self.title)
        said = (self.report.subtitle, *self.report.remarks, *self.report.paragraphs)
        for line, text in enumerate(said, 1):
            sheet.write_string(line, 0, text[self.locale], wrap)


def _unlinked(row: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return tuple(Entry(entry.value) for entry in row)


def xlsx_file(report: Report, locale: str, base_url: str) -> bytes:
    return Workbook(report, locale, base_url).content()
