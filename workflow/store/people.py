"""Questions about people and their roles in the whole installation."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.models.organization import Organization
from workflow.models.person import Mailbox, Membership, Person


def users(db: Session) -> list[tuple[Person, str]]:
    """Everybody with the codes of the bodies they hold posts in."""
    columns: tuple[Any, ...] = (Person, Organization.code)
    query = (
        select(*columns)
        .select_from(Person)
        .outerjoin(Membership, col(Membership.person_id) == col(Person.id))
        .outerjoin(Organization, col(Organization.id) == col(Membership.organization_id))
        .order_by(col(Person.email), col(Membership.id))
    )
    found: dict[int, tuple[Person, list[str]]] = {}
    for person, code in db.execute(query):
        codes = found.setdefault(person.id, (person, []))[1]
        if code is not None and code not in codes:
            codes.append(code)
    return [(person, ", ".join(codes)) for person, codes in found.values()]


def by_email(db: Session, email: str) -> Person:
    found = db.scalar(select(Person).where(col(Person.email) == email.strip().lower()))
    if found is None:
        raise NotFound(what={"vi": "người dùng", "en": "Person"}, code=email)
    return found


def posts(db: Session, person: Person) -> list[tuple[Membership, Organization]]:
    columns: tuple[Any, ...] = (Membership, Organization)
    query = select(*columns).join(Organization, col(Organization.id) == col(Membership.organization_id))
    query = query.where(col(Membership.person_id) == person.id).order_by(col(Membership.id))
    return [(membership, organization) for membership, organization in db.execute(query)]


def dead_mailboxes(db: Session) -> list[Person]:
    query = select(Person).where(col(Person.mailbox) == Mailbox.DEAD, col(Person.is_active))
    return list(db.scalars(query.order_by(col(Person.email))))
