"""How long acknowledging and reviewing took, and how late the late ones were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.figures.cells import OVERDUE, Basis, Cell, cell
from workflow.figures.ledger import ledger
from workflow.figures.rules import RulesOn
from workflow.figures.scope import Scope
from workflow.ladder import ObligationKind
from workflow.models.obligation import Obligation, ObligationStatus

Met = tuple[date, date, date, int]
"""Opened, met and due on these days: so many."""
WAITED = (ObligationKind.ACKNOWLEDGE, ObligationKind.REVIEW)


@dataclass(frozen=True)
class Waited:
    """Of one kind of duty met by that evening: how many, how many in time, mean and median working days."""

    met: int
    in_time: int
    mean_days: float | None
    median_days: float | None


@dataclass(frozen=True)
class Timing:
    """`mean_lateness`: calendar days past the date, over directives done late or overdue now."""

    acknowledge: Waited
    review: Waited
    late: int
    mean_lateness: float | None


def timing(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> Timing:
    met = _met(db, actor, rules, scope)
    acknowledged, reviewed = (_waited(rules, met.get(kind, [])) for kind in WAITED)
    late = _lateness(db, actor, rules, scope)
    number = sum(count for _, count in late)
    return Timing(acknowledged, reviewed, number, _mean(late))


def _met(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> dict[ObligationKind, list[Met]]:
    book = ledger(scope.on, scope.led_by)
    ids = book.select(actor, rules, book.directive_id.label("id")).where(*scope.conditions(book, rules))
    inside = ids.subquery("inside")
    alike: tuple[Any, ...] = (
        col(Obligation.kind), col(Obligation.opened_on), col(Obligation.met_on), col(Obligation.due_on),
    )  # fmt: skip
    query = (
        select(*alike, func.count())
        .join(inside, inside.c.id == col(Obligation.directive_id))
        .where(col(Obligation.kind).in_(WAITED), col(Obligation.status) == ObligationStatus.MET)
        .where(col(Obligation.met_on) <= scope.on)
        .group_by(*alike)
    )
    found: dict[ObligationKind, list[Met]] = {}
    for kind, *days in db.execute(query):
        found.setdefault(kind, []).append((days[0], days[1], days[2], days[3]))
    return found


def _waited(rules: RulesOn, met: Sequence[Met]) -> Waited:
    days = [(rules.calendar.count(opened, met_on), number) for opened, met_on, _, number in met]
    in_time = sum(number for _, met_on, due, number in met if met_on <= due)
    return Waited(sum(number for _, number in days), in_time, _mean(days), _median(days))


def _lateness(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> list[tuple[int, int]]:
    book = ledger(scope.on, scope.led_by)
    due = book.due_on if scope.basis is Basis.REVISED else book.original_due_on
    which = cell(book, rules, scope.basis)
    columns = (which.label("cell"), due.label("due_on"), book.reported_on)
    late = [one.value for one in (Cell.DONE_LATE, *OVERDUE)]
    query = book.select(actor, rules, *columns, func.count()).where(
        *scope.conditions(book, rules), which.in_(late)
    )
    found = db.execute(query.group_by(which, due, book.reported_on))
    return [(_days_late(one, due_on, reported, scope.on), number) for one, due_on, reported, number in found]


def _days_late(which: str, due_on: date, reported_on: date | None, on: date) -> int:
    return ((reported_on or on) - due_on).days if which == Cell.DONE_LATE else (on - due_on).days


def _mean(days: Iterable[tuple[int, int]]) -> float | None:
    pairs = list(days)
    number = sum(count for _, count in pairs)
    return round(sum(value * count for value, count in pairs) / number, 1) if number else None


def _median(days: Iterable[tuple[int, int]]) -> float | None:
    values = sorted(value for value, count in days for _ in range(count))
    if not values:
        return None
    middle = len(values) // 2
    return float(values[middle]) if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
