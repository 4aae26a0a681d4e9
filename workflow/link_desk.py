"""What a delegation does with the links of its agencies: sees them, makes one by hand, takes one back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from workflow import access, audit
from workflow.access import Actor, Post
from workflow.desk import Desk
from workflow.errors import NotFound, RoleNotAllowed
from workflow.ladder import Position
from workflow.links import tokens, wanted_for
from workflow.models.directive import Directive
from workflow.models.link import AnswerLink, AnswerLinkItem
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person
from workflow.statements import changed

MANAGERS = frozenset({"secretary", "deputy_chair", "chair", "administrator"})


@dataclass(frozen=True)
class Row:
    """A link as its managers see it; the token is not among it."""

    link: AnswerLink
    person: Person
    agency: str
    count: int


def of_directive(db: Session, actor: Actor, code: str) -> list[Row]:
    """Newest first, for those who may revoke them."""
    directive = _managed(db, actor, code)
    mine = select(col(AnswerLinkItem.link_id)).where(col(AnswerLinkItem.directive_id) == directive.id)
    query = (
        select(AnswerLink, Person, col(Organization.name), col(AnswerLinkItem.directive_id))
        .join(Person, col(Person.id) == col(AnswerLink.person_id))
        .join(AnswerLinkItem, col(AnswerLinkItem.link_id) == col(AnswerLink.id))
        .join(Organization, col(Organization.id) == col(AnswerLinkItem.organization_id))
        .where(col(AnswerLink.id).in_(mine))
        .order_by(col(AnswerLink.id).desc(), col(Organization.name))
    )
    rows: dict[int, Row] = {}
    for link, person, agency, _ in db.execute(query):
        before = rows.get(link.id)
        rows[link.id] = Row(link, person, agency, before.count + 1 if before else 1)
    return list(rows.values())


def document(row: Row) -> dict[str, Any]:
    """For programs."""
    link = row.link
    return {
        "id": link.id, "contact": row.person.email, "agency": row.agency, "directives": row.count,
        "made_at": link.made_at, "answered_by": link.name, "post": link.post, "revoked_at": link.revoked_at,
    }  # fmt: skip


def may_manage(db: Session, actor: Actor, directive: Directive) -> bool:
    return bool(access.roles_in(db, actor, directive) & MANAGERS)


def _managed(db: Session, actor: Actor, code: str) -> Directive:
    directive = db.scalar(select(Directive).where(col(Directive.code) == code, access.visible(actor)))
    if directive is None:
        raise NotFound(what=DIRECTIVE, code=code)
    if not may_manage(db, actor, directive):
        raise RoleNotAllowed(actor=actor.name, move=MANAGE, code=code, allowed=MAY_MANAGE)
    return directive


def make(desk: Desk, keys: Sequence[bytes], code: str, email: str | None = None) -> tuple[str, Person]:
    """A link for a contact of an agency that takes part; without an address, the lead's first contact.

    Raises NotFound when the directive is not issued or has no such contact.
    """
    directive = _managed(desk.db, desk.actor, code)
    person, organization_id = _contact(desk.db, directive, email)
    wanted = wanted_for(person, organization_id, [directive])
    token = tokens(desk.db, keys, [wanted], desk.now)[wanted.scope]
    _journal(desk, "make_link", directive.id, person)
    return token, person


def _contact(db: Session, directive: Directive, email: str | None) -> tuple[Person, int]:
    seen = access.visible
    query = (
        select(Person, col(Membership.organization_id))
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Person.is_active), col(Organization.kind) == OrganizationKind.AGENCY)
        .order_by(col(Membership.organization_id) != directive.lead_id)
        .order_by(col(Membership.position) != Position.CLERK, col(Membership.id))
    )
    if email is not None:
        query = query.where(col(Person.email) == email.strip().lower())
    for person, organization_id in db.execute(query):
        post = Post(organization_id, OrganizationKind.AGENCY, Position.CLERK)
        theirs = select(col(Directive.id)).where(seen(Actor("", posts=(post,))))
        if db.scalar(theirs.where(col(Directive.id) == directive.id)) is not None:
            return person, organization_id
    raise NotFound(what=CONTACT, code=email or directive.code)


def revoke(desk: Desk, link_id: int) -> AnswerLink:
    """At once and for good; the next mail about the same brings a new link. Raises NotFound."""
    link = desk.db.get(AnswerLink, link_id)
    directives = _directives_of(desk.db, link_id)
    if link is None or not any(may_manage(desk.db, desk.actor, one) for one in directives):
        raise NotFound(what=LINK, code=str(link_id))
    standing = (col(AnswerLink.id) == link_id, col(AnswerLink.revoked_at).is_(None))
    if changed(desk.db, update(AnswerLink).where(*standing).values(revoked_at=desk.now)):
        person = desk.db.get_one(Person, link.person_id)
        for directive in directives:
            _journal(desk, "revoke_link", directive.id, person)
    desk.db.refresh(link)
    return link


def _directives_of(db: Session, link_id: int) -> list[Directive]:
    ids = select(col(AnswerLinkItem.directive_id)).where(col(AnswerLinkItem.link_id) == link_id)
    return list(db.scalars(select(Directive).where(col(Directive.id).in_(ids)).order_by(col(Directive.id))))


def _journal(desk: Desk, act: str, directive_id: int, person: Person) -> None:
    audit.record(
        desk.db, desk.actor, act, at=desk.now, on=desk.today, directive_id=directive_id,
        detail={"contact": person.name},
    )  # fmt: skip


DIRECTIVE = {"vi": "nhiệm vụ", "en": "Directive"}
CONTACT = {"vi": "đầu mối của cơ quan thực hiện", "en": "Contact of an agency that takes part"}
LINK = {"vi": "liên kết", "en": "Link"}
MANAGE = {"vi": "quản lý liên kết trả lời", "en": "manage the answer links of"}
MAY_MANAGE = {
    "vi": "Thư ký, Phó Trưởng đoàn, Trưởng đoàn, Quản trị",
    "en": "Secretary, deputy chair, chair, administrator",
}
