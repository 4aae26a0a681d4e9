from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.conclusions.dates import (
    Anchor,
    NoSuchDay,
    add_months,
    add_weekdays,
    exact_day,
    next_day,
    sunday_of,
)

ISSUED = date(2024, 11, 20)


def test_a_day_without_a_year_is_the_next_such_day() -> None:
    assert next_day(31, 1, ISSUED) == date(2025, 1, 31)
    assert next_day(20, 11, ISSUED) == ISSUED


def test_the_29th_of_february_waits_for_a_leap_year() -> None:
    assert next_day(29, 2, ISSUED) == date(2028, 2, 29)


@pytest.mark.parametrize(("day", "month"), [(30, 2), (31, 4), (0, 1), (1, 13)])
def test_a_day_the_calendar_does_not_have_is_reported(day: int, month: int) -> None:
    with pytest.raises(NoSuchDay):
        next_day(day, month, ISSUED)


def test_the_29th_of_february_of_a_common_year_is_reported() -> None:
    with pytest.raises(NoSuchDay, match="29/2/2027"):
        exact_day(2027, 2, 29)


def test_months_end_on_the_last_day_where_the_number_does_not_exist() -> None:
    assert add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)


def test_working_days_do_not_count_the_day_of_the_event() -> None:
    assert add_weekdays(date(2024, 6, 12), 10) == date(2024, 6, 26)
    assert add_weekdays(date(2024, 6, 14), 1) == date(2024, 6, 17)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_working_days_agree_with_counting_one_by_one(day: date, count: int) -> None:
    counted, left = day, count
    while left:
        counted = date.fromordinal(counted.toordinal() + 1)
        left -= counted.weekday() < 5
    assert add_weekdays(day, count) == counted


def test_the_week_of_a_session_ends_on_its_sunday() -> None:
    assert sunday_of(date(2025, 2, 11)) == date(2025, 2, 16)


def test_the_session_stands_in_for_a_missing_date_of_issue() -> None:
    assert Anchor(None, ISSUED).base == ISSUED
