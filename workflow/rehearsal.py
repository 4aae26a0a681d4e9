"""One supposed night: the stages of the sweep over obligations in memory, a set at a time.

The rules are the sweep's own (`ranges`, `limits`, `holders`, `is_digest_day`); only where rows are kept
differs. A property test plays random histories both ways and compares every line.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from workflow import recurrence
from workflow.audiences import Addressed, Audiences
from workflow.calendar import WorkingCalendar
from workflow.kinds import BY_SEVERITY, NoticeKind
from workflow.ladder import Ladder, Level, ObligationKind, RungRange, limits, ranges
from workflow.policy import Policy
from workflow.scratch import Owed, Rhythm, Scratch, Standing
from workflow.sweep.escalate import kind_for
from workflow.sweep.weekly import is_digest_day

Mail = tuple[str, str, tuple[dict[str, Any], ...]]
"""Address, kind and lines, the worst first."""
Line = tuple[int, str, int, dict[str, Any]]
"""Severity (negative: the worst comes first), directive, obligation, and the line itself."""


class Reading(NamedTuple):
    """One ladder that may speak tonight, with what stands on it."""

    policy: Policy
    ladder: Ladder
    calendar: WorkingCalendar
    since: date
    standing: dict[Standing, list[Owed]]


class Rehearsal:
    """Nights in their order; `lines` holds what each person is told in the present one."""

    def __init__(self, scratch: Scratch, audiences: Audiences) -> None:
        self.scratch = scratch
        self.audiences = audiences
        self.lines: dict[int, list[Line]] = {}

    def play(self, night: date) -> Iterator[Mail]:
        """Sweep, brake, and the handing over of the mails."""
        self.audiences.on(night)
        self.lines = {}
        self._open_periods(night)
        readings = list(self._readings(night))
        for reading in readings:
            self._escalate(reading, night)
        for reading in readings:
            self._remind(reading, night)
            self._weekly(reading, night)
        self._hand_over(night, is_held=self._mails(night) > self.scratch.active.cap)
        self._pass(night)
        yield from self._written()

    def _readings(self, night: date) -> Iterator[Reading]:
        scratch = self.scratch
        for (policy_id, name), standing in sorted(scratch.ladders.items()):
            policy = scratch.policies[policy_id]
            calendar = policy.counted(scratch.calendar)
            if calendar.is_open(night) and name in policy.ladders:
                yield Reading(policy, policy.ladders[name], calendar, self._since(policy, night), standing)

    def _since(self, policy: Policy, night: date) -> date:
        told = min(self.scratch.told or night, night - timedelta(days=1))
        return told if policy.counting == "working" else self.scratch.swept or told

    def _escalate(self, reading: Reading, night: date) -> None:
        """Highest first: whatever climbs tonight climbs exactly one level."""
        for limit in reversed(limits(reading.ladder, reading.calendar, night)):
            below = limit.level.level - 1
            for standing in [
                one
                for one in reading.standing
                if one.level == below and one.due_on <= limit.due_until and _rested(one, limit.told_until)
            ]:
                self._climb(reading, standing, limit.level, night)

    def _climb(self, reading: Reading, standing: Standing, level: Level, night: date) -> None:
        """What nobody can be told of settles at once; the rest when its mails are handed over."""
        addressed, mark = _audiences(reading.ladder, level), f"L:{level.level}"
        told = Standing(level.level, None, standing.due_on, night)
        silent = Standing(level.level, night, standing.due_on)
        for one in reading.standing.pop(standing):
            is_told = self._tell(reading.policy, one, mark, addressed, level=level.level)
            reading.standing.setdefault(told if is_told else silent, []).append(one)

    def _remind(self, reading: Reading, night: date) -> None:
        for hit in ranges(reading.ladder, reading.calendar, reading.since, night):
            if not hit.merged:
                self._reach(reading, hit, night)

    def _reach(self, reading: Reading, hit: RungRange, night: date) -> None:
        """Once the due day is over the first level speaks, not the reminder."""
        rung, kind = hit.rung, NoticeKind(hit.rung.kind)
        addressed = tuple((audience, kind) for audience in rung.to)
        speaks_late = not reading.ladder.levels or rung.offset > 0
        for standing, owed in reading.standing.items():
            in_time = speaks_late or standing.due_on >= night
            if in_time and hit.due_from <= standing.due_on <= hit.due_to:
                for one in owed:
                    if one.span >= rung.min_span:
                        self._tell(reading.policy, one, f"R:{rung.offset}", addressed, rung=rung.offset)

    def _weekly(self, reading: Reading, night: date) -> None:
        ladder, weekly = reading.ladder, reading.policy.weekly
        if not ladder.levels or not is_digest_day(night, reading.since, reading.calendar, weekly.weekday):
            return
        year, week, _ = night.isocalendar()
        addressed = tuple(
            (audience, kind_for(ladder.name, audience, is_copy=False)) for audience in weekly.to
        )
        for standing, owed in reading.standing.items():
            has_rested = standing.settled_on is not None and standing.settled_on < night
            if standing.level >= weekly.after_level and has_rested:
                for one in owed:
                    self._tell(reading.policy, one, f"W:{year}-{week}", addressed, level=weekly.after_level)

    def _tell(self, policy: Policy, one: Owed, mark: str, addressed: Addressed, **step: int) -> bool:
        """Whether anybody can be told; who was told this before is not told again."""
        reached = self.audiences.of(one, policy, addressed)
        before = self.scratch.known.get((one.id, mark), ())
        line = {
            "directive": one.code, "obligation": one.kind.value, **step, "due_on": one.due_on.isoformat()
        }  # fmt: skip
        for person, kind in reached:
            if person not in before:
                self.lines.setdefault(person, []).append((-kind.severity, one.code, one.id, line))
        return bool(reached)

    def _mails(self, night: date) -> int:
        scratch, policy = self.scratch, self.scratch.active
        calendar, since = policy.counted(scratch.calendar), self._since(policy, night)
        is_weekly = calendar.is_open(night) and is_digest_day(night, since, calendar, policy.weekly.weekday)
        return len(self.lines) + (self.audiences.leaders if is_weekly else 0)

    def _hand_over(self, night: date, *, is_held: bool) -> None:
        """A night over the cap is held, and nobody lets it go in a rehearsal: its levels never settle."""
        for standings in self.scratch.ladders.values():
            for standing in [one for one in standings if one.mailed_on is not None]:
                is_stuck = is_held and standing.mailed_on == night
                settled = standing._replace(mailed_on=None, settled_on=None if is_stuck else night)
                standings.setdefault(settled, []).extend(standings.pop(standing))

    def _pass(self, night: date) -> None:
        self.scratch.swept = night
        if self.scratch.calendar.is_open(night):
            self.scratch.told = night

    def _written(self) -> Iterator[Mail]:
        addresses = self.audiences.addresses
        for person in sorted(self.lines, key=addresses.__getitem__):
            lines = sorted(self.lines[person], key=itemgetter(0, 1, 2))
            yield addresses[person], BY_SEVERITY[-lines[0][0]].value, tuple(line for *_, line in lines)

    def _open_periods(self, night: date) -> None:
        """A long outage opens every period it missed."""
        for one in self.scratch.rhythms:
            while one.since < night:
                due_on = recurrence.next_due(one.rule, one.since, self.scratch.calendar)
                if due_on is None:
                    one.since = date.max
                else:
                    self._open_period(one, due_on)

    def _open_period(self, one: Rhythm, due_on: date) -> None:
        period = (one.directive_id, one.due_version, one.since)
        if period not in self.scratch.periods:
            span = self.scratch.calendar.count(one.since, due_on)
            self.scratch.open(
                Owed(
                    0, one.directive_id, one.code, ObligationKind.DELIVER, "periodic", one.lead, one.delegation,
                    one.since, due_on, one.due_version, span, 0, None, one.policy_id,
                )
            )  # fmt: skip
        one.since = due_on


def _rested(standing: Standing, told_until: date | None) -> bool:
    """The level below was settled long enough ago; the first level has none below."""
    return told_until is None or (standing.settled_on is not None and standing.settled_on <= told_until)


def _audiences(ladder: Ladder, level: Level) -> Addressed:
    """Holders first: a person who is both holder and copy is told as holder."""
    to = ((one, kind_for(ladder.name, one, is_copy=False)) for one in level.to)
    copy = ((one, kind_for(ladder.name, one, is_copy=True)) for one in level.copy)
    return (*to, *copy)
