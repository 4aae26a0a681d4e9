"""From a wish to a file: one function for the command, the page, the API and the clock."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from reports import heads
from reports.contents import report
from reports.document import Report
from reports.register_table import ANNEX, COLUMNS
from reports.request import MEDIA, Format, Letterhead, Wanted
from workflow import rulebook
from workflow.access import Actor


@dataclass(frozen=True)
class Office:
    """Where papers are made: its letterhead, its own templates under `home`, the address of its pages."""

    head: Letterhead
    home: Path
    base_url: str


@dataclass(frozen=True)
class MadeFile:
    name: str
    media_type: str
    content: bytes


def make(
    db: Session, actor: Actor, wanted: Wanted, format_: Format, office: Office, now: datetime
) -> MadeFile:
    """Raises InputWrong for a format this report has not, FiguresDiffer rather than sums that do not close."""
    wanted.check(format_)
    today = rulebook.local_day(now, rulebook.active_policy(db).zone)
    made = report(db, actor, wanted, today)
    name = f"{wanted.kind.value}-{wanted.scope.on.isoformat()}.{format_.value}"
    return MadeFile(name, MEDIA[format_], written(made, format_, wanted.locale, office, now))


def written(made: Report, format_: Format, locale: str, office: Office, now: datetime) -> bytes:
    """Each writer is loaded with the first file it makes: most processes make none."""
    if format_ is Format.DOCX:
        return docx_file(made, locale, office)
    from reports import data_files, printed, workbook

    if format_ is Format.XLSX:
        return workbook.xlsx_file(made, locale, office.base_url)
    if format_ is Format.CSV:
        return data_files.csv_file(made, locale)
    if format_ is Format.JSON:
        return data_files.json_file(made, office.base_url)
    if format_ is Format.JSONL:
        return data_files.json_lines(made, office.base_url)
    if format_ is Format.ICS:
        return data_files.calendar_file(made, office.base_url, now)
    return printed.html_file(printable(made), locale, office)


def docx_file(made: Report, locale: str, office: Office) -> bytes:
    from reports import frames, paper

    head = office.head
    own = frames.template(office.home, head.profile, f"report-{made.orientation.value}")
    frame = own or frames.report_frame(head.profile, made.orientation)
    context = {
        "number": "Số: ……-BC/……" if head.profile.value == "dang" else "Số: ……/BC-……",
        "day": heads.day_line(head.place, made.on),
        "title": made.title[locale],
        "subtitle": made.subtitle[locale],
        "remarks": [one[locale] for one in made.remarks],
        "paragraphs": [one[locale] for one in made.paragraphs],
        "recipients": ["……………"],
        "signs": "……………",
    }
    return paper.filled(frame, context, printable(made).tables, locale, head)


def printable(made: Report) -> Report:
    """On paper the register is its annex; the columns for programs stay in the data formats."""
    tables = tuple(
        replace(one, columns=ANNEX, rows=[row[: len(ANNEX)] for row in one.rows])
        if one.columns == COLUMNS
        else one
        for one in made.tables
    )
    return replace(made, tables=tables)
