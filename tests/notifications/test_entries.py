from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies
from icalendar import Alarm, Calendar, Event

from notifications.entries import Entry, calendar

ENTRY = Entry(
    code="GS14-05",
    title="Hạ tầng cụm công nghiệp; nâng cấp, hoàn thiện",
    agency="Sở Công Thương",
    due_on=date(2023, 10, 12),
    url="https://dondoc.example/nhiem-vu/GS14-05",
    sequence=0,
    changed_at=datetime(2023, 8, 21, 1, tzinfo=UTC),
)


def book(*entries: Entry) -> Any:
    return Calendar.from_ical(calendar(entries, "giamsat.example", "GS14"))


def event(entry: Entry = ENTRY) -> Any:
    (only,) = book(entry).walk("VEVENT")
    return only


def test_a_due_date_is_one_day_that_keeps_nobody_busy() -> None:
    found = event()
    assert found["DTSTART"].dt == date(2023, 10, 12)
    assert found["DTEND"].dt == date(2023, 10, 13)
    assert found["TRANSP"] == "TRANSPARENT"
    assert found["SUMMARY"] == "GS14-05: Hạ tầng cụm công nghiệp; nâng cấp, hoàn thiện"


def test_without_an_address_the_entry_points_to_the_mail() -> None:
    found = event(replace(ENTRY, url=None))
    assert "URL" not in found
    assert found["DESCRIPTION"] == "Sở Công Thương\nTrả lời bằng nút trong thư có mã này."


def test_each_period_of_a_recurring_directive_is_an_event_of_its_own() -> None:
    periods = [event(replace(ENTRY, period_on=date(2023, month, 25)))["UID"] for month in (9, 10)]
    assert periods == ["gs14-05.20230925@giamsat.example", "gs14-05.20231025@giamsat.example"]


def test_the_calendar_publishes_and_invites_nobody() -> None:
    whole = book(ENTRY)
    assert whole["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in event()


def test_a_new_date_replaces_the_old_one_in_the_reader_calendar() -> None:
    moved = replace(ENTRY, due_on=date(2023, 10, 20), sequence=1)
    assert event(moved)["UID"] == event()["UID"] == "gs14-05@giamsat.example"
    assert event(moved)["SEQUENCE"] > event()["SEQUENCE"]


def test_a_coordinating_agency_has_an_event_of_its_own() -> None:
    assert event(replace(ENTRY, contributes=True))["UID"] != event()["UID"]


def test_a_closed_directive_leaves_the_calendar_without_a_sound() -> None:
    closed = event(replace(ENTRY, closed=True, sequence=2))
    assert closed["STATUS"] == "CANCELLED"
    assert list(closed.walk("VALARM")) == []


def test_alarms_ring_in_the_morning_five_and_two_days_before() -> None:
    midnight = datetime(2023, 10, 12)  # noqa: DTZ001  # a local day, as in the calendar of the reader
    rings = [midnight + alarm["TRIGGER"].dt for alarm in event().walk("VALARM")]
    assert rings == [midnight.replace(day=7, hour=8), midnight.replace(day=10, hour=8)]


def test_a_secret_directive_shows_a_date_and_nothing_else() -> None:
    data = calendar([replace(ENTRY, secret=True)], "giamsat.example", "GS14").decode()
    assert "Hạ tầng" not in data
    assert "Sở Công Thương" not in data
    assert "Nhiệm vụ cần xem" in data


def test_long_text_is_folded_so_that_no_line_exceeds_75_bytes() -> None:
    data = calendar(
        [replace(ENTRY, title="Hạ tầng cụm công nghiệp\nBEGIN:VALARM " * 20)], "giamsat.example", "GS14"
    )
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert len(book(replace(ENTRY, title="x\nBEGIN:VEVENT\nEND:VEVENT")).walk("VEVENT")) == 1


def test_a_feed_holds_every_entry_and_the_same_facts_give_the_same_bytes() -> None:
    entries = [
        replace(ENTRY, code=f"GS14-{n:02}", due_on=ENTRY.due_on + timedelta(days=n)) for n in range(1, 9)
    ]
    assert len(book(*entries).walk("VEVENT")) == 8
    assert calendar(entries, "h.example", "GS14") == calendar(entries, "h.example", "GS14")


def of_the_library(entry: Entry, host: str, name: str) -> bytes:
    """The same entry by a library that knows the format; dearer by far, so only tests use it."""
    whole, found = Calendar(), Event()
    for field, value in {"prodid": "-//Don doc//dondoc//VI", "version": "2.0", "method": "PUBLISH"}.items():
        whole.add(field, value)
    whole.add("x-wr-calname", name)
    found.add("uid", f"{entry.code.lower()}@{host}")
    found.add("dtstamp", entry.changed_at)
    found.add("dtstart", entry.due_on)
    found.add("dtend", entry.due_on + timedelta(days=1))
    found.add("sequence", entry.sequence)
    found.add("status", "CANCELLED" if entry.closed else "CONFIRMED")
    found.add("transp", "TRANSPARENT")
    found.add("url", entry.url)
    found.add("summary", f"{entry.code}: {entry.title}")
    found.add("description", f"{entry.agency}\n{entry.url}")
    for before in () if entry.closed else (timedelta(days=-5, hours=8), timedelta(days=-2, hours=8)):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{entry.code}: {entry.title}")
        alarm.add("trigger", before)
        found.add_component(alarm)
    whole.add_component(found)
    return bytes(whole.to_ical())


ANY_TEXT = strategies.text(
    strategies.characters(codec="utf-8", exclude_characters="\x00"), max_size=200
).filter(lambda text: "\\N" not in text)


@settings(max_examples=40, deadline=None)
@given(
    ANY_TEXT, ANY_TEXT, strategies.dates(date(2000, 1, 1), date(2100, 1, 1)),
    strategies.datetimes(timezones=strategies.just(UTC)), strategies.booleans(),
)  # fmt: skip
def test_entries_are_those_of_a_library_to_the_byte(
    title: str, agency: str, due_on: date, changed_at: datetime, closed: bool
) -> None:
    entry = replace(
        ENTRY, title=title, agency=agency, due_on=due_on, changed_at=changed_at, closed=closed, sequence=7
    )
    own = calendar([entry], "giamsat.example", "GS14, Đoàn giám sát")
    library = of_the_library(entry, "giamsat.example", "GS14, Đoàn giám sát")
    assert own.replace(b"\r\n ", b"") == library.replace(b"\r\n ", b"")
    assert all(len(row) <= 75 for row in own.split(b"\r\n"))
    own.decode()
    for row in own.split(b"\r\n"):
        row.decode()
