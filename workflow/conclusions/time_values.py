"""What an expression of time amounts to: one computation per value named in data/deadlines.yaml."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from workflow.conclusions import dates
from workflow.conclusions.dates import Anchor, NoSuchDay
from workflow.conclusions.lexicon import data
from workflow.conclusions.reading import DeadlineKind

_DAY_MONTH = re.compile(r"(\d{1,2})(?: ?/ ?(\d{1,2})| tháng (\d{1,2}))")
_NUMBER = re.compile(r"\d{1,2}")
_DAY_NUMBERS = re.compile(r"ngày (\d{1,2}(?:(?:,| và) (?:ngày )?\d{1,2})*)")
_OWN_PAPER = re.compile(r"(?:ký|ban hành|công bố|phát hành|có hiệu lực|ra)(?: |$)")
_UNITS = {
    "ngày": ("DAILY", 1),
    "tuần": ("WEEKLY", 1),
    "tháng": ("MONTHLY", 1),
    "quý": ("MONTHLY", 3),
    "năm": ("YEARLY", 1),
}

Value = tuple[DeadlineKind, date | None, str | None]
Computation = Callable[[re.Match[str], Anchor], Value]


def _number(words: str) -> int:
    known = data("deadlines")["numbers"]
    return int(words) if words.isdigit() else int(known[words])


def _day(value: date | None) -> Value:
    return "date", value, None


def _rhythm(rule: str) -> Value:
    return "recurring", None, rule


def _every(unit: str, count: int = 1) -> Value:
    frequency, factor = _UNITS[unit]
    interval = count * factor
    return _rhythm(f"FREQ={frequency}" + (f";INTERVAL={interval}" if interval > 1 else ""))


def _stated_day(found: re.Match[str], anchor: Anchor) -> Value:
    part = found.groupdict()
    day, month = int(part["d"]), part["m"] or part["m2"]
    year = dates.full_year(part["y"] or part["y2"])
    if month is None:
        return _day(None)
    if year:
        return _day(dates.exact_day(year, int(month), day))
    return _day(dates.next_day(day, int(month), anchor.base))


def _month(found: re.Match[str], anchor: Anchor) -> tuple[int | None, int]:
    month = int(found.group("m"))
    return dates.month_year(month, dates.full_year(found.group("y")), anchor.base), month


def _of_month(day: int | None) -> Computation:
    """A fixed day of the month named; None is its last day."""

    def compute(found: re.Match[str], anchor: Anchor) -> Value:
        year, month = _month(found, anchor)
        if year is None:
            return _day(None)
        return _day(dates.exact_day(year, month, day) if day else dates.last_of_month(year, month))

    return compute


def _first_days(found: re.Match[str], anchor: Anchor) -> Value:
    return _of_month(int(found.group("n")))(found, anchor)


def _before_month(found: re.Match[str], anchor: Anchor) -> Value:
    year, month = _month(found, anchor)
    return _day(dates.exact_day(year, month, 1) - timedelta(days=1) if year else None)


def _months_after(count: int) -> Computation:
    def compute(_found: re.Match[str], anchor: Anchor) -> Value:
        if anchor.week is None:
            return _day(None)
        later = dates.add_months(anchor.week, count)
        return _day(dates.last_of_month(later.year, later.month))

    return compute


def _quarter(found: re.Match[str], anchor: Anchor) -> date | None:
    month = 3 * _number(found.group("q"))
    year = dates.month_year(month, dates.full_year(found.group("y")), anchor.base)
    return dates.last_of_month(year, month) if year else None


def _quarter_last(found: re.Match[str], anchor: Anchor) -> Value:
    return _day(_quarter(found, anchor))


def _before_quarter(found: re.Match[str], anchor: Anchor) -> Value:
    end = _quarter(found, anchor)
    return _day(dates.add_months(end.replace(day=1), -2) - timedelta(days=1) if end else None)


def _year(found: re.Match[str], anchor: Anchor) -> int | None:
    written = dates.full_year(found.group("y"))
    return written or (anchor.base.year if anchor.base else None)


def _months_of_year(found: re.Match[str], anchor: Anchor) -> Value:
    year, count = _year(found, anchor), _number(found.group("n"))
    if year is None:
        return _day(None)
    return _day(dates.last_of_month(year, count if found.group("part") == "đầu" else 12))


def _year_end(month: int) -> Computation:
    def compute(found: re.Match[str], anchor: Anchor) -> Value:
        year = _year(found, anchor)
        if year is None or (anchor.base and year < anchor.base.year):
            return _day(None)
        return _day(dates.last_of_month(year, month))

    return compute


def _week(count: int) -> Computation:
    def compute(_found: re.Match[str], anchor: Anchor) -> Value:
        return _day(dates.sunday_of(anchor.week) + timedelta(weeks=count) if anchor.week else None)

    return compute


def _term(found: re.Match[str], anchor: Anchor) -> Value:
    """So many days after the day of issue; an event of another paper has no day."""
    base = anchor.base
    event = (found.group("event") or "").strip()
    if found.group("base"):
        named = _DAY_MONTH.match(event)
        if named:
            base = _event_day(event, named, anchor)
        elif not _OWN_PAPER.match(event):
            base = None
    if base is None:
        return _day(None)
    count, unit = _number(found.group("n")), found.group("u")
    if unit == "ngày làm việc":
        return _day(dates.add_weekdays(base, count))
    if unit == "tháng":
        return _day(dates.add_months(base, count))
    return _day(base + timedelta(days={"tuần": 7 * count, "giờ": -(-count // 24)}.get(unit, count)))


def _event_day(event: str, named: re.Match[str], anchor: Anchor) -> date | None:
    year = re.match(r"(?:/| năm )(\d{4})", event[named.end() :])
    day, month = int(named.group(1)), int(named.group(2) or named.group(3))
    return (
        dates.exact_day(int(year.group(1)), month, day) if year else dates.next_day(day, month, anchor.base)
    )


def _event(_found: re.Match[str], _anchor: Anchor) -> Value:
    return _day(None)


def _ongoing(_found: re.Match[str], _anchor: Anchor) -> Value:
    return "ongoing", None, None


def _in_months(months: str) -> Computation:
    def compute(found: re.Match[str], _anchor: Anchor) -> Value:
        day = found.groupdict().get("d")
        return _rhythm(f"FREQ=YEARLY;BYMONTH={months}" + (f";BYMONTHDAY={int(day)}" if day else ""))

    return compute


def _yearly_days(found: re.Match[str], _anchor: Anchor) -> Value:
    pairs = [(int(day), int(a or b)) for day, a, b in _DAY_MONTH.findall(found.group())]
    for day, month in pairs:
        dates.next_day(day, month, None)
    months, days = (
        (",".join(map(str, sorted(set(part))))) for part in ((m for _, m in pairs), (d for d, _ in pairs))
    )
    return _rhythm(f"FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={days}")


def _yearly_months(found: re.Match[str], _anchor: Anchor) -> Value:
    months = sorted({int(number) for number in _NUMBER.findall(found.group())})
    if not all(1 <= month <= 12 for month in months):
        raise NoSuchDay(found.group())
    return _rhythm("FREQ=YEARLY;BYMONTH=" + ",".join(map(str, months)))


def _monthly_days(found: re.Match[str], _anchor: Anchor) -> Value:
    named = _DAY_NUMBERS.search(found.group())
    days = sorted({int(number) for number in _NUMBER.findall(named.group(1) if named else "")})
    if not days or not all(1 <= day <= 31 for day in days):
        raise NoSuchDay(found.group())
    return _rhythm("FREQ=MONTHLY;BYMONTHDAY=" + ",".join(map(str, days)))


def _monthly_later(found: re.Match[str], _anchor: Anchor) -> Value:
    day = int(found.group("d"))
    if not 1 <= day <= 31:
        raise NoSuchDay(found.group())
    return _rhythm(f"FREQ=MONTHLY;BYMONTHDAY={day}")


def _yearly_later(found: re.Match[str], _anchor: Anchor) -> Value:
    day, month = int(found.group("d")), int(found.group("m") or found.group("m2"))
    dates.next_day(day, month, None)
    return _rhythm(f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}")


def _month_end(_found: re.Match[str], _anchor: Anchor) -> Value:
    return _rhythm("FREQ=MONTHLY;BYMONTHDAY=-1")


def _weekly_days(found: re.Match[str], _anchor: Anchor) -> Value:
    known: dict[str, str] = data("deadlines")["weekdays"]
    named = re.findall("|".join(known), found.group())
    order = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    days = sorted({known[name] for name in named}, key=order.index)
    return _rhythm("FREQ=WEEKLY;BYDAY=" + ",".join(days))


def _interval(found: re.Match[str], _anchor: Anchor) -> Value:
    return _every(found.group("u"), _number(found.group("n")))


def _half_year(_found: re.Match[str], _anchor: Anchor) -> Value:
    return _every("tháng", 6)


def _each(found: re.Match[str], _anchor: Anchor) -> Value:
    return _every(found.group("u"))


COMPUTATIONS: dict[str, Computation] = {
    "day": _stated_day,
    "month_start": _of_month(1),
    "month_middle": _of_month(15),
    "first_week": _of_month(7),
    "month_last": _of_month(None),
    "first_days": _first_days,
    "before_month": _before_month,
    "this_month": _months_after(0),
    "next_month": _months_after(1),
    "quarter_last": _quarter_last,
    "before_quarter": _before_quarter,
    "months_of_year": _months_of_year,
    "year_middle": _year_end(6),
    "year_last": _year_end(12),
    "this_week": _week(0),
    "next_week": _week(1),
    "term": _term,
    "event": _event,
    "ongoing": _ongoing,
    "quarter_end_days": _in_months("3,6,9,12"),
    "quarter_start_days": _in_months("1,4,7,10"),
    "quarter_end_months": _in_months("3,6,9,12"),
    "quarter_start_months": _in_months("1,4,7,10"),
    "quarter_days": _in_months("3,6,9,12"),
    "yearly_days": _yearly_days,
    "yearly_months": _yearly_months,
    "monthly_days": _monthly_days,
    "monthly_later": _monthly_later,
    "yearly_later": _yearly_later,
    "month_end": _month_end,
    "weekly_days": _weekly_days,
    "interval": _interval,
    "half_year": _half_year,
    "each": _each,
}
