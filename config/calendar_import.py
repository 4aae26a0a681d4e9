"""Decreed days from an iCalendar file: each all-day event is a holiday, an exchanged day off, or a day worked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from workflow.calendar import LISTED_KINDS
from workflow.calendar_edit import entry
from workflow.errors import InputWrong
from workflow.words import Texts, pair

MARK = "BEGIN:VCALENDAR"
MOST_DAYS = 400
WORKED = ("làm bù", "đi làm", "working day")
OFF = ("hoán đổi", "nghỉ bù", "exchanged", "in lieu")


def is_icalendar(text: str) -> bool:
    return text.lstrip("\ufeff \r\n\t").upper().startswith(MARK)


def read_days(text: str, source: str, status: str) -> list[dict[str, Any]]:
    """Entries for `calendar_edit.with_days`; a category of the event names the kind, else its summary tells it."""
    from icalendar import Calendar  # for the rare day on which somebody brings such a file

    try:
        found = Calendar.from_ical(text)
    except ValueError as error:
        raise _wrong("VCALENDAR", pair("Không đọc được tệp lịch.", "The calendar cannot be read.")) from error
    days = [one for event in found.walk("VEVENT") for one in _days(event, source, status)]
    if not days:
        raise _wrong("VEVENT", pair("Tệp không có ngày nào.", "There is no day in the file."))
    if len(days) > MOST_DAYS:
        raise _wrong("VEVENT", pair(f"Nhiều hơn {MOST_DAYS} ngày.", f"More than {MOST_DAYS} days."))
    return days


def _days(event: Any, source: str, status: str) -> Iterator[dict[str, Any]]:
    summary = " ".join(str(event.get("SUMMARY", "")).split())
    if "DTSTART" not in event or not summary:
        raise _wrong(summary or "VEVENT", pair("Thiếu ngày hoặc tên.", "Its day or its name is missing."))
    if "RRULE" in event:
        raise _wrong(
            summary, pair("Không nhận ngày lặp lại; nêu từng năm.", "No recurring days; name each year.")
        )
    first = _day(event["DTSTART"].dt, summary)
    last = _day(event["DTEND"].dt, summary) if "DTEND" in event else first + timedelta(days=1)
    length = max((last - first).days, 1)
    if length > MOST_DAYS:
        raise _wrong(summary, pair("Kéo dài quá lâu.", "It lasts too long."))
    for n in range(length):
        day = first + timedelta(days=n)
        yield entry(day, _kind(event, summary), summary, summary, _source(event, source), status)


def _day(value: Any, summary: str) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _wrong(summary, pair("Phải là sự kiện cả ngày.", "It must be an all-day event."))
    return value


def _kind(event: Any, summary: str) -> str:
    named = event.get("CATEGORIES")
    words = [str(one).lower() for one in getattr(named, "cats", [])]
    told = next((word for word in words if word in LISTED_KINDS), None)
    folded = summary.lower()
    if told is not None:
        return told
    if any(word in folded for word in WORKED) and not folded.startswith("nghỉ"):
        return "exchanged_working"
    return "exchanged_off" if any(word in folded for word in OFF) else "holiday"


def _source(event: Any, otherwise: str) -> str:
    return " ".join(str(event.get("DESCRIPTION", "")).split()) or otherwise


def _wrong(value: str, why: Texts) -> InputWrong:
    return InputWrong(field="calendar", value=value, why=why)
