"""What waits for one person: obligations of the bodies they sit in, and what has climbed up to their post."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.ladder import ObligationKind, Side
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.policy import Policy
from workflow.sweep.night import policies_in_use
from workflow.views.directives import Line, lines_of
from workflow.views.standing import Rules

AT_MOST = 7


@dataclass(frozen=True)
class Duty:
    """`climbed`: not owed by this person, but brought to them because it is late."""

    kind: ObligationKind
    due_on: date
    opened_on: date
    days: int
    level: int
    climbed: bool
    directive: Line


@dataclass(frozen=True)
class Waiting:
    duties: list[Duty]
    total: int
    next_due_on: date | None


def waiting(db: Session, actor: Actor, rules: Rules, today: date, *, limit: int = AT_MOST) -> Waiting:
    """The earliest first. Of a total beyond the limit only the number is known."""
    own = _owed(actor)
    climbed = _climbed(db, actor, today)
    query = select(Obligation).join(Directive, col(Directive.id) == col(Obligation.directive_id))
    running = col(Obligation.status) == ObligationStatus.RUNNING
    rows = list(
        db.scalars(
            query.where(running, visible(actor), or_(own, climbed))
            .order_by(col(Obligation.due_on), col(Obligation.id))
            .limit(200)
        )
    )
    lines = lines_of(db, actor, rules, today, [row.directive_id for row in rows[:limit]])
    mine = actor.organizations()
    duties = [
        Duty(
            kind=row.kind,
            due_on=row.due_on,
            opened_on=row.opened_on,
            days=rules.days_until(row.due_on, today),
            level=row.level,
            climbed=row.owed_by_id not in mine,
            directive=lines[row.directive_id],
        )
        for row in rows[:limit]
    ]
    return Waiting(duties, len(rows), None if rows else _next_due(db, actor, today))


def _owed(actor: Actor) -> ColumnElement[bool]:
    mine = sorted(actor.organizations())
    return col(Obligation.owed_by_id).in_(mine) if mine else false()


def _climbed(db: Session, actor: Actor, today: date) -> ColumnElement[bool]:
    """Late results owed to this person's delegation that reached a level whose holder they are."""
    conditions = []
    for policy_id, policy in policies_in_use(db).items():
        for post in actor.posts:
            levels = _levels_held(policy, post.position)
            if levels:
                conditions.append(
                    and_(
                        col(Obligation.policy_id) == policy_id,
                        col(Obligation.owed_to_id) == post.organization_id,
                        col(Obligation.level).in_(levels),
                    )
                )
    late = and_(col(Obligation.kind) == ObligationKind.DELIVER, col(Obligation.due_on) < today)
    return and_(late, or_(false(), *conditions))


def _levels_held(policy: Policy, position: object) -> list[int]:
    ladder = policy.ladder(ObligationKind.DELIVER)
    return [
        level.level
        for level in ladder.levels
        if any(one.side is Side.OWED_TO and one.position == position for one in level.to)
    ]


def _next_due(db: Session, actor: Actor, today: date) -> date | None:
    """The nearest due day of anything this actor may see."""
    query = select(col(Obligation.due_on)).join(Directive, col(Directive.id) == col(Obligation.directive_id))
    running = col(Obligation.status) == ObligationStatus.RUNNING
    ahead = query.where(running, visible(actor), col(Obligation.due_on) >= today)
    return db.scalar(ahead.order_by(col(Obligation.due_on)).limit(1))
