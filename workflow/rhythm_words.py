"""Rhythms (RFC 5545 RRULE) as people say them; the rule itself is never shown to an agency."""

from workflow.words import Texts, pair

MONTHS = {
    1: pair("hằng tháng", "every month"),
    3: pair("hằng quý", "every quarter"),
    6: pair("6 tháng một lần", "every 6 months"),
    12: pair("hằng năm", "every year"),
}
WEEKDAYS = {
    "MO": pair("thứ Hai", "Monday"),
    "TU": pair("thứ Ba", "Tuesday"),
    "WE": pair("thứ Tư", "Wednesday"),
    "TH": pair("thứ Năm", "Thursday"),
    "FR": pair("thứ Sáu", "Friday"),
    "SA": pair("thứ Bảy", "Saturday"),
    "SU": pair("Chủ nhật", "Sunday"),
}
UNITS = {
    "DAILY": ("ngày", "day"),
    "WEEKLY": ("tuần", "week"),
    "MONTHLY": ("tháng", "month"),
    "YEARLY": ("năm", "year"),
}


def rhythm_in_words(rhythm: str) -> Texts:
    """How often and on which day: `FREQ=MONTHLY;BYMONTHDAY=25` is "hằng tháng, ngày 25"."""
    parts = dict(part.partition("=")[::2] for part in rhythm.split(";") if part)
    often = _often(parts)
    day = _day(parts)
    return often if day is None else pair(f"{often['vi']}, {day['vi']}", f"{often['en']}, {day['en']}")


def _often(parts: dict[str, str]) -> Texts:
    every = int(parts.get("INTERVAL", "1"))
    if parts["FREQ"] == "MONTHLY" and every in MONTHS:
        return MONTHS[every]
    if parts["FREQ"] not in UNITS:
        return pair("định kỳ", "recurring")
    vi, en = UNITS[parts["FREQ"]]
    return (
        pair(f"hằng {vi}", f"every {en}")
        if every == 1
        else pair(f"{every} {vi} một lần", f"every {every} {en}s")
    )


def _day(parts: dict[str, str]) -> Texts | None:
    """Only plain days are said; what else narrows a rule (positions, months) is in its due days."""
    if {"BYMONTH", "BYSETPOS"} & set(parts):
        return None
    day, weekdays = parts.get("BYMONTHDAY", ""), parts.get("BYDAY", "").split(",")
    if day.isdigit():
        return pair(f"ngày {day}", f"day {day}")
    if day == "-1":
        return pair("ngày cuối tháng", "last day of the month")
    if all(name in WEEKDAYS for name in weekdays):
        said = [WEEKDAYS[name] for name in weekdays]
        return pair(", ".join(one["vi"] for one in said), ", ".join(one["en"] for one in said))
    return None
