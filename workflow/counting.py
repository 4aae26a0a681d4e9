"""Every day between the start of a clock and its due day: counted, or skipped and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.calendar import DayNote, WorkingCalendar
from workflow.ledger import Account
from workflow.models.obligation import ObligationStatus
from workflow.words import Texts, pair

SUSPENDED = pair("tạm dừng", "suspended")
START = pair("ngày bắt đầu, không tính", "the day it starts is not counted")


@dataclass(frozen=True)
class Suspension:
    """The days after `since` up to and including `until` are not counted; None: it still lasts."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since < day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class CountedDay:
    """`kind`: start, suspended, or what the calendar says of the day. `late`: after the due day."""

    on: date
    counts: bool
    kind: str
    name: Texts
    source: str | None
    status: str
    late: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(), "counts": self.counts, "kind": self.kind, "name": self.name,
            "source": self.source, "status": self.status, "late": self.late,
        }  # fmt: skip


def suspensions(account: Account, on: date) -> list[Suspension]:
    """Those that had begun by the evening of `on`."""
    found, since = [], account.obligation.opened_on
    for past in account.pasts:
        if past.status is ObligationStatus.PAUSED and since <= on:
            found.append(Suspension(since, past.until_on if past.until_on <= on else None))
        since = past.until_on
    if account.obligation.status is ObligationStatus.PAUSED and since <= on:
        found.append(Suspension(since, None))
    return found


def counted_days(
    calendar: WorkingCalendar, opened_on: date, until: date, due_on: date, paused: list[Suspension]
) -> tuple[CountedDay, ...]:
    """From the day of opening to `until`, both included."""
    notes = calendar.days(opened_on, max(until, opened_on))
    return tuple(_counted(note, opened_on, due_on, paused) for note in notes)


def _counted(note: DayNote, opened_on: date, due_on: date, paused: list[Suspension]) -> CountedDay:
    kind, name, counts = note.kind, note.name, note.is_open
    if note.on == opened_on:
        kind, name, counts = "start", START, False
    elif any(one.holds(note.on) for one in paused):
        kind, name, counts = "suspended", SUSPENDED, False
    return CountedDay(note.on, counts, kind, name, note.source, note.status, note.on > due_on)


def sentence(days: Iterable[CountedDay], locale: str) -> str:
    """Counted days, then the skipped ones by reason, reasons in the order they first apply."""
    listed = list(days)
    counted = [day for day in listed if day.counts]
    said = ", ".join(f"{day.on:%d/%m}{_why_counted(day, locale)}" for day in counted) or "-"
    skipped: dict[str, list[str]] = {}
    for day in listed:
        if not day.counts:
            skipped.setdefault(day.name[locale], []).append(f"{day.on:%d/%m}")
    left_out = "; ".join(f"{', '.join(same)} ({name})" for name, same in skipped.items())
    skip = {"vi": "bỏ", "en": "skipped"}[locale]
    return f"{said} = {len(counted)}" + (f"; {skip} {left_out}" if left_out else "")


def _why_counted(day: CountedDay, locale: str) -> str:
    return f" ({day.name[locale]})" if day.kind == "exchanged_working" else ""
