"""Questions about the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.directive import Directive
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice
from workflow.models.organization import OrganizationKind
from workflow.models.person import Person
from workflow.store.paging import Page, checked_limit, cut, position


@dataclass(frozen=True)
class Row:
    message: Message
    person: str
    email: str


def visible_messages(actor: Actor) -> ColumnElement[bool]:
    """One's own mails; a delegation also those that speak of its directives."""
    if actor.sees_all:
        return true()
    own = col(Message.person_id) == (actor.person_id or 0)
    if not actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE):
        return own
    about_ours = (
        exists()
        .where(col(Notice.bundle) == col(Message.key))
        .where(col(Directive.id) == col(Notice.directive_id))
        .where(access.visible(actor))
    )
    return own | about_ours


def page(
    db: Session,
    actor: Actor,
    *,
    statuses: Sequence[MessageStatus] = (),
    limit: int = 50,
    after: str | None = None,
) -> Page[Row]:
    """Newest first."""
    query = _rows().where(visible_messages(actor))
    if statuses:
        query = query.where(col(Message.status).in_(statuses))
    if after is not None:
        query = query.where(col(Message.id) < _number(position(after, 1)[0]))
    query = query.order_by(col(Message.id).desc()).limit(checked_limit(limit) + 1)
    rows = [Row(*found) for found in db.execute(query)]
    return cut(rows, [(row.message.id,) for row in rows], limit)


def _number(text: str) -> int:
    """A cursor is ours or nothing: what no row can have stands before every row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def counts(db: Session, actor: Actor) -> dict[MessageStatus, int]:
    query = select(col(Message.status), func.count()).where(visible_messages(actor))
    found = dict(db.execute(query.group_by(col(Message.status))).all())
    return {status: found[status] for status in MessageStatus if status in found}


def get(db: Session, actor: Actor, message_id: int) -> Row:
    found = db.execute(_rows().where(col(Message.id) == message_id, visible_messages(actor))).first()
    if found is None:
        raise NotFound(what={"vi": "thư", "en": "Message"}, code=message_id)
    return Row(*found)


def hidden_lines(db: Session, actor: Actor, key: str) -> int:
    """Lines of a mail that speak of directives this actor may not know."""
    of_mail = select(func.count()).select_from(Notice).where(col(Notice.bundle) == key)
    known = of_mail.join(Directive, col(Directive.id) == col(Notice.directive_id)).where(
        access.visible(actor)
    )
    named = of_mail.where(col(Notice.directive_id).is_not(None))
    return (db.scalar(named) or 0) - (db.scalar(known) or 0)


def _rows() -> Select[Any]:
    columns: tuple[Any, ...] = (Message, col(Person.name), col(Person.email))
    return select(*columns).join(Person, col(Person.id) == col(Message.person_id))
