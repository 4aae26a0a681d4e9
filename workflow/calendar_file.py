"""Reads the decreed days of a calendar from YAML: every fault with its place, or the source of a calendar."""

from datetime import date
from typing import Any

from workflow.calendar import LISTED_KINDS, STATUSES
from workflow.findings import FileInvalid
from workflow.policy import WEEKDAYS
from workflow.yaml_source import Cell, Source


class CalendarInvalid(FileInvalid):
    """The calendar was not taken over; the one in force stays in force."""


def load_source(text: str, name: str) -> dict[str, Any]:
    """What `build_document` takes. Raises CalendarInvalid with all findings of the file."""
    source = Source(text, name)
    cells = source.root(CalendarInvalid).fields(("country", "weekend", "confirmed_through", "days"))
    weekend = [WEEKDAYS.index(item.word(WEEKDAYS)) for item in cells["weekend"].items()]
    content = {
        "country": cells["country"].word(("VN",)),
        "weekend": sorted(set(weekend)),
        "confirmed_through": cells["confirmed_through"].integer(2000, 2100),
        "days": _days(cells["days"], frozenset(weekend)),
    }
    source.stop_if_wrong(CalendarInvalid)
    return content


def _days(cell: Cell, weekend: frozenset[int]) -> list[dict[str, Any]]:
    days: dict[str, dict[str, Any]] = {}
    for item in cell.items():
        cells = item.fields(("day", "kind", "vi", "en", "source", "status"))
        entry = _entry(cells)
        if entry["on"] in days:
            cells["day"].wrong("repeated")
        elif not cells["day"].faulty:
            _check_kind(cells["kind"], entry, weekend)
        days[entry["on"]] = entry
    return list(days.values())


def _entry(cells: dict[str, Cell]) -> dict[str, Any]:
    return {
        "on": cells["day"].day().isoformat(),
        "kind": cells["kind"].word(LISTED_KINDS),
        "name": {"vi": cells["vi"].text(), "en": cells["en"].text()},
        "source": cells["source"].text(),
        "status": cells["status"].word(STATUSES),
    }


def _check_kind(cell: Cell, entry: dict[str, Any], weekend: frozenset[int]) -> None:
    """Only a closed weekend can be worked in exchange, only an ordinary weekday can be given off for it."""
    is_weekend = date.fromisoformat(entry["on"]).weekday() in weekend
    if entry["kind"] == "exchanged_working" and not is_weekend:
        cell.wrong("already_open", day=entry["on"])
    if entry["kind"] == "exchanged_off" and is_weekend:
        cell.wrong("already_closed", day=entry["on"])
