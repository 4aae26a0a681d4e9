"""A new link for somebody whose old one no longer opens: always to the registered address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import access, links
from workflow.access import Actor, Post
from workflow.links import Wanted
from workflow.models.directive import Directive
from workflow.models.link import AnswerLinkItem
from workflow.models.organization import OrganizationKind
from workflow.models.person import Person

MOST = 200


@dataclass(frozen=True)
class Renewed:
    """`codes` are the open directives the new link leads to."""

    person: Person
    token: str
    codes: tuple[str, ...]


def renew(db: Session, keys: Sequence[bytes], token: str, now: datetime) -> Renewed | None:
    """For what the old link was for, as far as it is still open and still theirs; None when nothing is left.

    Raises LinkUnknown.
    """
    link = links.find(db, token)
    person = db.get_one(Person, link.person_id)
    ids = db.scalars(select(col(AnswerLinkItem.directive_id)).where(col(AnswerLinkItem.link_id) == link.id))
    return _made(db, keys, person, set(ids), now)


def all_of(db: Session, keys: Sequence[bytes], email: str, now: datetime) -> Renewed | None:
    """Everything open at the agencies of this contact; None for anybody else."""
    known = (col(Person.email) == email.strip().lower(), col(Person.is_active))
    person = db.scalar(select(Person).where(*known))
    return None if person is None else _made(db, keys, person, None, now)


def _made(
    db: Session, keys: Sequence[bytes], person: Person, ids: set[int] | None, now: datetime
) -> Renewed | None:
    actor = access.person_as_actor(db, person)
    posts = tuple(one for one in actor.posts if one.kind is OrganizationKind.AGENCY)
    found = {one.organization_id: _open(db, one, ids) for one in posts} if person.is_active else {}
    items = frozenset((one.id, body, one.due_version) for body, some in found.items() for one in some)
    if not items:
        return None
    wanted = Wanted(person.id, person.email, items)
    codes = sorted({one.code for some in found.values() for one in some})
    return Renewed(person, links.tokens(db, keys, [wanted], now)[wanted.scope], tuple(codes))


def _open(db: Session, post: Post, ids: Iterable[int] | None) -> list[Directive]:
    query = select(Directive).where(
        access.visible(Actor("", posts=(post,))), col(Directive.closed_on).is_(None)
    )
    if ids is not None:
        query = query.where(col(Directive.id).in_(sorted(ids)))
    return list(
        db.scalars(query.order_by(col(Directive.due_on).is_(None), col(Directive.due_on)).limit(MOST))
    )
