"""Who receives a notice: holders of a position in an organisation, or who stands in for them."""

from datetime import date

from sqlalchemy import CTE, ColumnElement, and_, case, func, or_, select
from sqlmodel import col

from workflow.ladder import Position
from workflow.models.person import Mailbox, Membership, Person
from workflow.policy import Policy

ABSENT = 100


def holders(policy: Policy, position: Position, on: date) -> CTE:
    """Rows (organization_id, person_id): the first rank of the chain that has somebody reachable.

    The chain is the position, then its stand-ins as the policy lists them. People who are absent
    come after everybody present, so that an absence never silences a duty altogether.
    """
    chain = (position, *policy.fallback.get(position, ()))
    ranked = (
        select(
            col(Membership.organization_id),
            col(Membership.person_id),
            func.rank()
            .over(partition_by=col(Membership.organization_id), order_by=_rank(chain, on))
            .label("place"),
        )
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Membership.position).in_(chain), col(Person.is_active))
        .where(col(Person.mailbox) == Mailbox.OPEN)
        .subquery()
    )
    first = select(ranked.c.organization_id, ranked.c.person_id).where(ranked.c.place == 1)
    return first.cte(f"holders_{position.value}")


def _rank(chain: tuple[Position, ...], on: date) -> ColumnElement[int]:
    place = case(
        {post: number for number, post in enumerate(chain)}, value=col(Membership.position), else_=99
    )
    return place + case((_absent(on), ABSENT), else_=0)


def _absent(on: date) -> ColumnElement[bool]:
    return and_(
        col(Person.absent_from) <= on,
        or_(col(Person.absent_until).is_(None), col(Person.absent_until) >= on),
    )
