"""The escalation board: what is late, by the level it stands on, worst first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.access import Actor, visible
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind, earliest
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization
from workflow.standing import AsOf

AT_MOST = 30


@dataclass(frozen=True)
class Card:
    """`next_on`: the first night that may raise it, None on the last level."""

    code: str
    title: str
    lead_name: str | None
    due_on: date
    days_late: int
    level: int
    next_on: date | None


@dataclass(frozen=True)
class Column:
    level: int
    cards: list[Card]
    total: int


def columns(db: Session, actor: Actor, as_of: AsOf, calendar: WorkingCalendar) -> list[Column]:
    """One column for each level of the active policy; level 0 is late but not raised yet."""
    late = (
        col(Obligation.status) == ObligationStatus.RUNNING,
        col(Obligation.kind) == ObligationKind.DELIVER,
        col(Obligation.due_on) < as_of.today,
        visible(actor),
    )
    joined = (Directive, col(Directive.id) == col(Obligation.directive_id))
    counts = db.execute(
        select(col(Obligation.level), func.count()).join(*joined).where(*late).group_by(col(Obligation.level))
    )
    totals: dict[int, int] = {row[0]: row[1] for row in counts}
    top = max([*totals, *(one.level for one in _levels(db))], default=0)
    return [
        Column(level, _cards(db, level, late, as_of, calendar), totals.get(level, 0))
        for level in range(top + 1)
    ]


def _levels(db: Session) -> Any:
    return rulebook.active_policy(db).ladder(ObligationKind.DELIVER).levels


def _cards(db: Session, level: int, late: Any, as_of: AsOf, calendar: WorkingCalendar) -> list[Card]:
    fields: tuple[Any, ...] = (Obligation, col(Directive.code), col(Directive.title), col(Organization.name))
    rows = db.execute(
        select(*fields)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
        .where(*late, col(Obligation.level) == level)
        .order_by(col(Obligation.due_on), col(Obligation.id))
        .limit(AT_MOST)
    )
    return [_card(db, row, as_of, calendar) for row in rows]


def _card(db: Session, row: Any, as_of: AsOf, calendar: WorkingCalendar) -> Card:
    obligation, code, title, lead_name = row
    policy = rulebook.policy(db, obligation.policy_id)
    counted = policy.counted(calendar)
    above = [one for one in policy.ladders[obligation.ladder].levels if one.level == obligation.level + 1]
    next_on = earliest(above[0], counted, obligation.due_on, obligation.level_settled_on) if above else None
    return Card(
        code, title, lead_name, obligation.due_on, counted.count(obligation.due_on, as_of.today),
        obligation.level, next_on,
    )  # fmt: skip
