"""Calendar feeds: the due days of one agency, or of all that one person may see, behind a token of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import Session, col

from workflow import access, audit
from workflow.access import Actor, Post
from workflow.desk import Desk
from workflow.errors import NotFound, WorkflowError
from workflow.ladder import ObligationKind, Position
from workflow.link_tokens import Purpose, clean_token, derive, new_salt, recover, token_hash
from workflow.models.directive import Directive
from workflow.models.link import CalendarFeed
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Person

CLOSED_SHOWN = timedelta(days=90)
MOST = 2000
OPEN = (ObligationStatus.RUNNING, ObligationStatus.PAUSED)


class FeedUnknown(WorkflowError):
    """Wrong, revoked, or its owner left: which of these is not told."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không có lịch này, hoặc địa chỉ lịch đã được thu lại.",
        "en": "There is no such calendar, or its address was taken back.",
    }
    http_status = 404
    exit_code = 3


@dataclass(frozen=True)
class DueDay:
    """One entry. `period_on` names the period of a recurring directive."""

    directive: Directive
    agency: str
    due_on: date
    is_closed: bool
    contributes: bool
    period_on: date | None


def make(desk: Desk, keys: Sequence[bytes], body: Organization | None = None) -> str:
    """The token of the feed that stands, or of a new one; the body was found through access.

    Without a body it is the actor's own; raises NotFound for an actor who is nobody in the register.
    """
    token = standing(desk.db, keys, desk.actor, body)
    if token is not None:
        return token
    revoke(desk, body)
    salt = new_salt()
    token = derive(keys[0], Purpose.CALENDAR, salt)
    feed = CalendarFeed(salt=salt, token_hash=token_hash(token), made_at=desk.now, **_owner(desk.actor, body))
    desk.db.add(feed)
    _journal(desk, "make_feed", body)
    return token


def standing(db: Session, keys: Sequence[bytes], actor: Actor, body: Organization | None) -> str | None:
    feed = db.scalar(select(CalendarFeed).where(*_standing(actor, body)))
    return recover(keys, Purpose.CALENDAR, feed.salt, feed.token_hash) if feed else None


def revoke(desk: Desk, body: Organization | None = None) -> None:
    """Nobody reads it any more, wherever its address lies."""
    feeds = list(desk.db.scalars(select(CalendarFeed).where(*_standing(desk.actor, body))))
    if feeds:
        ids = [feed.id for feed in feeds]
        desk.db.execute(update(CalendarFeed).where(col(CalendarFeed.id).in_(ids)).values(revoked_at=desk.now))
        _journal(desk, "revoke_feed", body)


def _owner(actor: Actor, body: Organization | None) -> dict[str, Any]:
    if body is not None:
        return {"organization_id": body.id}
    if actor.person_id is None:
        raise NotFound(what={"vi": "người dùng", "en": "Person"}, code=actor.name)
    return {"person_id": actor.person_id}


def _standing(actor: Actor, body: Organization | None) -> list[ColumnElement[bool]]:
    owner = _owner(actor, body)
    return [
        col(CalendarFeed.revoked_at).is_(None),
        *(getattr(CalendarFeed, name) == number for name, number in owner.items()),
    ]


def _journal(desk: Desk, act: str, body: Organization | None) -> None:
    detail = {"agency": body.code} if body is not None else None
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=detail)


def owner_of(db: Session, text: str) -> tuple[Actor, str]:
    """Who reads through this token, and the feed's name. Raises FeedUnknown."""
    token = clean_token(text)
    if token is None:
        raise FeedUnknown
    known = (col(CalendarFeed.token_hash) == token_hash(token), col(CalendarFeed.revoked_at).is_(None))
    feed = db.scalar(select(CalendarFeed).where(*known))
    if feed is None:
        raise FeedUnknown
    if feed.organization_id is not None:
        body = db.get_one(Organization, feed.organization_id)
        post = Post(body.id, body.kind, Position.CLERK)
        return Actor(body.name, posts=(post,)), body.name
    person = db.get_one(Person, feed.person_id)
    if not person.is_active:
        raise FeedUnknown
    return access.person_as_actor(db, person), person.name


def due_days(db: Session, actor: Actor, today: date) -> list[DueDay]:
    """What is owed, nearest first; what closed lately is named as gone, so that calendars drop it."""
    columns: tuple[Any, ...] = (Obligation, Directive, Organization)
    lately = col(Directive.closed_on) >= today - CLOSED_SHOWN
    query = (
        select(*columns)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .join(Organization, col(Organization.id) == col(Obligation.owed_by_id))
        .where(access.visible(actor), col(Directive.issued_on).is_not(None))
        .where(_owed(actor), or_(col(Obligation.status).in_(OPEN), lately))
        .order_by(col(Obligation.due_on).desc(), col(Obligation.id))
        .limit(MOST)
    )
    return _latest(db.execute(query))


def _owed(actor: Actor) -> ColumnElement[bool]:
    """An agency reads its own days; a delegation those of the agencies that lead."""
    agencies = actor.organizations(OrganizationKind.AGENCY)
    if agencies and not actor.sees_all and agencies == actor.organizations():
        kinds = (ObligationKind.DELIVER, ObligationKind.CONTRIBUTE)
        return col(Obligation.owed_by_id).in_(sorted(agencies)) & col(Obligation.kind).in_(kinds)
    return col(Obligation.kind) == ObligationKind.DELIVER


def _latest(rows: Iterable[Any]) -> list[DueDay]:
    """Of several dates one after the other the last one made holds."""
    found: dict[tuple[int, int, str, date | None], tuple[int, DueDay]] = {}
    for obligation, directive, agency in rows:
        period_on = obligation.original_due_on if directive.rhythm else None
        name = (directive.id, agency.id, obligation.kind.value, period_on)
        if name not in found or found[name][0] < obligation.id:
            contributes = obligation.kind is ObligationKind.CONTRIBUTE
            closed = obligation.status not in OPEN
            entry = DueDay(directive, agency.name, obligation.due_on, closed, contributes, period_on)
            found[name] = (obligation.id, entry)
    days = [entry for _, entry in found.values()]
    return sorted(days, key=lambda one: (one.due_on, one.directive.code, one.contributes))
