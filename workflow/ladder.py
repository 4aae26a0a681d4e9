"""A ladder of reminder rungs and escalation levels, read forwards (one obligation) and backwards (all).

Both readings are one rule: a rung with offset n falls on `calendar.shift(due_on, n)` and applies when that
day lies after the day the obligation was opened.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflow.calendar import DAY, WorkingCalendar


class ObligationKind(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    DELIVER = "deliver"
    CONTRIBUTE = "contribute"
    REVIEW = "review"
    DECIDE = "decide"


class Position(StrEnum):
    CLERK = "clerk"
    DEPUTY_HEAD = "deputy_head"
    HEAD = "head"
    SECRETARY = "secretary"
    DEPUTY_CHAIR = "deputy_chair"
    CHAIR = "chair"


AGENCY = (Position.CLERK, Position.DEPUTY_HEAD, Position.HEAD)
DELEGATION = (Position.SECRETARY, Position.DEPUTY_CHAIR, Position.CHAIR)


class Side(StrEnum):
    OWED_BY = "owed_by"
    OWED_TO = "owed_to"


@dataclass(frozen=True)
class Audience:
    """Who is told: the holders of a position on one side of the obligation, written `owed_by.clerk`."""

    side: Side
    position: Position

    def __str__(self) -> str:
        return f"{self.side}.{self.position}"


@dataclass(frozen=True)
class Rung:
    """A reminder, `offset` working days from the due date (negative: before).

    `min_span` is the least number of working days between opening and due date for which the rung applies.
    It is never below 1 - offset: with fewer days the rung would fall on or before the day of opening.
    """

    offset: int
    min_span: int
    to: tuple[Audience, ...]
    kind: str


@dataclass(frozen=True)
class Level:
    """An escalation, `after` working days past the due date, `gap` working days past the level below."""

    level: int
    after: int
    gap: int
    to: tuple[Audience, ...]
    copy: tuple[Audience, ...]


@dataclass(frozen=True)
class Ladder:
    name: str
    rungs: tuple[Rung, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Step:
    """One line of a timetable: a rung or a level, its day, and when it does not apply the reason (vi, en)."""

    on: date
    rung: Rung | None
    level: Level | None
    offset: int
    applies: bool
    reason: dict[str, str] | None


@dataclass(frozen=True)
class RungRange:
    """Due dates whose `rung` fell into the days of a sweep. `merged`: a nearer rung speaks for it."""

    rung: Rung
    due_from: date
    due_to: date
    merged: bool


@dataclass(frozen=True)
class LevelLimit:
    """A level is due for due dates up to `due_until` whose level below was settled by `told_until`."""

    level: Level
    due_until: date
    told_until: date | None


def timetable(
    ladder: Ladder, calendar: WorkingCalendar, opened_on: date, due_on: date, span_days: int
) -> list[Step]:
    """Every rung and level of one obligation with its day, in the order of the days.

    Raises CalendarOutOfRange when a day lies outside the calendar.
    """
    rungs = [_rung_step(rung, calendar, opened_on, due_on, span_days) for rung in ladder.rungs]
    levels = [_level_step(level, calendar, due_on) for level in ladder.levels]
    return sorted(rungs + levels, key=lambda step: step.on)


def _rung_step(rung: Rung, calendar: WorkingCalendar, opened_on: date, due_on: date, span_days: int) -> Step:
    on = calendar.shift(due_on, rung.offset)
    reason = None if span_days >= rung.min_span else _why_not(rung, on, opened_on, span_days)
    return Step(on, rung, None, rung.offset, applies=reason is None, reason=reason)


def _level_step(level: Level, calendar: WorkingCalendar, due_on: date) -> Step:
    return Step(calendar.shift(due_on, level.after), None, level, level.after, applies=True, reason=None)


def _why_not(rung: Rung, on: date, opened_on: date, span_days: int) -> dict[str, str]:
    if on <= opened_on:
        return {
            "vi": f"Mốc này rơi vào {on:%d/%m/%Y}, không sau ngày giao {opened_on:%d/%m/%Y}.",
            "en": f"This rung falls on {on:%d/%m/%Y}, not after the day of opening, {opened_on:%d/%m/%Y}.",
        }
    return {
        "vi": f"Từ ngày giao đến hạn có {span_days} ngày làm việc; mốc này cần ít nhất {rung.min_span}.",
        "en": f"{span_days} working days from opening to due date; this rung needs at least {rung.min_span}.",
    }


def ranges(ladder: Ladder, calendar: WorkingCalendar, since: date, until: date) -> list[RungRange]:
    """The due dates each rung hits in the days (since, until], nearest rung first.

    Ranges that are not merged share no due date: after missed nights an obligation is reminded once, by
    its nearest rung; the farther ones come back as merged ranges. Since `min_span` never grows towards the
    due date, whoever qualifies for the farther rung qualifies for the nearer one too.
    """
    found: list[RungRange] = []
    taken_until: date | None = None
    for rung in reversed(ladder.rungs):
        window = calendar.window(rung.offset, since, until)
        if window is not None:
            found += _split(rung, *window, taken_until)
            taken_until = window[1]
    return found


def _split(rung: Rung, due_from: date, due_to: date, taken_until: date | None) -> list[RungRange]:
    """A farther rung's window starts and ends later: what overlaps the nearer windows is merged."""
    if taken_until is None or taken_until < due_from:
        return [RungRange(rung, due_from, due_to, merged=False)]
    own = [RungRange(rung, taken_until + DAY, due_to, merged=False)] if taken_until < due_to else []
    return [*own, RungRange(rung, due_from, min(taken_until, due_to), merged=True)]


def limits(ladder: Ladder, calendar: WorkingCalendar, night: date) -> list[LevelLimit]:
    """What a level needs on this night, besides standing on the level below."""
    return [_limit(level, calendar, night) for level in ladder.levels]


def _limit(level: Level, calendar: WorkingCalendar, night: date) -> LevelLimit:
    told_until = calendar.shift(night, -level.gap) if level.level > 1 else None
    return LevelLimit(level, calendar.limit(level.after, night), told_until)


def earliest(level: Level, calendar: WorkingCalendar, due_on: date, told_on: date | None) -> date:
    """The first night that may raise to this level: `limits` read forwards.

    What was settled on a closed day counts from the next working day.
    """
    by_due = calendar.shift(due_on, level.after)
    if level.level == 1 or told_on is None:
        return by_due
    return max(by_due, calendar.shift(calendar.roll_forward(told_on), level.gap))
