"""The browsers that were let in, and what proves who sits there."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session, col

from workflow import audit, rulebook
from workflow.access import Actor, Post
from workflow.errors import WorkflowError
from workflow.models.account import SignIn
from workflow.models.organization import Organization
from workflow.models.person import Membership, Person
from workflow.one_time_codes import digest
from workflow.statements import changed

STAYS = timedelta(days=7)
PROOF_LASTS = timedelta(minutes=15)


class ProofNeeded(WorkflowError):
    """What touches accounts asks anew who is there."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Việc này cần xác nhận lại là chính đồng chí. Xác nhận rồi ghi lại.",
        "en": "This needs a fresh proof that it is you. Confirm, then save again.",
    }
    http_status = 403


@dataclass(frozen=True)
class Entered:
    """A browser just let in; `token` is for its cookie and exists nowhere else.

    `owes_second`: not in yet; the token only names who comes back with the code of the app.
    """

    token: str
    person_id: int
    owes_second: bool = False


def enter(db: Session, person: Person, how: str, now: datetime, browser: str) -> Entered:
    token = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            person_id=person.id, token_hash=digest(token), started_at=now, ends_at=now + STAYS, proved_at=now,
            browser=browser[:200],
        )
    )  # fmt: skip
    journal(db, person, "sign_in", now, how=how)
    return Entered(token, person.id)


def who(db: Session, token: str, now: datetime) -> Actor | None:
    """Whom this browser's token names, if it still counts."""
    columns: tuple[Any, ...] = (
        Person, col(Membership.organization_id), col(Organization.kind), col(Membership.position),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(SignIn, col(SignIn.person_id) == col(Person.id))
        .outerjoin(Membership, col(Membership.person_id) == col(Person.id))
        .outerjoin(Organization, col(Organization.id) == col(Membership.organization_id))
        .where(_counts(token, now), col(Person.is_active))
    )
    rows = db.execute(query.order_by(col(Membership.id))).all()
    if not rows:
        return None
    posts = tuple(Post(body, kind, position) for _, body, kind, position in rows if body is not None)
    person = rows[0][0]
    return Actor(person.name, person.id, person.role, posts, person.locale)


def end(db: Session, token: str, now: datetime) -> None:
    db.execute(update(SignIn).where(_counts(token, now)).values(ended_at=now))


def end_all(db: Session, person_id: int, now: datetime) -> None:
    mine = (col(SignIn.person_id) == person_id, col(SignIn.ended_at).is_(None))
    db.execute(update(SignIn).where(*mine).values(ended_at=now))


def end_others(db: Session, person_id: int, token: str, now: datetime) -> int:
    """Every browser but this one; how many there were."""
    others = (col(SignIn.person_id) == person_id, _running(now), col(SignIn.token_hash) != digest(token))
    return changed(db, update(SignIn).where(*others).values(ended_at=now))


def browsers(db: Session, person_id: int, token: str, now: datetime) -> list[tuple[SignIn, bool]]:
    """Who is signed in as this person, newest first; True for the browser that asks."""
    query = select(SignIn).where(col(SignIn.person_id) == person_id, _running(now))
    rows = db.scalars(query.order_by(col(SignIn.started_at).desc()))
    return [(row, row.token_hash == digest(token)) for row in rows]


def check_proved(db: Session, token: str, now: datetime) -> None:
    """Raises ProofNeeded unless this browser proved who it is a moment ago."""
    fresh = select(func.count()).select_from(SignIn)
    if not db.scalar(fresh.where(_counts(token, now), col(SignIn.proved_at) > now - PROOF_LASTS)):
        raise ProofNeeded


def proved(db: Session, token: str, now: datetime) -> None:
    db.execute(update(SignIn).where(_counts(token, now)).values(proved_at=now))


def keep(db: Session, token: str) -> None:
    """The one browser that stays when all others are signed out."""
    db.execute(update(SignIn).where(col(SignIn.token_hash) == digest(token)).values(ended_at=None))


def journal(db: Session, person: Person, act: str, now: datetime, **detail: str) -> None:
    actor = Actor(name=person.name, person_id=person.id)
    audit.record(db, actor, act, at=now, on=_day(db, now), detail=detail or None)


def _running(now: datetime) -> ColumnElement[bool]:
    return col(SignIn.ended_at).is_(None) & (col(SignIn.ends_at) > now)


def _counts(token: str, now: datetime) -> ColumnElement[bool]:
    return (col(SignIn.token_hash) == digest(token)) & _running(now)


def _day(db: Session, now: datetime) -> date:
    return rulebook.local_day(now, rulebook.active_policy(db).zone)
