"""Who receives a notice: holders of a position in an organisation, their deputies, or who stands in for them."""

from datetime import date
from functools import lru_cache

from sqlalchemy import CTE, ColumnElement, and_, case, func, literal, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from workflow.ladder import Position
from workflow.models.person import Mailbox, Membership, Person
from workflow.policy import Policy

ABSENT = 100


def holders(policy: Policy, position: Position, on: date) -> CTE:
    """Rows (organization_id, person_id, stands_for_id, instead_of): the first rank of the chain that can be reached.

    The chain is the position, then its stand-ins as the policy lists them. Somebody absent is represented by
    their deputy (`stands_for_id` names the absent one); without a deputy who can be reached they come after
    everybody present, so that an absence never silences a duty altogether. `instead_of` is the position asked
    for, where nobody who holds it could be reached.
    """
    return _holders(position, (position, *policy.fallback.get(position, ())), on)


@lru_cache(maxsize=64)
def _holders(position: Position, chain: tuple[Position, ...], on: date) -> CTE:
    """Kept: writing this statement takes longer than running it for one agency."""
    deputy = aliased(Person)
    represented = and_(absent(on), _reachable(deputy), ~absent(on, deputy))
    reads = case((represented, col(deputy.id)), else_=col(Person.id)).label("person_id")
    stands_for = case((represented, col(Person.id)), else_=null()).label("stands_for_id")
    instead_of = case((col(Membership.position) == position, null()), else_=literal(position.value))
    ranked = (
        select(
            col(Membership.organization_id),
            reads,
            stands_for,
            instead_of.label("instead_of"),
            func.rank()
            .over(partition_by=col(Membership.organization_id), order_by=_rank(chain, on, represented))
            .label("place"),
        )
        .join(Person, col(Person.id) == col(Membership.person_id))
        .outerjoin(deputy, col(deputy.id) == col(Person.deputy_id))
        .where(col(Membership.position).in_(chain), col(Person.is_active))
        .where(or_(col(Person.mailbox) == Mailbox.OPEN, represented))
        .subquery()
    )
    first = ranked.c.place == 1
    # Who holds the post and stands in for a colleague besides reads it once, in their own name.
    own = func.count() > func.count(ranked.c.stands_for_id)
    return (
        select(
            ranked.c.organization_id,
            ranked.c.person_id,
            case((own, null()), else_=func.min(ranked.c.stands_for_id)).label("stands_for_id"),
            func.min(ranked.c.instead_of).label("instead_of"),
        )
        .where(first)
        .group_by(ranked.c.organization_id, ranked.c.person_id)
        .cte(f"holders_{position.value}")
    )


def absent(on: date, person: type[Person] = Person) -> ColumnElement[bool]:
    return and_(
        col(person.absent_from).is_not(None),
        col(person.absent_from) <= on,
        or_(col(person.absent_until).is_(None), col(person.absent_until) >= on),
    )


def _reachable(person: type[Person]) -> ColumnElement[bool]:
    return and_(col(person.id).is_not(None), col(person.is_active), col(person.mailbox) == Mailbox.OPEN)


def _rank(chain: tuple[Position, ...], on: date, represented: ColumnElement[bool]) -> ColumnElement[int]:
    place = case(
        {post: number for number, post in enumerate(chain)}, value=col(Membership.position), else_=99
    )
    return place + case((and_(absent(on), ~represented), ABSENT), else_=0)
