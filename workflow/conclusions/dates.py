"""Arithmetic of deadlines: how a stated expression becomes a day or a rhythm."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


class NoSuchDay(ValueError):
    """A day the calendar does not have; reported, never repaired."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """From when a document without full dates is counted."""

    issued_on: date | None
    session_on: date | None

    @property
    def base(self) -> date | None:
        return self.issued_on or self.session_on

    @property
    def week(self) -> date | None:
        return self.session_on or self.issued_on


def exact_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDay(f"{day}/{month}/{year}") from error


def full_year(written: str | None) -> int | None:
    """Four digits as written; two digits are of this century."""
    if not written:
        return None
    return int(written) if len(written) > 2 else 2000 + int(written)


def next_day(day: int, month: int, base: date | None) -> date | None:
    """The first such day on or after the base; None when the document gives no year."""
    if not 1 <= month <= 12 or not 1 <= day <= (29 if month == 2 else calendar.monthrange(2001, month)[1]):
        raise NoSuchDay(f"{day}/{month}")
    if base is None:
        return None
    for year in range(base.year, base.year + 9):
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= base:
            return date(year, month, day)
    raise NoSuchDay(f"{day}/{month}")


def last_of_month(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise NoSuchDay(f"{month}/{year}")
    return date(year, month, calendar.monthrange(year, month)[1])


def month_year(month: int, written: int | None, base: date | None) -> int | None:
    """The year of a month: as written, else the first such month not yet over at the base."""
    if not 1 <= month <= 12:
        raise NoSuchDay(f"tháng {month}")
    if written or base is None:
        return written
    return base.year if month >= base.month else base.year + 1


def sunday_of(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def add_months(day: date, months: int) -> date:
    """Same day number, or the month's last day where it does not exist (Civil Code, Art. 148)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_weekdays(day: date, count: int) -> date:
    """`count` days Monday to Friday after `day`, which is itself not counted."""
    weeks, rest = divmod(count, 5)
    while day.weekday() >= SATURDAY:
        day -= timedelta(days=1)
    day += timedelta(weeks=weeks)
    while rest:
        day += timedelta(days=1)
        rest -= day.weekday() < SATURDAY
    return day
