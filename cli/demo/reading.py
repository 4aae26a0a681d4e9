"""From the conclusion's text to what the demo issues: drafts, agencies, and dates where none was said."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.calendar import WorkingCalendar
from workflow.conclusions.reading import Reading

SECRETARY_TERM = 25
"""Working days the demo's secretary gives an undated instruction; a real one decides for each."""


@dataclass(frozen=True)
class Instruction:
    start: int
    end: int
    quote: str
    lead: str
    coordinating: tuple[str, ...]
    due_on: date | None
    rhythm: str | None
    dated_by: str


def instructions(reading: Reading, issued_on: date, calendar: WorkingCalendar) -> list[Instruction]:
    """What the reader found, with `dated_by` saying whether the text or the demo's secretary gave the date."""
    gold = reading.to_gold()
    supervised = gold["document"]["supervised_agency"]
    return [_instruction(one, supervised, issued_on, calendar) for one in gold["directives"]]


def _instruction(
    one: dict[str, Any], supervised: str | None, issued_on: date, calendar: WorkingCalendar
) -> Instruction:
    deadline = one["deadline"]
    due_on = date.fromisoformat(deadline["due_on"]) if deadline["due_on"] else None
    rhythm = deadline["rrule"]
    said = due_on is not None and due_on > issued_on
    if not said and rhythm is None:
        due_on = calendar.shift(issued_on, SECRETARY_TERM)
    lead = (one["lead"] or [supervised or "Cơ quan được giám sát"])[0]
    others = tuple(name for name in (*one["lead"][1:], *one["coordinating"]) if name != lead)
    dated_by = "text" if said or rhythm else "secretary"
    return Instruction(
        one["start"], one["end"], one["text"], lead, others, None if rhythm else due_on, rhythm, dated_by
    )
