"""Who may see and do what: the one place.

`visible(actor)` is the only way a query learns which directives a person may know of; every page,
command, export, count and mail goes through it.
"""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, false, or_, select, true, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.ladder import Position
from workflow.models.directive import Coordination, Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person, Role
from workflow.models.supervision import Supervision


@dataclass(frozen=True)
class Post:
    """`holder` is who the post belongs to, where the actor only stands in for them."""

    organization_id: int
    kind: OrganizationKind
    position: Position
    holder: str | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: a person with posts, or the system itself."""

    name: str
    person_id: int | None = None
    role: Role | None = None
    posts: tuple[Post, ...] = ()
    locale: str = "vi"
    is_system: bool = False

    def organizations(self, *kinds: OrganizationKind) -> set[int]:
        return {post.organization_id for post in self.posts if not kinds or post.kind in kinds}

    @property
    def in_own_name(self) -> "Actor":
        """Without the posts of those one stands in for."""
        return replace(self, posts=tuple(post for post in self.posts if post.holder is None))

    @property
    def sees_all(self) -> bool:
        return self.is_system or self.role is not None

    @property
    def sees_much(self) -> bool:
        """Most of the register, so that testing its rows costs less than listing what may be seen first."""
        return self.sees_all or bool(
            self.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
        )


SYSTEM = Actor(name="system", is_system=True)


def person_as_actor(db: Session, person: Person) -> Actor:
    rows = db.execute(
        select(col(Membership.organization_id), col(Organization.kind), col(Membership.position))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Membership.person_id) == person.id)
        .order_by(col(Membership.id))
    )
    posts = tuple(Post(organization, kind, position) for organization, kind, position in rows)
    return Actor(person.name, person.id, person.role, posts, person.locale)


def find_actor(db: Session, email: str) -> Actor:
    person = db.scalar(
        select(Person).where(col(Person.email) == email.strip().lower(), col(Person.is_active))
    )
    if person is None:
        raise NotFound(what={"vi": "người dùng", "en": "Person"}, code=email)
    return person_as_actor(db, person)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Condition on `Directive`: what this actor may know to exist.

    A delegation sees its own supervisions; an agency what it leads or contributes to, once issued.
    """
    if actor.sees_all:
        return true()
    conditions = []
    if delegations := actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE):
        conditions.append(_of_delegations(delegations))
    if agencies := actor.organizations(OrganizationKind.AGENCY):
        conditions.append(and_(_of_agencies(agencies), col(Directive.issued_on).is_not(None)))
    return or_(false(), *conditions)


def _of_delegations(organizations: set[int]) -> ColumnElement[bool]:
    """`+ 0`: as a test of each row, never as a way to look rows up, which for thousands of supervisions is slower."""
    ours = select(col(Supervision.id)).where(col(Supervision.delegation_id).in_(sorted(organizations)))
    return (col(Directive.supervision_id) + 0).in_(ours)


def _of_agencies(organizations: set[int]) -> ColumnElement[bool]:
    """Their ids from two indexes, whatever else the register holds."""
    theirs, known = sorted(organizations), aliased(Directive)
    leads = select(col(known.id)).where(col(known.lead_id).in_(theirs))
    helps = select(col(Coordination.directive_id)).where(col(Coordination.organization_id).in_(theirs))
    return col(Directive.id).in_(union(leads, helps))


def roles_in(db: Session, actor: Actor, directive: Directive) -> set[str]:
    """The lifecycle roles this actor has in this directive."""
    if actor.is_system:
        return {"system"}
    roles = {"administrator"} if actor.role is Role.ADMINISTRATOR else set()
    delegation_id, coordinating = _bodies_of(db, directive)
    for post in actor.posts:
        roles |= _roles_of(post, directive.lead_id, delegation_id, coordinating)
    return roles


def _bodies_of(db: Session, directive: Directive) -> tuple[int | None, set[int]]:
    """The delegation, and those that contribute."""
    helps = col(Coordination.directive_id) == directive.id
    query = (
        select(col(Supervision.delegation_id), col(Coordination.organization_id))
        .outerjoin(Coordination, helps)
        .where(col(Supervision.id) == directive.supervision_id)
    )
    found = [tuple(row) for row in db.execute(query)]
    return (found[0][0] if found else None), {body for _, body in found if body is not None}


def _roles_of(post: Post, lead_id: int | None, delegation_id: int | None, coordinating: set[int]) -> set[str]:
    if post.organization_id == delegation_id:
        return {post.position.value}
    if post.organization_id == lead_id:
        heads = (Position.HEAD, Position.DEPUTY_HEAD)
        return {"lead", "lead_head"} if post.position in heads else {"lead"}
    return {"coordinating"} if post.organization_id in coordinating else set()
