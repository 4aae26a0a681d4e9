"""Questions about bodies and the people who hold their posts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.directive import Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person
from workflow.moves import Phase
from workflow.standing import AsOf, Standing


@dataclass(frozen=True)
class Row:
    """`led`, `open` and `overdue` count directives this body leads and the actor may know."""

    organization: Organization
    people: int
    led: int
    open: int
    overdue: int


@dataclass(frozen=True)
class Contact:
    person: Person
    membership: Membership

    def is_absent(self, on: date) -> bool:
        start, end = self.person.absent_from, self.person.absent_until
        return start is not None and start <= on and (end is None or end >= on)


def visible_organizations(actor: Actor) -> ColumnElement[bool]:
    """An agency knows its own people; the supervising side knows whom it addresses."""
    if actor.sees_all or actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE):
        return true()
    return col(Organization.id).in_(sorted(actor.organizations()))


def all_rows(db: Session, actor: Actor, as_of: AsOf, kinds: tuple[OrganizationKind, ...] = ()) -> list[Row]:
    """In two queries, however many bodies there are."""
    people = (
        select(func.count()).where(col(Membership.organization_id) == col(Organization.id)).scalar_subquery()
    )
    columns: tuple[Any, ...] = (Organization, people)
    query = select(*columns).where(visible_organizations(actor)).order_by(col(Organization.code))
    if kinds:
        query = query.where(col(Organization.kind).in_(kinds))
    counts = _led(db, actor, as_of)
    return [Row(body, number, *counts.get(body.id, (0, 0, 0))) for body, number in db.execute(query)]


def _led(db: Session, actor: Actor, as_of: AsOf) -> dict[int, tuple[int, int, int]]:
    is_open = case((as_of.in_phase(Phase.OPEN, Phase.REVIEW, Phase.PAUSED), 1), else_=0)
    is_late = case((as_of.standing() == Standing.OVERDUE.value, 1), else_=0)
    columns: tuple[Any, ...] = (col(Directive.lead_id), func.count(), func.sum(is_open), func.sum(is_late))
    query = (
        select(*columns)
        .where(access.visible(actor), col(Directive.lead_id).is_not(None))
        .group_by(col(Directive.lead_id))
    )
    return {lead: (total, running, late) for lead, total, running, late in db.execute(query)}


def get(db: Session, actor: Actor, code: str) -> Organization:
    found = db.scalar(
        select(Organization).where(col(Organization.code) == code, visible_organizations(actor))
    )
    if found is None:
        raise NotFound(what={"vi": "cơ quan", "en": "Organisation"}, code=code)
    return found


def contacts(db: Session, organization: Organization) -> list[Contact]:
    columns: tuple[Any, ...] = (Person, Membership)
    query = (
        select(*columns)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.organization_id) == organization.id)
    )
    return [Contact(*row) for row in db.execute(query.order_by(col(Membership.id)))]


def empty_posts(db: Session) -> list[Organization]:
    """Bodies that lead open directives and have nobody who can be mailed."""
    reachable = (
        select(col(Membership.organization_id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Person.is_active), col(Person.mailbox) == "open")
    )
    leading = select(col(Directive.lead_id)).where(
        col(Directive.closed_on).is_(None), col(Directive.lead_id).is_not(None)
    )
    query = select(Organization).where(
        col(Organization.id).in_(leading), col(Organization.id).not_in(reachable)
    )
    return list(db.scalars(query.order_by(col(Organization.code))))
