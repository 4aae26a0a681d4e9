"""What waits for one person: obligations of the bodies they sit in, and what has climbed up to their post."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.ladder import ObligationKind, Position, Side
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization
from workflow.policy import Policy
from workflow.standing import LEVEL, AsOf, Standing
from workflow.views.rules import Rules

AT_MOST = 7


@dataclass(frozen=True)
class Duty:
    """`climbed`: not owed by this person, but brought to them because it is late. `days` left, or late."""

    kind: ObligationKind
    due_on: date
    days: int
    climbed: bool
    code: str
    title: str
    lead_name: str | None
    standing: Standing
    level: int


@dataclass(frozen=True)
class Waiting:
    """The earliest duties, how many there are in all, and when there are none the next day that matters."""

    duties: list[Duty]
    total: int
    next_due_on: date | None


def waiting(db: Session, actor: Actor, rules: Rules, *, limit: int = AT_MOST) -> Waiting:
    as_of = rules.as_of
    condition = and_(_running(), visible(actor), or_(_owed(actor), _climbed(actor, rules)))
    earliest = db.execute(
        select(col(Obligation.id), func.count().over())
        .join(*_directive())
        .where(condition)
        .order_by(col(Obligation.due_on), col(Obligation.id))
        .limit(limit)
    ).all()
    if not earliest:
        return Waiting([], 0, _next_due(db, actor, rules.today))
    columns: tuple[Any, ...] = (
        Obligation, col(Directive.code), col(Directive.title), col(Organization.name),
        as_of.standing(), LEVEL,
    )  # fmt: skip
    rows = db.execute(
        select(*columns)
        .select_from(Obligation)
        .join(*_directive())
        .outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
        .where(col(Obligation.id).in_([one[0] for one in earliest]))
        .order_by(col(Obligation.due_on), col(Obligation.id))
    )
    mine = actor.organizations()
    return Waiting([_duty(row, as_of, mine) for row in rows], earliest[0][1], None)


def _duty(row: Any, as_of: AsOf, mine: set[int]) -> Duty:
    obligation, code, title, lead_name, standing, level = row
    return Duty(
        kind=obligation.kind,
        due_on=obligation.due_on,
        days=as_of.calendar.count(as_of.today, obligation.due_on),
        climbed=obligation.owed_by_id not in mine,
        code=code,
        title=title,
        lead_name=lead_name,
        standing=Standing(standing),
        level=level,
    )


def _directive() -> tuple[Any, ColumnElement[bool]]:
    return Directive, col(Directive.id) == col(Obligation.directive_id)


def _running() -> ColumnElement[bool]:
    return col(Obligation.status) == ObligationStatus.RUNNING


def _owed(actor: Actor) -> ColumnElement[bool]:
    mine = sorted(actor.organizations())
    return col(Obligation.owed_by_id).in_(mine) if mine else false()


def _climbed(actor: Actor, rules: Rules) -> ColumnElement[bool]:
    """Late results owed to this person's delegation that reached a level whose holder they are."""
    conditions = [
        and_(
            col(Obligation.policy_id) == policy_id,
            col(Obligation.owed_to_id) == post.organization_id,
            col(Obligation.level).in_(levels),
        )
        for policy_id, policy in rules.policies.items()
        for post in actor.posts
        if (levels := _levels_held(policy, post.position))
    ]
    late = and_(col(Obligation.kind) == ObligationKind.DELIVER, col(Obligation.due_on) < rules.today)
    return and_(late, or_(false(), *conditions))


def _levels_held(policy: Policy, position: Position) -> list[int]:
    return [
        level.level
        for level in policy.ladder(ObligationKind.DELIVER).levels
        if any(one.side is Side.OWED_TO and one.position is position for one in level.to)
    ]


def _next_due(db: Session, actor: Actor, today: date) -> date | None:
    """The nearest due day of anything this actor may see."""
    query = select(func.min(col(Obligation.due_on))).select_from(Obligation).join(*_directive())
    return db.scalar(query.where(_running(), visible(actor), col(Obligation.due_on) >= today))
