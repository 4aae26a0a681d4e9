"""Reading somebody's table: .xlsx or .csv, whatever their separator, as text and dates with their places."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflow.errors import WorkflowError
from workflow.findings import Finding
from workflow.importing.headings import ColumnMap, find_heading
from workflow.importing.rows import ImportInvalid
from workflow.words import Texts, pair

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_UNPACKED = 300 * 2**20
MOST_PARTS = 2_000
LONGEST = 32_000
EPOCH, EARLIEST, LATEST = date(1899, 12, 30), date(1990, 1, 1), date(2100, 12, 31)
SHAPES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")
Value = str | int | float | date | None


class SheetRefused(WorkflowError):
    """Not a table we can read; nothing was imported."""

    sentences = {"vi": "{name}: {why}", "en": "{name}: {why}"}
    exit_code = 2
    http_status = 422


@dataclass(frozen=True)
class Line:
    """One row below the heading: `number` counts from 1 as the spreadsheet does, `at` is each field's column."""

    number: int
    values: dict[str, Value]
    at: dict[str, int]

    def text(self, key: str) -> str:
        """A formula is the text it was typed as; a whole number has no decimals; our own apostrophe goes."""
        value = self.values.get(key)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        said = "" if value is None else str(value).strip()
        return said[1:] if said[:1] == "'" and said[1:].startswith(FORMULA) else said

    def day(self, key: str) -> date | None:
        """Raises ValueError for what is no day between 1990 and 2100."""
        value = self.values.get(key)
        if isinstance(value, date):
            return _bounded(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _bounded(EPOCH + timedelta(days=int(value))) if 0 < value < 100_000 else _none(value)
        said = self.text(key)
        return _bounded(_parsed(said)) if said else None

    def finding(self, key: str, why: Texts) -> Finding:
        from openpyxl.utils import get_column_letter

        column = self.at.get(key, 0) + 1
        return Finding(
            self.number, column, f"{key} ({get_column_letter(column)})", self.text(key)[:80], why, ""
        )


def _none(value: object) -> date:
    raise ValueError(value)


def _bounded(on: date) -> date:
    return on if EARLIEST <= on <= LATEST else _none(on)


def _parsed(text: str) -> date:
    for shape in SHAPES:
        try:
            return datetime.strptime(text.split()[0], shape).date()  # noqa: DTZ007 - a civil date has no zone
        except ValueError:
            continue
    return _none(text)


def read_sheet(content: bytes, name: str, mapping: ColumnMap) -> list[Line]:
    """Raises SheetRefused when it is no table, has no heading we know, or is longer than we take."""
    rows = list(
        _limited(_xlsx(content, name, mapping.sheet) if content[:2] == b"PK" else _csv(content, name), name)
    )
    heading = find_heading([["" if one is None else str(one) for one in row] for row in rows[:50]], mapping)
    if heading is None:
        raise SheetRefused(name=name, why=NO_HEADING)
    start, columns = heading
    return [
        _line(number, row, columns)
        for number, row in enumerate(rows[start + 1 :], start + 2)
        if any_value(row)
    ]


def any_value(row: Sequence[Value]) -> bool:
    return any(value not in (None, "") for value in row)


def _line(number: int, row: Sequence[Value], columns: dict[int, str]) -> Line:
    values = {key: row[at] if at < len(row) else None for at, key in columns.items()}
    return Line(number, values, {key: at for at, key in columns.items()})


def _limited(rows: Iterable[Sequence[Value]], name: str) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise SheetRefused(name=name, why=TOO_LONG)
        yield [_short(value) for value in row[:MOST_COLUMNS]]


def _short(value: Value) -> Value:
    return value.replace("\x00", "")[:LONGEST] if isinstance(value, str) else value


def _xlsx(content: bytes, name: str, sheet: str | None) -> Iterator[Sequence[Value]]:
    """Formulas come as the text they are; nothing is computed, no link is followed."""
    import openpyxl  # with numpy behind it: only who reads a spreadsheet pays for that

    _check_zip(content, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        raise SheetRefused(name=name, why=NOT_READABLE) from error
    if sheet is not None and sheet not in book.sheetnames:
        raise SheetRefused(
            name=name, why=pair(f"không có trang tính '{sheet}'.", f"there is no sheet '{sheet}'.")
        )
    try:  # a workbook is opened part by part: a broken sheet shows only here
        chosen = book[sheet] if sheet else book.worksheets[0]
        chosen.reset_dimensions()
        for row in chosen.iter_rows(values_only=True):
            yield [_cell(value) for value in row]
    except Exception as error:
        raise SheetRefused(name=name, why=NOT_READABLE) from error
    finally:
        book.close()


def _cell(value: object) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, str | int | float | date):
        return value
    return str(getattr(value, "text", value))


def _check_zip(content: bytes, name: str) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise SheetRefused(name=name, why=NOT_READABLE) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise SheetRefused(name=name, why=BOMB)


def _csv(content: bytes, name: str) -> Iterator[Sequence[Value]]:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetRefused(name=name, why=NOT_UTF8) from error
    head = text[:20_000]
    separator = max((",", ";", "\t"), key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise SheetRefused(name=name, why=NOT_READABLE) from error


def check_any(lines: Sequence[Line], findings: Sequence[Finding], name: str, *, partial: bool) -> None:
    """All or nothing, unless a part was asked for."""
    if not lines:
        raise SheetRefused(name=name, why=EMPTY)
    if findings and not partial:
        raise ImportInvalid(name, findings)


NO_HEADING = pair(
    "không tìm thấy dòng tiêu đề có cột nội dung và ít nhất 3 cột nhận ra được. Dùng tệp ánh xạ: --map.",
    "no heading row with the text and at least 3 known columns. Give a mapping file: --map.",
)
TOO_LONG = pair(f"quá {MOST_ROWS} dòng; hãy tách tệp.", f"more than {MOST_ROWS} rows; split the file.")
NOT_READABLE = pair("không đọc được: cần .xlsx hoặc .csv.", "not readable: .xlsx or .csv is needed.")
NOT_UTF8 = pair("tệp .csv phải là UTF-8 hoặc UTF-16.", "a .csv must be UTF-8 or UTF-16.")
BOMB = pair("tệp nén bất thường.", "it unpacks to something unreasonable.")
EMPTY = pair("không có dòng nào dưới tiêu đề.", "there is no row below the heading.")
