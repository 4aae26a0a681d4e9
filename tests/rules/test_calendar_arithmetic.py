from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.strategies import CALENDARS, FIRST, LAST, LENGTH, day
from workflow.calendar import CalendarOutOfRange, WorkingCalendar

DAYS = st.integers(0, LENGTH - 1).map(day)
MIDDLE = st.integers(60, LENGTH - 60).map(day)
SHIFTS = st.integers(-12, 12)
ALL_DAYS = [day(n) for n in range(LENGTH)]


def walk(calendar: WorkingCalendar, start: date, n: int) -> date:
    """The same rule told step by step, one day at a time."""
    current = start
    while n <= 0 and not calendar.is_open(current):
        current -= timedelta(days=1)
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        current += step
        while not calendar.is_open(current):
            current += step
    return current


def reached(calendar: WorkingCalendar, due_on: date, n: int) -> date | None:
    try:
        return calendar.shift(due_on, n)
    except CalendarOutOfRange:
        return None


@given(CALENDARS, MIDDLE, SHIFTS)
def test_shift_counts_working_days_one_by_one(calendar: WorkingCalendar, start: date, n: int) -> None:
    assert calendar.shift(start, n) == walk(calendar, start, n)


@given(CALENDARS, MIDDLE, MIDDLE, SHIFTS)
def test_a_later_day_never_shifts_to_an_earlier_one(
    calendar: WorkingCalendar, a: date, b: date, n: int
) -> None:
    assert calendar.shift(min(a, b), n) <= calendar.shift(max(a, b), n)


@given(CALENDARS, DAYS, DAYS)
def test_count_is_the_number_of_open_days_after_one_and_up_to_the_other(
    calendar: WorkingCalendar, a: date, b: date
) -> None:
    low, high = min(a, b), max(a, b)
    between = sum(calendar.is_open(each) for each in ALL_DAYS if low < each <= high)
    assert calendar.count(low, high) == between
    assert calendar.count(high, low) == -between


@given(CALENDARS, SHIFTS, DAYS, DAYS)
def test_window_is_every_due_date_whose_shifted_day_falls_between(
    calendar: WorkingCalendar, n: int, a: date, b: date
) -> None:
    since, until = min(a, b), max(a, b)
    landing = [(each, reached(calendar, each, n)) for each in ALL_DAYS]
    inside = [each for each, on in landing if on is not None and since < on <= until]
    window = calendar.window(n, since, until)
    assert window == ((inside[0], inside[-1]) if inside else None)
    assert len(inside) == ((inside[-1] - inside[0]).days + 1 if inside else 0)


@given(CALENDARS, st.integers(0, 12), DAYS)
def test_limit_is_the_last_due_date_whose_shifted_day_has_come(
    calendar: WorkingCalendar, n: int, until: date
) -> None:
    landing = [(each, reached(calendar, each, n)) for each in ALL_DAYS]
    come = [each for each, on in landing if on is not None and on <= until]
    first_working = next((each for each in ALL_DAYS if calendar.is_open(each)), None)
    if n == 0 and first_working is not None:  # before the first working day nothing can roll back
        come = [*(each for each in ALL_DAYS if each < first_working), *come]
    assert calendar.limit(n, until) == (come[-1] if come else FIRST - timedelta(days=1))


def test_a_saturday_rolls_back_to_friday_and_forward_to_monday(vn: WorkingCalendar) -> None:
    saturday = date(2026, 3, 14)
    assert vn.shift(saturday, 0) == vn.roll_back(saturday) == date(2026, 3, 13)
    assert vn.shift(saturday, 1) == vn.roll_forward(saturday) == date(2026, 3, 16)
    assert vn.shift(saturday, -1) == date(2026, 3, 12)


def test_an_open_day_rolls_nowhere(vn: WorkingCalendar) -> None:
    monday = date(2026, 3, 16)
    assert vn.roll_back(monday) == vn.roll_forward(monday) == monday


def test_no_working_day_between_means_no_window(vn: WorkingCalendar) -> None:
    """The whole of Tết 2026, from the evening of Friday 13 to Sunday 22 February."""
    assert vn.window(0, date(2026, 2, 13), date(2026, 2, 22)) is None


def test_rungs_of_due_dates_beyond_the_last_year_are_nobodys(vn: WorkingCalendar) -> None:
    """30 working days after late December 2040 no due date can exist: the calendar refuses it."""
    assert vn.window(-30, date(2040, 12, 20), date(2040, 12, 27)) is None
    assert vn.limit(-30, date(2040, 12, 27)) == date(2040, 12, 31)
    assert vn.window(30, date(2015, 1, 5), date(2015, 1, 7)) is None


@pytest.mark.parametrize("outside", [date(2014, 12, 31), date(2041, 1, 1)])
def test_a_day_outside_the_calendar_is_refused_naming_its_years(vn: WorkingCalendar, outside: date) -> None:
    with pytest.raises(CalendarOutOfRange) as refused:
        vn.index(outside)
    assert "2015" in refused.value.text("vi")
    assert "2040" in refused.value.text("vi")
    assert f"{outside:%d/%m/%Y}" in refused.value.text("en")


def test_a_shift_beyond_the_last_year_is_refused(vn: WorkingCalendar) -> None:
    with pytest.raises(CalendarOutOfRange):
        vn.shift(date(2040, 12, 28), 30)
    with pytest.raises(CalendarOutOfRange):
        vn.shift(date(2015, 1, 5), -10)


@given(CALENDARS)
def test_counting_calendar_days_leaves_no_day_closed(calendar: WorkingCalendar) -> None:
    every = calendar.every_day
    assert (every.first, every.last) == (FIRST, LAST)
    assert every.count(FIRST, LAST) == LENGTH - 1
