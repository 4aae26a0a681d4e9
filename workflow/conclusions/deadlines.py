"""Expressions of time: where they stand, what they mean, and by which rule."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from workflow.conclusions.dates import Anchor, NoSuchDay
from workflow.conclusions.lexicon import data
from workflow.conclusions.reading import DeadlineKind
from workflow.conclusions.time_values import COMPUTATIONS

_BEFORE = 24
_NEEDED_BEFORE = 44
_STRENGTH = {"ongoing": 1, "none": 0}


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """`kind` "date" without `due_on` is an event or an unfinished date; `problem` says what is wrong with it."""

    start: int
    end: int
    kind: DeadlineKind
    rule: str
    why: str
    due_on: date | None = None
    rrule: str | None = None
    refers_to: str | None = None
    problem: str | None = None

    @property
    def strength(self) -> int:
        """A day or a rhythm outweighs an event without a day, and that a standing duty."""
        if self.refers_to is not None or self.kind == "recurring" or self.due_on:
            return 3
        return _STRENGTH.get(self.kind, 2)


@dataclass(frozen=True, slots=True)
class _Expression:
    rule: str
    why: str
    value: str
    shape: re.Pattern[str]
    unless_after: tuple[str, ...]
    needs_before: tuple[str, ...]


@cache
def _expressions() -> tuple[_Expression, ...]:
    return tuple(_expression(entry) for entry in data("deadlines")["expressions"])


def _expression(entry: dict[str, Any]) -> _Expression:
    return _Expression(
        entry["rule"],
        entry["why"],
        entry["value"],
        re.compile(r"(?<![\w/])(?:" + _expand(entry["pattern"]) + r")(?![\w])"),
        tuple(entry.get("unless_after", ())),
        tuple(entry.get("needs_before", ())),
    )


def _expand(pattern: str) -> str:
    """Put the macros in; a brace that is no macro is a repetition count."""
    macros = data("deadlines")["macros"]
    while True:
        expanded = re.sub(r"\{([a-z]\w+)\}", lambda found: str(macros[found.group(1)]), pattern)
        if expanded == pattern:
            return expanded
        pattern = expanded


def find_times(folded: str, anchor: Anchor, start: int = 0, end: int | None = None) -> list[TimeExpression]:
    """All expressions of time in reading order, none overlapping another."""
    end = len(folded) if end is None else end
    taken: list[TimeExpression] = []
    for expression in _expressions():
        for found in expression.shape.finditer(folded, start, end):
            if _admissible(expression, folded, found) and not _overlaps(taken, found):
                taken.insert(
                    bisect_left(taken, found.start(), key=_start), _evaluate(expression, found, anchor)
                )
    return taken


def _start(time: TimeExpression) -> int:
    return time.start


def _admissible(expression: _Expression, folded: str, found: re.Match[str]) -> bool:
    before = folded[max(0, found.start() - _BEFORE) : found.start()].rstrip(" ,(")
    if expression.unless_after and _ends_with_word(before, expression.unless_after):
        return False
    if not expression.needs_before:
        return True
    near = folded[max(0, found.start() - _NEEDED_BEFORE) : found.start()]
    return any(word in near for word in expression.needs_before)


def _ends_with_word(before: str, words: Iterable[str]) -> bool:
    return any(before.endswith(word) and not before[: -len(word)][-1:].isalnum() for word in words)


def _overlaps(taken: Sequence[TimeExpression], found: re.Match[str]) -> bool:
    place = bisect_left(taken, found.start(), key=_start)
    if place and taken[place - 1].end > found.start():
        return True
    return place < len(taken) and taken[place].start < found.end()


def _evaluate(expression: _Expression, found: re.Match[str], anchor: Anchor) -> TimeExpression:
    blank = TimeExpression(found.start(), found.end(), "date", expression.rule, expression.why)
    if expression.value == "reference":
        return replace(blank, refers_to=found.group("label") or "")
    try:
        kind, due_on, rrule = COMPUTATIONS[expression.value](found, anchor)
    except NoSuchDay as error:
        return replace(blank, problem=str(error))
    return replace(blank, kind=kind, due_on=due_on, rrule=rrule)
