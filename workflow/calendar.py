"""Working days of Viet Nam: one immutable calendar, its arithmetic, and the inverse of that arithmetic."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib import import_module
from importlib.metadata import version as release
from typing import Any, ClassVar

from workflow.errors import WorkflowError

DAY = timedelta(days=1)
CLOSED_KINDS = frozenset({"weekend", "holiday", "exchanged_off"})
LISTED_KINDS = ("holiday", "exchanged_off", "exchanged_working")
YEARS = range(2015, 2041)
STATUSES = ("in_law", "announced", "provisional")
ORDINARY = {"vi": "Ngày làm việc", "en": "Working day"}
WEEKEND = {"vi": "Ngày nghỉ cuối tuần", "en": "Weekend"}
MADE_UP = {"vi": "Ngày làm bù", "en": "Exchanged working day"}


class CalendarOutOfRange(WorkflowError):
    """The day lies outside the years the calendar knows."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Lịch làm việc chỉ có từ năm {first} đến năm {last}, không tính được {day}.",
        "en": "The working calendar covers {first} to {last}; {day} cannot be computed.",
    }
    exit_code = 2
    http_status = 422


@dataclass(frozen=True)
class DayNote:
    """What one day is and why: `kind` is working, weekend, holiday, exchanged_off or exchanged_working."""

    on: date
    is_open: bool
    kind: str
    name: dict[str, str]
    source: str | None
    status: str


class WorkingCalendar:
    """Working days between two dates, both included. Never changes once built.

    `shift` is monotone in the day for every n. Therefore the due dates whose shifted day falls into an
    interval form an interval too: `window` and `limit` rely on that and on nothing else.
    """

    def __init__(self, document: Mapping[str, Any], version: str, listed: Mapping[date, DayNote]) -> None:
        self.version = version
        self.first = date.fromisoformat(document["first"])
        self.last = date.fromisoformat(document["last"])
        self._document = document
        self._listed = listed
        self._weekend = frozenset(document["weekend"])
        self.confirmed_through = int(document["confirmed_through"])
        self._working: list[date] = []
        self._index: list[int] = []
        self._lay_out()

    def _lay_out(self) -> None:
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            note = self._listed.get(day)
            if note.is_open if note else day.weekday() not in self._weekend:
                self._working.append(day)
            self._index.append(len(self._working))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "WorkingCalendar":
        """A stored version; what was frozen at build time, independent of any library."""
        listed = {note.on: note for note in map(_note, document["days"])}
        return cls(document, _digest(document), listed)

    def to_document(self) -> dict[str, Any]:
        return dict(self._document)

    @cached_property
    def every_day(self) -> "WorkingCalendar":
        """The same years with no closed day, for policies that count calendar days."""
        return WorkingCalendar.from_document({**self._document, "weekend": [], "days": []})

    @cached_property
    def ordinary(self) -> "WorkingCalendar":
        """The same weekends with no holiday and no exchange: where a step would fall but for them."""
        return WorkingCalendar.from_document({**self._document, "days": []})

    def is_open(self, day: date) -> bool:
        place = self._place(day)
        return self._index[place] > (self._index[place - 1] if place else 0)

    def note(self, day: date) -> DayNote:
        is_open = self.is_open(day)
        if day in self._listed:
            return self._listed[day]
        status = "in_law" if day.year <= self.confirmed_through else "provisional"
        kind, name = ("working", ORDINARY) if is_open else ("weekend", WEEKEND)
        return DayNote(day, is_open, kind, dict(name), None, status)

    def days(self, a: date, b: date) -> list[DayNote]:
        """Every day from a to b, both included."""
        return [self.note(a + timedelta(days=n)) for n in range((b - a).days + 1)]

    def index(self, day: date) -> int:
        """How many working days there are up to and including `day`."""
        return self._index[self._place(day)]

    def count(self, after: date, until: date) -> int:
        """Working days in (after, until]; negative when `until` lies before `after`."""
        return self.index(until) - self.index(after)

    def shift(self, day: date, n: int) -> date:
        """n > 0: the n-th working day after; n <= 0: back from the last working day on or before `day`."""
        position = self.index(day) - 1 + n
        if not 0 <= position < len(self._working):
            raise self._outside({"vi": f"{day:%d/%m/%Y} cộng {n}", "en": f"{day:%d/%m/%Y} moved by {n}"})
        return self._working[position]

    def roll_back(self, day: date) -> date:
        return self.shift(day, 0)

    def roll_forward(self, day: date) -> date:
        return day if self.is_open(day) else self.shift(day, 1)

    def window(self, n: int, since: date, until: date) -> tuple[date, date] | None:
        """The due dates d with since < shift(d, n) <= until: one inclusive range, or None."""
        low = max(self.index(since) + 1 - n, 0)
        high = min(self.index(until) - n, len(self._working))
        if low > high or self._first_with(low) > self._last_with(high):
            return None
        return self._first_with(low), self._last_with(high)

    def limit(self, n: int, until: date) -> date:
        """The last due date d with shift(d, n) <= until; the day before the calendar when there is none."""
        return self._last_with(min(self.index(until) - n, len(self._working)))

    def _first_with(self, index: int) -> date:
        return self._working[index - 1] if index else self.first

    def _last_with(self, index: int) -> date:
        if index < 0:
            return self.first - DAY
        return self._working[index] - DAY if index < len(self._working) else self.last

    def _place(self, day: date) -> int:
        place = day.toordinal() - self.first.toordinal()
        if not 0 <= place < len(self._index):
            raise self._outside(f"{day:%d/%m/%Y}")
        return place

    def _outside(self, day: object) -> CalendarOutOfRange:
        return CalendarOutOfRange(first=self.first.year, last=self.last.year, day=day)


def build_document(source: Mapping[str, Any], years: range = YEARS) -> dict[str, Any]:
    """The calendar of these years, every exception written out: library holidays, over them the decreed days.

    The result is complete: a later release of the library cannot change a stored version.
    """
    confirmed_through = int(source["confirmed_through"])
    days = {entry["on"]: entry for entry in _library_days(years, confirmed_through)}
    days |= {entry["on"]: dict(entry) for entry in source["days"] if int(entry["on"][:4]) in years}
    return {
        "country": source["country"],
        "first": date(years[0], 1, 1).isoformat(),
        "last": date(years[-1], 12, 31).isoformat(),
        "weekend": list(source["weekend"]),
        "confirmed_through": confirmed_through,
        "days": [days[on] for on in sorted(days)],
    }


def _library_days(years: range, confirmed_through: int) -> Iterable[dict[str, Any]]:
    vn: Any = import_module("holidays").VN  # half a second: only whoever builds a calendar pays for it

    vietnamese = vn(years=years, language="vi")
    english = vn(years=years, language="en_US")
    source = f"holidays {release('holidays')}"
    exchanged = str(vietnamese.substituted_label).split("%s")[0]
    for on in sorted(vietnamese):
        kind = "exchanged_off" if vietnamese[on].startswith(exchanged) else "holiday"
        name = {"vi": vietnamese[on], "en": english[on]}
        yield _entry(on, kind, name, source, confirmed_through)
    for on in sorted(vietnamese.weekend_workdays):
        if on.year in years:
            yield _entry(on, "exchanged_working", dict(MADE_UP), source, confirmed_through)


def _entry(on: date, kind: str, name: dict[str, str], source: str, confirmed_through: int) -> dict[str, Any]:
    status = "in_law" if on.year <= confirmed_through else "provisional"
    return {"on": on.isoformat(), "kind": kind, "name": name, "source": source, "status": status}


def _note(entry: Mapping[str, Any]) -> DayNote:
    kind = entry["kind"]
    on = date.fromisoformat(entry["on"])
    return DayNote(on, kind not in CLOSED_KINDS, kind, dict(entry["name"]), entry["source"], entry["status"])


def _digest(document: Mapping[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
