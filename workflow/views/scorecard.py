"""One agency's figures: what it was given, what it did in time. The same for the delegation and the agency itself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization

FEW = 5


@dataclass(frozen=True)
class Scorecard:
    """Of dated directives led: `due` are those whose day has come or that are done; the others do not count yet.

    `on_time` measures by the date as extended, `on_original` by the date first set.
    """

    assigned: int
    due: int
    on_time: int
    on_original: int
    overdue: int
    extended: int
    acknowledged: int
    acknowledged_in_time: int

    @property
    def too_few(self) -> bool:
        """Percentages of so few would say more than is known."""
        return self.due < FEW


def scorecard(
    db: Session, actor: Actor, agency: Organization, today: date, done: frozenset[str]
) -> Scorecard:
    """Two queries."""
    finished = func.coalesce(col(Directive.reported_on), col(Directive.closed_on))
    is_done = col(Directive.state).in_(sorted(done))
    late_open = and_(
        col(Directive.closed_on).is_(None),
        col(Directive.reported_on).is_(None),
        col(Directive.due_on) < today,
    )
    dated = col(Directive.due_on).is_not(None)
    columns = (
        func.count(),
        _sum(and_(dated, or_(is_done, late_open, col(Directive.due_on) < today))),
        _sum(and_(dated, is_done, finished <= col(Directive.due_on))),
        _sum(and_(dated, is_done, finished <= col(Directive.original_due_on))),
        _sum(late_open),
        _sum(col(Directive.extensions) > 0),
    )
    led = (visible(actor), col(Directive.lead_id) == agency.id, col(Directive.issued_on).is_not(None))
    figures = db.execute(select(*columns).select_from(Directive).where(*led)).one()
    given, due, on_time, on_original, overdue, extended = (int(one or 0) for one in figures)
    acknowledged = _acknowledged(db, actor, agency)
    return Scorecard(given, due, on_time, on_original, overdue, extended, *acknowledged)


def _acknowledged(db: Session, actor: Actor, agency: Organization) -> tuple[int, int]:
    met = (
        col(Obligation.kind) == ObligationKind.ACKNOWLEDGE,
        col(Obligation.status) == ObligationStatus.MET,
        col(Obligation.owed_by_id) == agency.id,
    )
    query = select(func.count(), _sum(col(Obligation.met_on) <= col(Obligation.due_on))).select_from(
        Obligation
    )
    query = query.join(Directive, col(Directive.id) == col(Obligation.directive_id))
    row = db.execute(query.where(*met, visible(actor))).one()
    return int(row[0]), int(row[1] or 0)


def _sum(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
