"""Signing in: passwords, one-time codes and the browsers they let in.

Unknown and wrong are one refusal, said in the same time. No code, token or password is ever stored or
journalled; the database keeps hashes.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, ClassVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session, col

from workflow import audit, passwords, rulebook, second_factor
from workflow.access import Actor, Post
from workflow.errors import WorkflowError
from workflow.models.account import CodePurpose, Credential, OneTimeCode, SignIn
from workflow.models.organization import Organization
from workflow.models.person import Membership, Person, Role
from workflow.statements import changed

CODE_DIGITS = 6
MOST_FAILURES = 5
STAYS = timedelta(days=7)
LASTS = {
    CodePurpose.SIGN_IN: timedelta(minutes=10),
    CodePurpose.PASSWORD: timedelta(minutes=30),
    CodePurpose.LOCAL_LINK: timedelta(hours=12),
    CodePurpose.FIRST_RUN: timedelta(days=7),
    CodePurpose.RESET: timedelta(minutes=60),
    CodePurpose.SECOND: timedelta(minutes=10),
}
PROOF_LASTS = timedelta(minutes=15)


class SignInRefused(WorkflowError):
    """One sentence for every cause, so that nothing is learned from it."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Địa chỉ, mật khẩu hoặc mã không đúng, hoặc mã đã hết hạn.",
        "en": "The address, password or code is wrong, or the code has expired.",
    }
    http_status = 422


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


def with_password(db: Session, email: str, password: str, now: datetime, browser: str) -> Entered:
    person, credential = _known(db, email)
    stored = credential.password_hash if credential else _nobody()
    fits, better = hasher().verify_and_update(password, stored)
    if person is None or credential is None or not fits:
        raise SignInRefused
    if better is not None:
        credential.password_hash = better
        db.add(credential)
    return let_in(db, person, "password", now, browser)


def let_in(db: Session, person: Person, how: str, now: datetime, browser: str) -> Entered:
    """After the first factor: in, or asked for the second where there is one."""
    if not second_factor.is_on(db, person.id):
        return enter(db, person, how, now, browser)
    token = secrets.token_urlsafe(32)
    _keep(db, CodePurpose.SECOND, person.id, _digest(token), now)
    return Entered(token, person.id, owes_second=True)


def with_second(
    db: Session, token: str, code: str, now: datetime, browser: str, opened: second_factor.Opened
) -> Entered | None:
    """None when refused: the failure must be counted, so the caller commits and then refuses."""
    row = _by_digest(db, CodePurpose.SECOND, token, now)
    person = db.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.is_active:
        return None
    if not second_factor.fits(db, person.id, code, now, opened):
        row.failures += 1
        db.add(row)
        return None
    return enter(db, person, "second", now, browser) if _use(db, row, now) else None


def ask_reset(db: Session, email: str, now: datetime) -> tuple[Person, str] | None:
    """A token to be mailed. For an address that is nobody's a row is written too: it takes the same time."""
    person, token = _person(db, email), secrets.token_urlsafe(32)
    if person is not None:
        _spend(db, CodePurpose.RESET, person.id, now)
    _keep(db, CodePurpose.RESET, person.id if person else None, _digest(token), now)
    return None if person is None else (person, token)


def is_reset(db: Session, token: str, now: datetime) -> bool:
    row = _by_digest(db, CodePurpose.RESET, token, now)
    return row is not None and row.person_id is not None


def reset(db: Session, token: str, password: str, now: datetime, words: Iterable[str] = ()) -> Person:
    """Every browser is signed out and none is let in: a second factor is asked for as ever."""
    row = _by_digest(db, CodePurpose.RESET, token, now)
    person = db.get(Person, row.person_id) if row and row.person_id else None
    if row is None or person is None or not person.is_active:
        raise SignInRefused
    set_password(db, person, password, now, words)
    if not _use(db, row, now):
        raise SignInRefused
    return person


def ask_code(db: Session, email: str, now: datetime, browser_mark: str) -> tuple[Person, str] | None:
    """A code to be mailed, or None where the address is nobody's: the page says the same for both."""
    person = _person(db, email)
    if person is None:
        return None
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    _keep(db, CodePurpose.SIGN_IN, person.id, _digest(f"{person.id}:{code}"), now, _digest(browser_mark))
    return person, code


def with_code(
    db: Session, email: str, code: str, now: datetime, browser_mark: str, browser: str
) -> Entered | None:
    """None when refused: the failure must be counted, so the caller commits and then refuses."""
    person = _person(db, email)
    row = _latest(db, CodePurpose.SIGN_IN, person.id, now) if person else None
    if person is None or row is None:
        return None
    given = _digest(f"{person.id}:{''.join(code.split())}")
    mine = hmac.compare_digest(row.browser_hash or "", _digest(browser_mark))
    if not mine or not hmac.compare_digest(row.code_hash, given):
        row.failures += 1
        db.add(row)
        return None
    if not _use(db, row, now):
        return None
    entered = let_in(db, person, "code", now, browser)
    if not entered.owes_second:
        _keep(db, CodePurpose.PASSWORD, person.id, _digest(entered.token), now)
    return entered


def sign_in_link(db: Session, person: Person, now: datetime) -> str:
    """A one-time token for `/vao/{token}`; pages take it only where mail stays in a folder of this machine."""
    token = secrets.token_urlsafe(24)
    _keep(db, CodePurpose.LOCAL_LINK, person.id, _digest(token), now)
    return token


def owner_of_link(db: Session, token: str, now: datetime) -> Person | None:
    row = _by_digest(db, CodePurpose.LOCAL_LINK, token, now)
    person = db.get(Person, row.person_id) if row else None
    return person if person is not None and person.is_active else None


def with_link(db: Session, token: str, now: datetime, browser: str) -> Entered:
    row = _by_digest(db, CodePurpose.LOCAL_LINK, token, now)
    person = db.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.is_active or not _use(db, row, now):
        raise SignInRefused
    return let_in(db, person, "link", now, browser)


def first_run_code(db: Session, now: datetime) -> str | None:
    """The code that lets the first administrator in; None once there is one who can sign in."""
    if has_administrator(db):
        return None
    code = secrets.token_hex(8)
    _spend(db, CodePurpose.FIRST_RUN, None, now)
    _keep(db, CodePurpose.FIRST_RUN, None, _digest(code), now)
    return code


def has_administrator(db: Session) -> bool:
    query = select(func.count()).select_from(Person).join(Credential)
    return bool(db.scalar(query.where(col(Person.role) == Role.ADMINISTRATOR, col(Person.is_active))))


def begin(
    db: Session, code: str, name: str, email: str, password: str, now: datetime, browser: str
) -> Entered:
    """The first administrator, made by whoever holds the first-run code."""
    row = _by_digest(db, CodePurpose.FIRST_RUN, "".join(code.split()).lower(), now)
    if row is None or has_administrator(db):
        raise SignInRefused
    person = _person(db, email) or Person(name=name.strip(), email=email.strip().lower())
    person.role = Role.ADMINISTRATOR
    db.add(person)
    db.flush()
    set_password(db, person, password, now)
    if not _use(db, row, now):
        raise SignInRefused
    return enter(db, person, "first_run", now, browser)


def set_password(
    db: Session, person: Person, password: str, now: datetime, words: Iterable[str] = ()
) -> None:
    """Raises InputWrong for a password that would be guessed. Every browser signed in is signed out."""
    passwords.check(password, person, words)
    row = db.get(Credential, person.id) or Credential(person_id=person.id, password_hash="", changed_at=now)
    row.password_hash, row.changed_at = hasher().hash(password), now
    db.add(row)
    end_all(db, person.id, now)
    _journal(db, person, "password_set", now)


def change_password(
    db: Session,
    actor: Actor,
    present: str,
    password: str,
    token: str,
    now: datetime,
    words: Iterable[str] = (),
) -> None:
    """Needs the present password, unless this browser was let in by a mailed code within half an hour.

    This browser stays signed in, all others end.
    """
    person = db.get_one(Person, actor.person_id)
    credential = db.get(Credential, person.id)
    by_code = _by_digest(db, CodePurpose.PASSWORD, token, now) is not None
    if credential is not None and not by_code and not hasher().verify(present, credential.password_hash):
        raise SignInRefused
    set_password(db, person, password, now, words)
    db.execute(update(SignIn).where(col(SignIn.token_hash) == _digest(token)).values(ended_at=None))


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
    others = (col(SignIn.person_id) == person_id, _running(now), col(SignIn.token_hash) != _digest(token))
    return changed(db, update(SignIn).where(*others).values(ended_at=now))


def browsers(db: Session, person_id: int, token: str, now: datetime) -> list[tuple[SignIn, bool]]:
    """Who is signed in as this person, newest first; True for the browser that asks."""
    query = select(SignIn).where(col(SignIn.person_id) == person_id, _running(now))
    rows = db.scalars(query.order_by(col(SignIn.started_at).desc()))
    return [(row, row.token_hash == _digest(token)) for row in rows]


def check_proved(db: Session, token: str, now: datetime) -> None:
    """Raises ProofNeeded unless this browser proved who it is a moment ago."""
    fresh = select(func.count()).select_from(SignIn)
    if not db.scalar(fresh.where(_counts(token, now), col(SignIn.proved_at) > now - PROOF_LASTS)):
        raise ProofNeeded


def prove(
    db: Session,
    actor: Actor,
    token: str,
    password: str,
    code: str,
    now: datetime,
    opened: second_factor.Opened,
) -> bool:
    """By the password, or by a code of the app where there is one."""
    assert actor.person_id is not None
    credential = db.get(Credential, actor.person_id)
    by_password = password and credential is not None and hasher().verify(password, credential.password_hash)
    if not by_password and not (code and second_factor.fits(db, actor.person_id, code, now, opened)):
        return False
    db.execute(update(SignIn).where(_counts(token, now)).values(proved_at=now))
    return True


def _running(now: datetime) -> ColumnElement[bool]:
    return col(SignIn.ended_at).is_(None) & (col(SignIn.ends_at) > now)


def _counts(token: str, now: datetime) -> ColumnElement[bool]:
    return (col(SignIn.token_hash) == _digest(token)) & _running(now)


def enter(db: Session, person: Person, how: str, now: datetime, browser: str) -> Entered:
    token = secrets.token_urlsafe(32)
    db.add(
        SignIn(
            person_id=person.id, token_hash=_digest(token), started_at=now, ends_at=now + STAYS, proved_at=now,
            browser=browser[:200],
        )
    )  # fmt: skip
    _journal(db, person, "sign_in", now, how=how)
    return Entered(token, person.id)


def _journal(db: Session, person: Person, act: str, now: datetime, **detail: str) -> None:
    actor = Actor(name=person.name, person_id=person.id)
    audit.record(db, actor, act, at=now, on=_day(db, now), detail=detail or None)


def _day(db: Session, now: datetime) -> date:
    return rulebook.local_day(now, rulebook.active_policy(db).zone)


def _known(db: Session, email: str) -> tuple[Person | None, Credential | None]:
    person = _person(db, email)
    return person, db.get(Credential, person.id) if person else None


def _person(db: Session, email: str) -> Person | None:
    active = (col(Person.email) == email.strip().lower(), col(Person.is_active))
    return db.scalar(select(Person).where(*active))


def _keep(
    db: Session, purpose: CodePurpose, person_id: int | None, digest: str, now: datetime, browser: str | None = None
) -> None:  # fmt: skip
    db.add(
        OneTimeCode(
            purpose=purpose, person_id=person_id, code_hash=digest, browser_hash=browser,
            created_at=now, ends_at=now + LASTS[purpose],
        )
    )  # fmt: skip
    db.flush()


def _spend(db: Session, purpose: CodePurpose, person_id: int | None, now: datetime) -> None:
    """An older code of this kind lets nobody in any more."""
    whose = col(OneTimeCode.person_id) == person_id if person_id else col(OneTimeCode.person_id).is_(None)
    older = (col(OneTimeCode.purpose) == purpose, whose, col(OneTimeCode.used_at).is_(None))
    db.execute(update(OneTimeCode).where(*older).values(used_at=now))


def _open(purpose: CodePurpose, now: datetime) -> ColumnElement[bool]:
    fresh = col(OneTimeCode.used_at).is_(None) & (col(OneTimeCode.ends_at) > now)
    return (col(OneTimeCode.purpose) == purpose) & fresh & (col(OneTimeCode.failures) < MOST_FAILURES)


def _latest(db: Session, purpose: CodePurpose, person_id: int, now: datetime) -> OneTimeCode | None:
    query = select(OneTimeCode).where(_open(purpose, now), col(OneTimeCode.person_id) == person_id)
    return db.scalar(query.order_by(col(OneTimeCode.id).desc()).limit(1))


def _by_digest(db: Session, purpose: CodePurpose, token: str, now: datetime) -> OneTimeCode | None:
    return db.scalar(
        select(OneTimeCode).where(_open(purpose, now), col(OneTimeCode.code_hash) == _digest(token))
    )


def _use(db: Session, row: OneTimeCode, now: datetime) -> bool:
    """Exactly one of those who hold the code wins."""
    unused = (col(OneTimeCode.id) == row.id, col(OneTimeCode.used_at).is_(None))
    return changed(db, update(OneTimeCode).where(*unused).values(used_at=now)) == 1


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobody() -> str:
    """Checked where there is no account, so that the answer takes as long."""
    return hasher().hash(secrets.token_urlsafe(16))
