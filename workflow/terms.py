"""Deadline law: from what a conclusion says to a day, with the rule that was applied.

Civil Code 2015, articles 146 to 148: the day of the event is not counted, a term ends with its last day,
and a last day that is closed moves to the next working day. Applying it to a directive whose text is silent
is our default (`deadline_law` of the policy). Our own convention: "ngày" are calendar days unless the text
says "ngày làm việc".
"""

import calendar as gregorian
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workflow.calendar import WorkingCalendar

MONTHS_IN_YEAR = 12
HALF_YEAR = (6, 30)
YEAR_END = (12, 31)
NAMED_DAY = "named_day"


@dataclass(frozen=True)
class Term:
    """A due date: `nominal_on` as counted, `due_on` after moving off closed days, `rule` by name, and why."""

    due_on: date
    nominal_on: date
    rule: str
    sentence: dict[str, str]

    def rolled(self, calendar: WorkingCalendar) -> "Term":
        """Article 148: a last day on a weekend or holiday ends with the next working day.

        A day the conclusion names itself stays.
        """
        moved = calendar.roll_forward(self.nominal_on)
        if moved == self.nominal_on or self.rule == NAMED_DAY:
            return self
        names = calendar.note(self.nominal_on).name
        days = {"nominal": _said(self.nominal_on), "moved": _said(moved)}
        why = {locale: text.format(why=names[locale], **days) for locale, text in MOVED.items()}
        sentence = {locale: f"{self.sentence[locale]} {why[locale]}" for locale in why}
        return replace(self, due_on=moved, sentence=sentence)


MOVED = {
    "vi": "Ngày {nominal} là ngày nghỉ ({why}) nên hạn là hết ngày làm việc tiếp theo, {moved}.",
    "en": "{nominal} is closed ({why}), so the term ends with the next working day, {moved}.",
}
SENTENCES: dict[str, dict[str, str]] = {
    NAMED_DAY: {
        "vi": "Kết luận nêu đích danh ngày {end}; giữ nguyên cả khi là ngày nghỉ.",
        "en": "The conclusion names {end} itself; it stays even if it is closed.",
    },
    "days": {
        "vi": "{n} ngày kể từ {start}: không tính {start}, ngày cuối là {end}.",
        "en": "{n} days from {start}: {start} is not counted, the last day is {end}.",
    },
    "working_days": {
        "vi": "{n} ngày làm việc kể từ {start}: không tính {start} và ngày nghỉ, ngày cuối là {end}.",
        "en": "{n} working days from {start}: {start} and closed days are not counted, the last day is {end}.",
    },
    "months": {
        "vi": "{n} tháng kể từ {start}: hết ngày tương ứng, {end}.",
        "en": "{n} months from {start}: the same day of the month, {end}.",
    },
    "months_clamped": {
        "vi": "{n} tháng kể từ {start}: tháng cuối không có ngày {day} nên hết ngày cuối tháng, {end}.",
        "en": "{n} months from {start}: the month has no day {day}, so its last day, {end}.",
    },
    "month_start": {
        "vi": "Đầu tháng là ngày đầu tiên, {end}.",
        "en": "The start of a month is its first day, {end}.",
    },
    "month_middle": {
        "vi": "Giữa tháng là ngày 15, {end}.",
        "en": "The middle of a month is the 15th, {end}.",
    },
    "month_end": {
        "vi": "Cuối tháng là ngày cuối cùng, {end}.",
        "en": "The end of a month is its last day, {end}.",
    },
    "year_middle": {"vi": "Giữa năm là {end}.", "en": "The middle of a year is {end}."},
    "year_end": {"vi": "Cuối năm là {end}.", "en": "The end of a year is {end}."},
}


def named_day(on: date) -> Term:
    """Expressly named: never moved, reminders come earlier instead."""
    return _term(NAMED_DAY, on)


def days_after(event_on: date, n: int) -> Term:
    return _term("days", event_on + timedelta(days=n), n=n, start=_said(event_on))


def weeks_after(event_on: date, n: int) -> Term:
    return days_after(event_on, 7 * n)


def working_days_after(event_on: date, n: int, calendar: WorkingCalendar) -> Term:
    return _term("working_days", calendar.shift(event_on, n), n=n, start=_said(event_on))


def months_after(event_on: date, n: int) -> Term:
    """The same day number n months later, or the last day of a month that has no such day."""
    year, month = divmod(event_on.year * MONTHS_IN_YEAR + event_on.month - 1 + n, MONTHS_IN_YEAR)
    last = last_day_of(year, month + 1)
    end = last.replace(day=min(event_on.day, last.day))
    rule = "months" if end.day == event_on.day else "months_clamped"
    return _term(rule, end, n=n, start=_said(event_on), day=event_on.day)


def years_after(event_on: date, n: int) -> Term:
    return months_after(event_on, MONTHS_IN_YEAR * n)


def month_start(year: int, month: int) -> Term:
    return _term("month_start", date(year, month, 1))


def month_middle(year: int, month: int) -> Term:
    return _term("month_middle", date(year, month, 15))


def month_end(year: int, month: int) -> Term:
    return _term("month_end", last_day_of(year, month))


def year_middle(year: int) -> Term:
    return _term("year_middle", date(year, *HALF_YEAR))


def year_end(year: int) -> Term:
    return _term("year_end", date(year, *YEAR_END))


def last_day_of(year: int, month: int) -> date:
    return date(year, month, gregorian.monthrange(year, month)[1])


def _term(rule: str, end: date, **facts: object) -> Term:
    sentence = {locale: text.format(end=_said(end), **facts) for locale, text in SENTENCES[rule].items()}
    return Term(end, end, rule, sentence)


def _said(day: date) -> str:
    return f"{day:%d/%m/%Y}"
