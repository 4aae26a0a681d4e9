"""Reports as data: CSV, JSON, JSON lines and a calendar."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from reports.document import Entry, Report, Table

if TYPE_CHECKING:
    from icalendar import Event

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\x00")


def safe_text(value: str) -> str:
    """A spreadsheet runs what begins like a formula; an apostrophe in front makes it text again."""
    return f"'{value}" if value.startswith(DANGEROUS) else value


def plain_text(value: str) -> str:
    """What `safe_text` wrote, read back."""
    return value[1:] if value[:1] == "'" and value[1:].startswith(DANGEROUS) else value


def csv_file(report: Report, locale: str) -> bytes:
    """All tables under each other, UTF-8 with a mark that spreadsheets need; dates as ISO."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    alone = len(report.tables) == 1
    for table in report.tables:
        if not alone:
            writer.writerow([safe_text(table.title[locale])])
        writer.writerow([safe_text(column.title[locale]) for column in table.columns])
        writer.writerows([_cell(entry) for entry in row] for row in table.rows)
        if table.total is not None:
            writer.writerow([_cell(entry) for entry in table.total])
        if not alone:
            writer.writerow([])
    if not alone:
        writer.writerows([[safe_text(remark[locale])] for remark in (report.subtitle, *report.remarks)])
    return out.getvalue().encode("utf-8-sig")


def _cell(entry: Entry) -> str:
    if entry.value is None:
        return ""
    if isinstance(entry.value, date):
        return entry.value.isoformat()
    return safe_text(entry.value) if isinstance(entry.value, str) else str(entry.value)


def json_document(report: Report, base_url: str) -> dict[str, Any]:
    """For programs: every column by its key, every figure with the address of its list."""
    return {
        "kind": report.kind,
        "title": report.title,
        "as_of": report.on.isoformat(),
        "since": report.since.isoformat() if report.since else None,
        "remarks": list(report.remarks),
        "paragraphs": list(report.paragraphs),
        "tables": [_table(table, base_url) for table in report.tables],
    }


def _table(table: Table, base_url: str) -> dict[str, Any]:
    total = None if table.total is None else _object(table, table.total, base_url)
    return {
        "key": table.key,
        "title": table.title,
        "columns": [{"key": one.key, "title": one.title, "kind": one.kind.value} for one in table.columns],
        "rows": [_object(table, row, base_url) for row in table.rows],
        "total": total,
    }


def _object(table: Table, row: tuple[Entry, ...], base_url: str) -> dict[str, Any]:
    pairs = list(zip(table.columns, row, strict=True))
    links = {column.key: f"{base_url}{entry.link}" for column, entry in pairs if entry.link}
    return {**{column.key: _json(entry) for column, entry in pairs}, **({"links": links} if links else {})}


def _json(entry: Entry) -> Any:
    return entry.value.isoformat() if isinstance(entry.value, date) else entry.value


def json_file(report: Report, base_url: str) -> bytes:
    return json.dumps(json_document(report, base_url), ensure_ascii=False, indent=1).encode() + b"\n"


def json_lines(report: Report, base_url: str) -> bytes:
    """One directive a line, for the tracker of the level above."""
    lines = (
        json.dumps(_object(table, row, base_url), ensure_ascii=False, separators=(",", ":"))
        for table in report.tables
        for row in table.rows
    )
    return "".join(f"{line}\n" for line in lines).encode()


def calendar_file(report: Report, base_url: str, made_at: datetime) -> bytes:
    """An all-day entry on each due day; the directive's code makes it the same entry next time."""
    from icalendar import Calendar  # loaded with the first calendar that is made

    calendar = Calendar()
    calendar.add("prodid", "-//dondoc//report//VI")
    calendar.add("version", "2.0")
    for event in _events(report, base_url, made_at):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(report: Report, base_url: str, made_at: datetime) -> Iterator["Event"]:
    for table in report.tables:
        for row in table.rows:
            known = {column.key: entry for column, entry in zip(table.columns, row, strict=True)}
            due_on = known["due_on"].value
            if isinstance(due_on, date):
                yield _event(known, due_on, base_url, made_at)


def _event(known: dict[str, Entry], due_on: date, base_url: str, made_at: datetime) -> "Event":
    from icalendar import Event

    event, code = Event(), known["code"].value
    event.add("uid", f"{str(code).lower()}.due@dondoc")
    event.add("dtstamp", made_at)
    event.add("dtstart", due_on)
    event.add("summary", f"{code}: {known['title'].value or known['text'].value}")
    event.add("url", f"{base_url}{known['code'].link}")
    event.add("transp", "TRANSPARENT")
    return event
