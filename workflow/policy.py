"""A policy: who is reminded when, to whom a late obligation climbs, and the figures around it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from workflow.calendar import WorkingCalendar
from workflow.findings import FileInvalid
from workflow.ladder import AGENCY, DELEGATION, Audience, Ladder, ObligationKind, Position
from workflow.ladder_file import audience_words, ladder_document, read_audiences, read_ladders
from workflow.yaml_source import Cell, Source

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIELDS = (
    "title", "zone", "send_at", "sweep_at", "counting", "cap", "due_soon", "silence_days", "deadline_law",
    "terms", "fallback", "weekly", "ladders",
)  # fmt: skip
TERMS = {"acknowledge": (1, 60), "contribute_before": (0, 60), "review": (1, 60), "decide": (1, 60)}
YEAR = 366
MOST_LEVELS = 9


class PolicyInvalid(FileInvalid):
    """The policy was not taken over; the one in force stays in force."""


@dataclass(frozen=True)
class Weekly:
    """The digest of those who passed `after_level`; `weekday` counts from Monday = 0."""

    weekday: int
    after_level: int
    to: tuple[Audience, ...]


@dataclass(frozen=True)
class Policy:
    """`terms` and `due_soon` count days as `counting` says; `silence_days` are calendar days.

    `extensions` in `terms` is how many extensions one directive may be granted; `cap` is how many messages
    one sweep may write before it stops and asks. `version` is the hash of everything else.
    """

    name: str
    title: dict[str, str]
    zone: str
    send_at: time
    sweep_at: time
    counting: str
    cap: int
    due_soon: int
    silence_days: int
    deadline_law: bool
    terms: dict[str, int]
    fallback: dict[Position, tuple[Position, ...]]
    weekly: Weekly
    ladders: dict[str, Ladder]
    version: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", _digest(to_document(self)))

    def counted(self, calendar: WorkingCalendar) -> WorkingCalendar:
        """The calendar this policy counts by: working days, or every day."""
        return calendar if self.counting == "working" else calendar.every_day

    def ladder(self, kind: ObligationKind, *, periodic: bool = False) -> Ladder:
        """The ladder of an obligation; deliveries of a rhythm have their own."""
        return self.ladders["periodic" if periodic and kind is ObligationKind.DELIVER else kind.value]


def load_policy(text: str, name: str) -> Policy:
    """Raises PolicyInvalid with all findings of the file."""
    source = Source(text, name)
    cells = source.root(PolicyInvalid).fields(FIELDS, optional=("name",))
    ladders = read_ladders(cells["ladders"])
    last_level = MOST_LEVELS if source.findings else len(ladders["deliver"].levels)
    policy = Policy(
        name=name,
        title=cells["title"].titles(),
        zone=_zone(cells["zone"]),
        send_at=cells["send_at"].clock(),
        sweep_at=cells["sweep_at"].clock(),
        counting=cells["counting"].word(("working", "calendar")),
        cap=cells["cap"].integer(1, 1_000_000),
        due_soon=cells["due_soon"].integer(0, 60),
        silence_days=cells["silence_days"].integer(1, 2 * YEAR),
        deadline_law=cells["deadline_law"].boolean(default=True),
        terms=_terms(cells["terms"]),
        fallback=_fallback(cells["fallback"]),
        weekly=_weekly(cells["weekly"], last_level),
        ladders=ladders,
    )
    source.stop_if_wrong(PolicyInvalid)
    return policy


def from_document(document: Mapping[str, Any]) -> Policy:
    """A stored policy. JSON is YAML, so one reader checks both."""
    return load_policy(json.dumps(document, ensure_ascii=False), document["name"])


def _zone(cell: Cell) -> str:
    name = cell.text(default="UTC")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of zones
        cell.wrong("not_zone", example="Asia/Ho_Chi_Minh")
    return name


def _terms(cell: Cell) -> dict[str, int]:
    cells = cell.fields((*TERMS, "extensions"))
    terms = {name: cells[name].integer(*bounds) for name, bounds in TERMS.items()}
    return {**terms, "extensions": cells["extensions"].integer(0, 20)}


def _fallback(cell: Cell) -> dict[Position, tuple[Position, ...]]:
    """Who stands in when nobody holds a position, first choice first; within one organisation."""
    cells = cell.fields((), optional=tuple(Position))
    found = {
        Position(name): _stand_ins(Position(name), entry) for name, entry in cells.items() if entry.given
    }
    for position in found:
        if _reaches(position, position, found):
            cells[position].wrong("cycle", example="clerk: [deputy_head, head]")
    return found


def _stand_ins(position: Position, cell: Cell) -> tuple[Position, ...]:
    house = AGENCY if position in AGENCY else DELEGATION
    return tuple(Position(item.word(house)) for item in cell.items(least=1))


def _reaches(start: Position, goal: Position, graph: Mapping[Position, tuple[Position, ...]]) -> bool:
    seen: set[Position] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        position = waiting.pop()
        if position is goal:
            return True
        if position not in seen:
            seen.add(position)
            waiting += graph.get(position, ())
    return False


def _weekly(cell: Cell, last_level: int) -> Weekly:
    cells = cell.fields(("weekday", "after_level", "to"))
    weekday = WEEKDAYS.index(cells["weekday"].word(WEEKDAYS))
    after_level = cells["after_level"].integer(1, max(last_level, 1))
    return Weekly(weekday, after_level, read_audiences(cells["to"], "deliver", least=1))


def to_document(policy: Policy) -> dict[str, Any]:
    """Everything but the version, in the shape of the policy file."""
    return {
        "name": policy.name,
        "title": dict(policy.title),
        "zone": policy.zone,
        "send_at": f"{policy.send_at:%H:%M}",
        "sweep_at": f"{policy.sweep_at:%H:%M}",
        "counting": policy.counting,
        "cap": policy.cap,
        "due_soon": policy.due_soon,
        "silence_days": policy.silence_days,
        "deadline_law": policy.deadline_law,
        "terms": dict(policy.terms),
        "fallback": {who.value: [other.value for other in others] for who, others in policy.fallback.items()},
        "weekly": {
            "weekday": WEEKDAYS[policy.weekly.weekday],
            "after_level": policy.weekly.after_level,
            "to": audience_words(policy.weekly.to),
        },
        "ladders": {name: ladder_document(ladder) for name, ladder in policy.ladders.items()},
    }


def _digest(document: Mapping[str, Any]) -> str:
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
