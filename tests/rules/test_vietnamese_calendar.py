"""Facts checked by hand against the announcements of each year, not computed by the code under test.

Each year lists its closed weekdays and its worked weekend days completely, so that a new release of the
holiday library cannot move a day unnoticed.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from workflow.calendar import WorkingCalendar, build_document

# Month: closed days from Monday to Friday.
CLOSED_WEEKDAYS = {
    # New Year Monday; Tết 8-14 February; Giỗ Tổ Thursday 18/4; 29/4 exchanged; 30/4; 1/5; 2-3/9.
    2024: {1: [1], 2: [8, 9, 12, 13, 14], 4: [18, 29, 30], 5: [1], 9: [2, 3]},
    # Tết 25 January to 2 February; Giỗ Tổ Monday 7/4; 30/4, 1/5 and 2/5 exchanged; 1-2/9.
    2025: {1: [1, 27, 28, 29, 30, 31], 4: [7, 30], 5: [1, 2], 9: [1, 2]},
    # 2/1 exchanged; Tết 14-22 February; Giỗ Tổ Sunday 26/4, hence 27/4; 31/8 exchanged; the new 24/11.
    2026: {1: [1, 2], 2: [16, 17, 18, 19, 20], 4: [27, 30], 5: [1], 8: [31], 9: [1, 2], 11: [24]},
    # First day of Tết is Saturday 6/2; Giỗ Tổ Friday 16/4; 1/5 is a Saturday, hence 3/5.
    2027: {1: [1], 2: [4, 5, 8, 9, 10], 4: [16, 30], 5: [3], 9: [2, 3], 11: [24]},
}
WORKED_WEEKENDS = {
    2024: [date(2024, 5, 4)],
    2025: [date(2025, 4, 26)],
    2026: [date(2026, 1, 10), date(2026, 8, 22)],
    2027: [],
}


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year % 4 == 0))]


@pytest.mark.parametrize("year", CLOSED_WEEKDAYS)
def test_the_closed_weekdays_of_a_year_are_those_announced(vn: WorkingCalendar, year: int) -> None:
    announced = [date(year, month, day) for month, days in CLOSED_WEEKDAYS[year].items() for day in days]
    assert [day for day in days_of(year) if day.weekday() < 5 and not vn.is_open(day)] == announced


@pytest.mark.parametrize("year", WORKED_WEEKENDS)
def test_the_worked_weekend_days_of_a_year_are_those_decreed(vn: WorkingCalendar, year: int) -> None:
    worked = [day for day in days_of(year) if day.weekday() >= 5 and vn.is_open(day)]
    assert worked == WORKED_WEEKENDS[year]


def test_the_first_working_week_of_2026_ends_on_the_exchanged_saturday(vn: WorkingCalendar) -> None:
    """12729/VPCP-KGVX of 25/12/2025: Friday 2 January is off, Saturday 10 January is worked for it."""
    off, worked = vn.note(date(2026, 1, 2)), vn.note(date(2026, 1, 10))
    assert (off.kind, off.is_open) == ("exchanged_off", False)
    assert (worked.kind, worked.is_open) == ("exchanged_working", True)
    assert off.source == worked.source
    assert "12729/VPCP-KGVX" in str(off.source)
    # 31/12 is a Wednesday; then 5, 6, 7, 8, 9 and Saturday 10 are the next six working days.
    assert vn.shift(date(2025, 12, 31), 6) == date(2026, 1, 10)
    assert vn.shift(date(2026, 1, 12), -1) == date(2026, 1, 10)


def test_our_decree_wins_over_the_library(vn: WorkingCalendar, vn_source: dict[str, Any]) -> None:
    bare = WorkingCalendar.from_document(build_document({**vn_source, "days": []}, range(2026, 2027)))
    assert bare.is_open(date(2026, 1, 2))
    assert not bare.is_open(date(2026, 1, 10))
    assert not vn.is_open(date(2026, 1, 2))
    assert vn.is_open(date(2026, 1, 10))


def test_culture_day_is_announced_but_not_yet_in_law(vn: WorkingCalendar) -> None:
    assert vn.note(date(2026, 11, 24)).status == "announced"
    assert vn.is_open(date(2025, 11, 24))


@pytest.mark.parametrize("day", [date(2027, 2, 8), date(2027, 3, 1), date(2027, 3, 6)])
def test_every_day_of_an_unconfirmed_year_is_provisional(vn: WorkingCalendar, day: date) -> None:
    assert vn.note(day).status == "provisional"
    assert vn.note(day.replace(year=2026)).status == "in_law"


def test_a_holiday_keeps_its_two_names_and_its_source(vn: WorkingCalendar) -> None:
    note = vn.note(date(2026, 2, 17))
    assert note.name == {"vi": "Tết Nguyên Đán", "en": "Lunar New Year"}
    assert (note.kind, note.status) == ("holiday", "in_law")
    assert str(note.source).startswith("holidays ")


def test_an_exchange_known_to_the_library_only_is_still_called_an_exchange(vn: WorkingCalendar) -> None:
    """2018/2019: Monday 31 December off, Saturday 5 January worked; not in our own list."""
    assert vn.note(date(2018, 12, 31)).kind == "exchanged_off"
    assert vn.note(date(2019, 1, 5)).kind == "exchanged_working"


def test_an_ordinary_week_explains_itself(vn: WorkingCalendar) -> None:
    kinds = [note.kind for note in vn.days(date(2026, 3, 6), date(2026, 3, 9))]
    assert kinds == ["working", "weekend", "weekend", "working"]
