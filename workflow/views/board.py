"""The escalation board: what is late, by the level it stands on, worst first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.ladder import ObligationKind, earliest
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization
from workflow.views.rules import Rules

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


def columns(db: Session, actor: Actor, rules: Rules) -> list[Column]:
    """One column for each level of the active policy; level 0 is late but not raised yet."""
    late = (
        col(Obligation.status) == ObligationStatus.RUNNING,
        col(Obligation.kind) == ObligationKind.DELIVER,
        col(Obligation.due_on) < rules.today,
        visible(actor),
    )
    fields: tuple[Any, ...] = (
        Obligation, col(Directive.code), col(Directive.title), col(Organization.name), *_places(),
    )  # fmt: skip
    ranked = (
        select(*fields)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
        .where(*late)
        .subquery()
    )
    obligation = aliased(Obligation, ranked)
    shown: tuple[Any, ...] = (obligation, ranked.c.code, ranked.c.title, ranked.c.name, ranked.c.total)
    rows = db.execute(
        select(*shown).where(ranked.c.place <= AT_MOST).order_by(ranked.c.level, ranked.c.place)
    ).all()
    cards = [_card(row, rules) for row in rows]
    totals = {row[0].level: row[4] for row in rows}
    top = max(
        [*totals, *(one.level for one in rules.policy.ladder(ObligationKind.DELIVER).levels)], default=0
    )
    return [
        Column(level, [card for card in cards if card.level == level], totals.get(level, 0))
        for level in range(top + 1)
    ]


def _places() -> tuple[Any, Any]:
    """The place of each row within its level, oldest first, and how many the level has."""
    within = col(Obligation.level)
    order = (col(Obligation.due_on), col(Obligation.id))
    return (
        func.row_number().over(partition_by=within, order_by=order).label("place"),
        func.count().over(partition_by=within).label("total"),
    )


def _card(row: Any, rules: Rules) -> Card:
    obligation, code, title, lead_name, _ = row
    policy = rules.policies[obligation.policy_id]
    counted = policy.counted(rules.calendar)
    above = [one for one in policy.ladders[obligation.ladder].levels if one.level == obligation.level + 1]
    next_on = earliest(above[0], counted, obligation.due_on, obligation.level_settled_on) if above else None
    return Card(
        code, title, lead_name, obligation.due_on, counted.count(obligation.due_on, rules.today),
        obligation.level, next_on,
    )  # fmt: skip
