"""Standing in: who is away lends their posts to their deputy, for those days."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.access import Actor, Post
from workflow.models.organization import Organization
from workflow.models.person import Membership, Person
from workflow.sweep.recipients import absent


def standing_in(db: Session, actor: Actor, on: date) -> Actor:
    """The actor with the posts of those away today whose deputy this is."""
    if actor.person_id is None or any(post.holder for post in actor.posts):
        return actor
    query = (
        select(
            col(Membership.organization_id),
            col(Organization.kind),
            col(Membership.position),
            col(Person.name),
        )
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(col(Person.deputy_id) == actor.person_id, absent(on), col(Person.is_active))
        .order_by(col(Membership.id))
    )
    lent = tuple(Post(body, kind, position, name) for body, kind, position, name in db.execute(query))
    return replace(actor, posts=(*actor.posts, *lent)) if lent else actor
