"""dondoc calendar: which days are worked, and what a change of them moves."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from cli.acts import read_text
from cli.output import emit, remark, table
from cli.runtime import DAY, Runtime, pass_runtime
from cli.speech import Group, as_json, plans
from config.calendar_change import put_in_force
from config.calendar_import import is_icalendar, read_days
from workflow import calendar_edit, rulebook
from workflow.calendar import STATUSES, DayNote
from workflow.calendar_file import load_source
from workflow.models.rule_version import RuleKind
from workflow.recalendar import Moved
from workflow.words import OBLIGATIONS

NAME = rulebook.DEFAULT[RuleKind.CALENDAR]
KINDS = {
    "working": {"vi": "ngày làm việc", "en": "working day"},
    "weekend": {"vi": "cuối tuần", "en": "weekend"},
    "holiday": {"vi": "nghỉ lễ", "en": "holiday"},
    "exchanged_off": {"vi": "nghỉ hoán đổi", "en": "exchanged off"},
    "exchanged_working": {"vi": "làm bù", "en": "exchanged working"},
}


def command() -> click.Command:
    return calendar


@click.group(cls=Group, help="Lịch ngày làm việc / the working-day calendar.")
def calendar() -> None:
    pass


REASON = click.option("--reason", help="Lý do ghi vào nhật ký / reason for the journal.")
SOURCE = click.option("--source", required=True, help="Văn bản làm căn cứ / the decree it rests on.")
STATUS = click.option("--status", type=click.Choice(STATUSES), default="announced", help="Hiệu lực / status.")


@calendar.command(help="Ngày nghỉ, hoán đổi, làm bù của một năm / special days of a year.")
@click.argument("year", type=click.IntRange(2000, 2100))
@as_json
@pass_runtime
def show(runtime: Runtime, year: int, as_json: bool) -> None:
    with runtime.reading() as db:
        days = list(_special(rulebook.active_calendar(db).days(date(year, 1, 1), date(year, 12, 31))))
    if as_json:
        emit([_document(day) for day in days])
        return
    headers = {
        "vi": ("Ngày", "Thứ", "Loại", "Tên", "Hiệu lực", "Căn cứ"),
        "en": ("Day", "Weekday", "Kind", "Name", "Status", "Source"),
    }[runtime.lang]
    table(headers, [_cells(day, runtime.lang) for day in days])


def _special(days: list[DayNote]) -> Iterator[DayNote]:
    return (day for day in days if day.kind not in ("working", "weekend"))


def _cells(day: DayNote, locale: str) -> tuple[object, ...]:
    weekdays = {
        "vi": ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Chủ nhật"),
        "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    }[locale]
    return (
        day.on,
        weekdays[day.on.weekday()],
        KINDS[day.kind][locale],
        day.name[locale],
        day.status,
        day.source,
    )


def _document(day: DayNote) -> dict[str, Any]:
    return {
        "on": day.on, "open": day.is_open, "kind": day.kind, "name": day.name,
        "status": day.status, "source": day.source,
    }  # fmt: skip


@calendar.command(
    help="Ngày làm việc thứ N sau một ngày; N âm là trước đó / the N-th working day after, or before.",
    context_settings={"ignore_unknown_options": True},  # -1 is a number here
)
@click.argument("day", type=DAY)
@click.argument("number", type=int)
@as_json
@pass_runtime
def count(runtime: Runtime, day: date, number: int, as_json: bool) -> None:
    with runtime.reading() as db:
        found = rulebook.active_calendar(db)
        end = found.shift(day, number)
        between = found.days(min(day, end), max(day, end))
    if as_json:
        emit({"from": day, "days": number, "to": end, "between": [_document(one) for one in between]})
        return
    click.echo(f"{end:%d/%m/%Y}")
    skipped = [f"{one.on:%d/%m} ({one.name[runtime.lang]})" for one in between if not one.is_open]
    if skipped:
        remark(runtime.text(f"Bỏ qua: {', '.join(skipped)}.", f"Skipped: {', '.join(skipped)}."))


@calendar.command(help="Tệp lịch đang dùng / the calendar file in force.")
@pass_runtime
def export(runtime: Runtime) -> None:
    with runtime.reading() as db:
        click.echo(rulebook.active(db, RuleKind.CALENDAR).source, nl=False)


@calendar.command("import", help="Nhập tệp YAML (thay lịch) hoặc iCalendar (thêm ngày) / import a file.")
@click.argument("file")
@click.option("--source", help="Văn bản làm căn cứ, cho iCalendar / the decree, for iCalendar.")
@STATUS
@REASON
@plans
@pass_runtime
def import_file(
    runtime: Runtime,
    /,
    file: str,
    source: str | None,
    status: str,
    reason: str | None,
    yes: bool,
    dry_run: bool,
) -> None:
    text = read_text(runtime, file)
    if is_icalendar(text):
        text = _with(runtime, *read_days(text, source or file, status))
    _publish(runtime, text, reason or source or file, yes=yes, dry_run=dry_run)


@calendar.command(help="Thêm một ngày nghỉ hoặc ngày làm bù / add a day.")
@click.argument("day", type=DAY)
@click.option(
    "--kind", type=click.Choice(["holiday", "exchanged_off", "exchanged_working"]), default="holiday",
    help="Loại / kind.",
)  # fmt: skip
@click.option("--vi", required=True, help="Tên tiếng Việt / Vietnamese name.")
@click.option("--en", help="Tên tiếng Anh / English name.")
@SOURCE
@STATUS
@REASON
@plans
@pass_runtime
def add(
    runtime: Runtime,
    /,
    day: date,
    kind: str,
    vi: str,
    en: str | None,
    source: str,
    status: str,
    reason: str | None,
    yes: bool,
    dry_run: bool,
) -> None:
    one = calendar_edit.entry(day, kind, vi, en or vi, source, status)
    _publish(runtime, _with(runtime, one), reason or source, yes=yes, dry_run=dry_run)


@calendar.command(help="Xác nhận lịch một năm là chính thức / confirm a year's calendar.")
@click.argument("year", type=click.IntRange(2000, 2100))
@SOURCE
@REASON
@plans
@pass_runtime
def confirm(runtime: Runtime, year: int, source: str, reason: str | None, yes: bool, dry_run: bool) -> None:
    with runtime.reading() as db:
        text = rulebook.active(db, RuleKind.CALENDAR).source
    fresh = calendar_edit.confirmed(text, NAME, year)
    _publish(runtime, fresh, reason or source, yes=yes, dry_run=dry_run)


@calendar.command(help="Bỏ một ngày đã thêm; danh sách chung lại có hiệu lực / take a decreed day out.")
@click.argument("day", type=DAY)
@REASON
@plans
@pass_runtime
def remove(runtime: Runtime, day: date, reason: str | None, yes: bool, dry_run: bool) -> None:
    with runtime.reading() as db:
        text = rulebook.active(db, RuleKind.CALENDAR).source
    fresh = calendar_edit.without_day(text, NAME, day)
    _publish(runtime, fresh, reason or f"{day:%d/%m/%Y}", yes=yes, dry_run=dry_run)


@calendar.command(help="Nghỉ ngày này, làm bù ngày kia: swap 02/01/2026 for 10/01/2026 / exchange two days.")
@click.argument("off", type=DAY)
@click.argument("word", type=click.Choice(["for"]), metavar="for", expose_value=False)
@click.argument("worked", type=DAY)
@SOURCE
@STATUS
@REASON
@plans
@pass_runtime
def swap(
    runtime: Runtime,
    /,
    off: date,
    worked: date,
    source: str,
    status: str,
    reason: str | None,
    yes: bool,
    dry_run: bool,
) -> None:
    entries = (
        calendar_edit.entry(
            off, "exchanged_off", f"Nghỉ hoán đổi, làm bù {worked:%d/%m/%Y}", f"Off, worked on {worked:%d/%m/%Y}",
            source, status,
        ),
        calendar_edit.entry(
            worked, "exchanged_working", f"Làm bù cho {off:%d/%m/%Y}", f"Worked for {off:%d/%m/%Y}",
            source, status,
        ),
    )  # fmt: skip
    _publish(runtime, _with(runtime, *entries), reason or source, yes=yes, dry_run=dry_run)


def _with(runtime: Runtime, *entries: dict[str, Any]) -> str:
    with runtime.reading() as db:
        return calendar_edit.with_days(rulebook.active(db, RuleKind.CALENDAR).source, NAME, entries)


def _publish(runtime: Runtime, source: str, reason: str, *, yes: bool, dry_run: bool) -> None:
    """Every open due date that would move is shown before anything does."""
    runtime.yes = runtime.yes or yes
    load_source(source, NAME)
    with runtime.rehearsal() as desk:
        moved = put_in_force(desk, source, reason)
        _show_moved(runtime, moved)
    if dry_run:
        runtime.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
        return
    runtime.confirm(f"Áp dụng lịch mới? {len(moved)} hạn thay đổi.", f"Apply? {len(moved)} due dates move.")
    with runtime.desk() as desk:
        moved = put_in_force(desk, source, reason)
    runtime.say(
        f"Đã áp dụng lịch mới, {len(moved)} hạn thay đổi.",
        f"The calendar is in force, {len(moved)} due dates moved.",
    )


def _show_moved(runtime: Runtime, moved: list[Moved]) -> None:
    headers = {
        "vi": ("Mã", "Việc", "Hạn cũ", "Hạn mới"),
        "en": ("Code", "Act", "Due before", "Due now"),
    }[runtime.lang]
    rows = [
        (one.directive.code, OBLIGATIONS[one.obligation.kind][runtime.lang], one.was_on, one.due_on)
        for one in moved
    ]
    table(headers, rows)
