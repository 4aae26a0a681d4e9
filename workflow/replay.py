"""One obligation read forwards over the nights that were swept: what it should have been told, and when.

Written against the rules alone: it shares no statement with the sweep, which reads the rules backwards.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from workflow import rulebook
from workflow.ladder import Ladder, Level
from workflow.ledger import Account, Stretch
from workflow.models.message import MessageStatus
from workflow.models.obligation import ObligationStatus
from workflow.nights import Nights, Swept
from workflow.policy import Policy


@dataclass(frozen=True)
class Expected:
    """Told (or merged into a nearer step) on this night, under this due version."""

    mark: str
    version: int
    night: date
    due_on: date
    merged: bool
    run_id: int


class Replay:
    """`level` is where the obligation should stand now."""

    def __init__(self, account: Account, nights: Nights, policies: dict[int, Policy]) -> None:
        self.account = account
        self.nights = nights
        self.policies = policies
        self.level = 0
        self.told: set[tuple[str, int]] = set()
        self.expected = list(self._play())

    def _play(self) -> Iterator[Expected]:
        version: int | None = None
        for stretch in self.account.stretches():
            if stretch.due_version != version:
                self.level, version = 0, stretch.due_version
            if stretch.status is ObligationStatus.RUNNING:
                policy = self.policies[stretch.policy_id]
                ladder = policy.ladders[self.account.obligation.ladder]
                opened_on = self.account.obligation.opened_on
                swept = self.nights.of(policy, opened_on, stretch.from_at, stretch.until_at)
                yield from self._rungs(stretch, ladder, swept)
                yield from self._levels(stretch, ladder, policy, swept)

    def _rungs(self, stretch: Stretch, ladder: Ladder, swept: list[Swept]) -> Iterator[Expected]:
        hits = [
            (one, rung.offset)
            for rung in ladder.rungs
            if stretch.span_days >= rung.min_span
            for one in _reached(swept, stretch.due_on, rung.offset)
        ]
        for one, same in groupby(
            sorted(hits, key=lambda hit: (hit[0].night, hit[1])), key=lambda hit: hit[0]
        ):
            offsets = [offset for _, offset in same]
            for offset in offsets:
                over = bool(ladder.levels) and offset <= 0 and stretch.due_on < one.night
                merged = offset != offsets[-1] or over
                yield from self._once(f"R:{offset}", stretch, one, merged=merged)

    def _once(self, mark: str, stretch: Stretch, one: Swept, *, merged: bool) -> Iterator[Expected]:
        """A key is written once; a calendar that moves a rung past its own day does not tell it again."""
        if (mark, stretch.due_version) not in self.told:
            self.told.add((mark, stretch.due_version))
            yield Expected(mark, stretch.due_version, one.night, stretch.due_on, merged, one.run_id)

    def _levels(
        self, stretch: Stretch, ladder: Ladder, policy: Policy, swept: list[Swept]
    ) -> Iterator[Expected]:
        for one in swept:
            self._by_hand(stretch, one)
            above = _next(ladder, self.level)
            if above is not None and self._may_climb(above, stretch, one):
                self.level = above.level
                yield from self._once(f"L:{above.level}", stretch, one, merged=False)
            elif self._is_digest(ladder, policy, stretch, one):
                year, week, _ = one.night.isocalendar()
                yield from self._once(f"W:{year}-{week:02d}", stretch, one, merged=False)
        self._by_hand(stretch, None)

    def _by_hand(self, stretch: Stretch, until: Swept | None) -> None:
        for raised in self.account.raised:
            here = stretch.covers(raised.at) and (until is None or raised.at < until.at)
            if raised.by_hand and here:
                self.level = max(self.level, raised.level)

    def _may_climb(self, level: Level, stretch: Stretch, one: Swept) -> bool:
        if one.calendar.shift(stretch.due_on, level.after) > one.night:
            return False
        if self.level == 0:
            return True
        settled = self.settled_on(self.level, stretch.due_version)
        return settled is not None and settled <= one.calendar.shift(one.night, -level.gap)

    def _is_digest(self, ladder: Ladder, policy: Policy, stretch: Stretch, one: Swept) -> bool:
        weekly = policy.weekly
        if not ladder.levels or self.level < weekly.after_level:
            return False
        settled = self.settled_on(self.level, stretch.due_version)
        digest_on = one.night - timedelta(days=(one.night.weekday() - weekly.weekday) % 7)
        first_open = one.calendar.roll_forward(digest_on)
        return settled is not None and settled < one.night and one.since < first_open <= one.night

    def settled_on(self, level: int, version: int) -> date | None:
        """The day its first mail was handed over, or the night itself when nobody could be told."""
        lines = self.account.of(f"L:{level}", version)
        mailed = [line for line in lines if line.person is not None]
        if lines and not mailed:
            return min(line.night for line in lines)
        given = [line.handed_over_at for line in mailed if line.handed_over_at is not None]
        if given:
            return rulebook.local_day(min(given), self._zone())
        return self._settled_otherwise(level, version)

    def _settled_otherwise(self, level: int, version: int) -> date | None:
        """A refused address settles a level too; of that day only the obligation itself knows."""
        obligation = self.account.obligation
        if (obligation.level, obligation.due_version) == (level, version):
            return obligation.level_settled_on
        refused = [
            line.night
            for line in self.account.of(f"L:{level}", version)
            if line.message_status is MessageStatus.REJECTED
        ]
        return min(refused) if refused else None

    def _zone(self) -> str:
        return self.policies[self.account.obligation.policy_id].zone


def _reached(swept: list[Swept], due_on: date, offset: int) -> Iterator[Swept]:
    """The sweep whose days hold the rung's day, by the calendar it ran with; days belong to one sweep each."""
    nights = [one.night for one in swept]
    for calendar in {id(one.calendar): one.calendar for one in swept}.values():
        day = calendar.shift(due_on, offset)
        place = bisect_left(nights, day)
        if place < len(swept) and swept[place].since < day and swept[place].calendar is calendar:
            yield swept[place]


def _next(ladder: Ladder, level: int) -> Level | None:
    return next((one for one in ladder.levels if one.level == level + 1), None)
