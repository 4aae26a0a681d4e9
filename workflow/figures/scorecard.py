"""One agency's card: what it was given, what it did in time. The same for the delegation and the agency itself."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from workflow.access import Actor
from workflow.figures.cells import Figure
from workflow.figures.counting import FEW, Counts, by_both
from workflow.figures.rules import RulesOn, rules_on
from workflow.figures.scope import Scope
from workflow.figures.timing import Timing, timing

MONTHS = 6


@dataclass(frozen=True)
class Point:
    """The card of one earlier evening; `by_original` by the date first set."""

    on: date
    by_revised: Counts
    by_original: Counts


@dataclass(frozen=True)
class Scorecard:
    """`revised` measures by the date as extended, `original` by the date first set: the same directives."""

    rules: RulesOn
    revised: Counts
    original: Counts
    timing: Timing
    trend: tuple[Point, ...]

    @property
    def too_few(self) -> bool:
        """Percentages of so few would say more than is known."""
        return self.revised[Figure.DUE] < FEW


def scorecard(
    db: Session, actor: Actor, agency: str, on: date, today: date, months: int = MONTHS
) -> Scorecard:
    """Nobody is ranked: the card compares an agency with its own earlier months only."""
    rules = rules_on(db, on, today)
    now = _point(db, actor, agency, rules)
    earlier = [_point(db, actor, agency, rules_on(db, day, today)) for day in month_ends(on, months)]
    spent = timing(db, actor, rules, Scope(on, agency=agency))
    return Scorecard(rules, now.by_revised, now.by_original, spent, (*earlier, now))


def _point(db: Session, actor: Actor, agency: str, rules: RulesOn) -> Point:
    return Point(rules.on, *by_both(db, actor, rules, Scope(rules.on, agency=agency)))


def month_ends(on: date, months: int) -> list[date]:
    """The last days of the months before this one, oldest first."""
    ends: list[date] = []
    day = on
    for _ in range(months):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]
