"""Due dates as calendar entries: attached to mails, and listed in the feeds people subscribe to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

# All-day entries begin at midnight; the alarm rings at eight, when somebody is there to hear it.
_ALARMS = (timedelta(days=-5, hours=8), timedelta(days=-2, hours=8))
_FROM_THE_MAIL = {
    "vi": "Trả lời bằng nút trong thư có mã này.",
    "en": "Answer with the button of the mail that has this code.",
}
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
    book = Calendar()
    book.add("prodid", "-//Don doc//dondoc//VI")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", name)
    for entry in entries:
        book.add_component(_event(entry, host, locale))
    return bytes(book.to_ical())


def entry_uid(entry: Entry, host: str) -> str:
    """Stable for the life of a directive; a coordinating agency's own date is an event of its own."""
    period = f".{entry.period_on:%Y%m%d}" if entry.period_on else ""
    return f"{entry.code.lower()}{period}{'.phoi-hop' if entry.contributes else ''}@{host}"


def _event(entry: Entry, host: str, locale: str) -> Event:
    event = Event()
    event.add("uid", entry_uid(entry, host))
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.due_on)
    event.add("dtend", entry.due_on + timedelta(days=1))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.closed else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if entry.url is not None:
        event.add("url", entry.url)
    if entry.secret:
        event.add("summary", _SECRET[locale])
        return event
    event.add("summary", f"{entry.code}: {entry.title}")
    event.add("description", f"{entry.agency}\n{entry.url or _FROM_THE_MAIL[locale]}")
    if not entry.closed:
        for before in _ALARMS:
            event.add_component(_alarm(entry, before))
    return event


def _alarm(entry: Entry, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"{entry.code}: {entry.title}")
    alarm.add("trigger", before)
    return alarm
