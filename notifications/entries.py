"""Due dates as calendar entries: attached to mails, and listed in the feeds people subscribe to.

Written directly, as RFC 5545 asks: a library would cost a mail more than its text does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# All-day entries begin at midnight; the alarm rings at eight, five days and two days before.
_ALARMS = ("-P4DT16H", "-P1DT16H")
_FROM_THE_MAIL = {
    "vi": "Trả lời bằng nút trong thư có mã này.",
    "en": "Answer with the button of the mail that has this code.",
}
_OCTETS = 74  # of a line before its end; the next one begins with a space
_BREAKS = str.maketrans({"\r": " ", "\n": " "})
_SECRET = {"vi": "Nhiệm vụ cần xem", "en": "Directive to look at"}


@dataclass(frozen=True, slots=True)
class Entry:
    """`sequence` grows with every new date; `changed_at` (UTC) is when this state came to be.

    Without `url` its reader answers from the mail: an entry is often shared, so it never holds a link that answers.

    `period_on` tells the periods of a recurring directive apart: each is an event of its own.
    """

    code: str
    title: str
    agency: str
    due_on: date
    url: str | None
    sequence: int
    changed_at: datetime
    closed: bool = False
    contributes: bool = False
    secret: bool = False
    period_on: date | None = None


def calendar(entries: Iterable[Entry], host: str, name: str, locale: str = "vi") -> bytes:
    """One all-day event for each entry. Equal arguments give equal bytes."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Don doc//dondoc//VI", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{name}",
    ]  # fmt: skip
    for entry in entries:
        lines += _event(entry, host, locale)
    return b"".join(_folded(line) for line in (*lines, "END:VCALENDAR"))


def entry_uid(entry: Entry, host: str) -> str:
    """Stable for the life of a directive; a coordinating agency's own date is an event of its own."""
    period = f".{entry.period_on:%Y%m%d}" if entry.period_on else ""
    return f"{entry.code.lower()}{period}{'.phoi-hop' if entry.contributes else ''}@{host}"


def _event(entry: Entry, host: str, locale: str) -> list[str]:
    summary = _SECRET[locale] if entry.secret else _text(f"{entry.code}: {entry.title}")
    lines = [
        "BEGIN:VEVENT", f"SUMMARY:{summary}",
        f"DTSTART;VALUE=DATE:{_day(entry.due_on)}", f"DTEND;VALUE=DATE:{_day(entry.due_on + timedelta(days=1))}",
        f"DTSTAMP:{_instant(entry.changed_at)}", f"UID:{entry_uid(entry, host)}", f"SEQUENCE:{entry.sequence}",
    ]  # fmt: skip
    if not entry.secret:
        lines.append("DESCRIPTION:" + _text(f"{entry.agency}\n{entry.url or _FROM_THE_MAIL[locale]}"))
    lines += [f"STATUS:{'CANCELLED' if entry.closed else 'CONFIRMED'}", "TRANSP:TRANSPARENT"]
    if entry.url is not None:
        lines.append(f"URL:{entry.url}")
    if not entry.closed and not entry.secret:
        for before in _ALARMS:
            lines += [
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                f"DESCRIPTION:{summary}",
                f"TRIGGER:{before}",
                "END:VALARM",
            ]
    return [*lines, "END:VEVENT"]


def _day(on: date) -> str:
    return f"{on.year:04}{on.month:02}{on.day:02}"


def _instant(at: datetime) -> str:
    """`at` is UTC already."""
    return f"{_day(at)}T{at.hour:02}{at.minute:02}{at.second:02}Z"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> bytes:
    """One line of content, in rows that end neither within a character nor within an escape."""
    rest = line.translate(_BREAKS).encode("utf-8", "replace")
    rows = []
    while len(rest) > _OCTETS:
        at = _OCTETS
        while rest[at] & 0xC0 == 0x80:
            at -= 1
        at -= (at - len(rest[:at].rstrip(b"\\"))) % 2
        rows.append(rest[:at])
        rest = rest[at:]
    return b"\r\n ".join([*rows, rest]) + b"\r\n"
