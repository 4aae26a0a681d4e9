"""Questions about the journal."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event

CHUNK = 1_000


def of_directive(db: Session, directive: Directive) -> list[Event]:
    """Oldest first; the directive itself was found through access."""
    query = select(Event).where(col(Event.directive_id) == directive.id)
    return list(db.scalars(query.order_by(col(Event.id))))


def files_of(db: Session, directive: Directive) -> list[Attachment]:
    query = select(Attachment).where(col(Attachment.directive_id) == directive.id)
    return list(db.scalars(query.order_by(col(Attachment.id))))


def all_since(db: Session, actor: Actor, since: date | None = None) -> Iterator[Event]:
    """The journal as it was written, for those who may see all of it."""
    check_sees_all(actor)
    query = select(Event).order_by(col(Event.id)).execution_options(yield_per=CHUNK)
    yield from db.scalars(query if since is None else query.where(col(Event.on) >= since))


def latest(db: Session, *, before: int | None, word: str, limit: int) -> list[Event]:
    """Newest first, for a page; `word` begins an act (`user.`) or is an actor's name."""
    query = select(Event).order_by(col(Event.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(Event.id) < before)
    if word:
        query = query.where(col(Event.act).startswith(word, autoescape=True) | (col(Event.actor) == word))
    return list(db.scalars(query))


def check_sees_all(actor: Actor) -> None:
    """The whole journal names directives of everybody: to others it does not exist."""
    if not actor.sees_all:
        raise NotFound(what={"vi": "nhật ký chung", "en": "The whole journal"}, code="")
