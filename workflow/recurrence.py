"""Rhythms (RFC 5545 RRULE) of directives without a date, resolved to due days."""

from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr

from workflow.calendar import WorkingCalendar
from workflow.errors import InputWrong

ALLOWED = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "COUNT", "UNTIL"})


def check_rhythm(rhythm: str) -> str:
    """The rule in canonical form, or a refusal that says what is wrong with it."""
    text = rhythm.strip().upper().removeprefix("RRULE:")
    names = {part.partition("=")[0] for part in text.split(";") if part}
    if "FREQ" not in names or not names <= ALLOWED or not _is_readable(text):
        why = {
            "vi": "Ví dụ hợp lệ: FREQ=MONTHLY;BYMONTHDAY=25.",
            "en": "A valid example: FREQ=MONTHLY;BYMONTHDAY=25.",
        }
        raise InputWrong(field="rhythm", value=rhythm, why=why)
    return text


def _is_readable(rule: str) -> bool:
    try:
        rrulestr(rule, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - civil dates carry no zone
    except (ValueError, TypeError):
        return False
    return True


def next_due(rhythm: str, after: date, calendar: WorkingCalendar) -> date | None:
    """First due day after `after`; one that falls on a closed day is due on the next working day.

    A monthly or longer rule without a day means the 25th of the period's last month, the day by
    which Vietnamese offices hand in periodic reports (Decree 09/2019/ND-CP, Art. 13).
    """
    start = datetime.combine(after + timedelta(days=1), datetime.min.time())
    for occurrence in rrulestr(_with_day(rhythm), dtstart=_anchor(rhythm, after)).xafter(
        start, inc=True, count=60
    ):
        due_on = calendar.roll_forward(occurrence.date())
        if due_on > after:
            return due_on
    return None


def _with_day(rhythm: str) -> str:
    if "BYMONTHDAY" in rhythm or "BYDAY" in rhythm or "FREQ=MONTHLY" not in rhythm:
        return rhythm
    return rhythm + ";BYMONTHDAY=25"


def _anchor(rhythm: str, after: date) -> datetime:
    """Periods are counted from January, so that every quarter ends in March, June, September, December."""
    interval = next((int(part[9:]) for part in rhythm.split(";") if part.startswith("INTERVAL=")), 1)
    if "FREQ=MONTHLY" in rhythm and "BYMONTH=" not in rhythm:
        return datetime(after.year - 1, min(interval, 12), 1)  # noqa: DTZ001 - civil dates carry no zone
    return datetime.combine(after - timedelta(days=400), datetime.min.time())
