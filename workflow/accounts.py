"""The ways in: password, mailed code, link, second factor; and how a password is set.

Unknown and wrong are one refusal, said in the same time. No code, token or password is ever stored or
journalled; the database keeps hashes.
"""

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import ClassVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow import lookalikes, one_time_codes, passwords, second_factor, sign_ins
from workflow.access import Actor
from workflow.errors import WorkflowError
from workflow.models.account import CodePurpose, Credential
from workflow.models.person import Person, Role
from workflow.one_time_codes import digest
from workflow.sign_ins import Entered

CODE_DIGITS = 6


class SignInRefused(WorkflowError):
    """One sentence for every cause, so that nothing is learned from it."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Địa chỉ, mật khẩu hoặc mã không đúng, hoặc mã đã hết hạn.",
        "en": "The address, password or code is wrong, or the code has expired.",
    }
    http_status = 422


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
        return sign_ins.enter(db, person, how, now, browser)
    token = secrets.token_urlsafe(32)
    one_time_codes.keep(db, CodePurpose.SECOND, person.id, digest(token), now)
    return Entered(token, person.id, owes_second=True)


def with_second(
    db: Session, token: str, code: str, now: datetime, browser: str, opened: second_factor.Opened
) -> Entered | None:
    """None when refused: the failure must be counted, so the caller commits and then refuses."""
    row = one_time_codes.by_digest(db, CodePurpose.SECOND, token, now)
    person = db.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.is_active:
        return None
    if not second_factor.fits(db, person.id, code, now, opened):
        row.failures += 1
        db.add(row)
        return None
    return sign_ins.enter(db, person, "second", now, browser) if one_time_codes.use(db, row, now) else None


def ask_reset(db: Session, email: str, now: datetime) -> tuple[Person, str] | None:
    """A token to be mailed. For an address that is nobody's a row is written too: it takes the same time."""
    person, token = _person(db, email), secrets.token_urlsafe(32)
    if person is not None:
        one_time_codes.spend(db, CodePurpose.RESET, person.id, now)
    one_time_codes.keep(db, CodePurpose.RESET, person.id if person else None, digest(token), now)
    return None if person is None else (person, token)


def is_reset(db: Session, token: str, now: datetime) -> bool:
    row = one_time_codes.by_digest(db, CodePurpose.RESET, token, now)
    return row is not None and row.person_id is not None


def reset(db: Session, token: str, password: str, now: datetime, words: Iterable[str] = ()) -> Person:
    """Every browser is signed out and none is let in: a second factor is asked for as ever."""
    row = one_time_codes.by_digest(db, CodePurpose.RESET, token, now)
    person = db.get(Person, row.person_id) if row and row.person_id else None
    if row is None or person is None or not person.is_active:
        raise SignInRefused
    set_password(db, person, password, now, words)
    if not one_time_codes.use(db, row, now):
        raise SignInRefused
    return person


def ask_code(db: Session, email: str, now: datetime, browser_mark: str) -> tuple[Person, str] | None:
    """A code to be mailed, or None where the address is nobody's: the page says the same for both."""
    person = _person(db, email)
    if person is None:
        return None
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    one_time_codes.keep(
        db,
        CodePurpose.SIGN_IN,
        person.id,
        digest(f"{person.id}:{code}"),
        now,
        digest(browser_mark),
    )
    return person, code


def with_code(
    db: Session, email: str, code: str, now: datetime, browser_mark: str, browser: str
) -> Entered | None:
    """None when refused: the failure must be counted, so the caller commits and then refuses."""
    person = _person(db, email)
    row = one_time_codes.latest(db, CodePurpose.SIGN_IN, person.id, now) if person else None
    if person is None or row is None:
        return None
    given = digest(f"{person.id}:{''.join(code.split())}")
    mine = hmac.compare_digest(row.browser_hash or "", digest(browser_mark))
    if not mine or not hmac.compare_digest(row.code_hash, given):
        row.failures += 1
        db.add(row)
        return None
    if not one_time_codes.use(db, row, now):
        return None
    entered = let_in(db, person, "code", now, browser)
    if not entered.owes_second:
        one_time_codes.keep(db, CodePurpose.PASSWORD, person.id, digest(entered.token), now)
    return entered


def sign_in_link(db: Session, person: Person, now: datetime) -> str:
    """A one-time token for `/vao/{token}`; pages take it only where mail stays in a folder of this machine."""
    token = secrets.token_urlsafe(24)
    one_time_codes.keep(db, CodePurpose.LOCAL_LINK, person.id, digest(token), now)
    return token


def owner_of_link(db: Session, token: str, now: datetime) -> Person | None:
    row = one_time_codes.by_digest(db, CodePurpose.LOCAL_LINK, token, now)
    person = db.get(Person, row.person_id) if row else None
    return person if person is not None and person.is_active else None


def with_link(db: Session, token: str, now: datetime, browser: str) -> Entered:
    row = one_time_codes.by_digest(db, CodePurpose.LOCAL_LINK, token, now)
    person = db.get(Person, row.person_id) if row else None
    if row is None or person is None or not person.is_active or not one_time_codes.use(db, row, now):
        raise SignInRefused
    return let_in(db, person, "link", now, browser)


def first_run_code(db: Session, now: datetime) -> str | None:
    """The code that lets the first administrator in; None once there is one who can sign in."""
    if has_administrator(db):
        return None
    code = secrets.token_hex(8)
    one_time_codes.spend(db, CodePurpose.FIRST_RUN, None, now)
    one_time_codes.keep(db, CodePurpose.FIRST_RUN, None, digest(code), now)
    return code


def has_administrator(db: Session) -> bool:
    query = select(func.count()).select_from(Person).join(Credential)
    return bool(db.scalar(query.where(col(Person.role) == Role.ADMINISTRATOR, col(Person.is_active))))


def begin(
    db: Session, code: str, name: str, email: str, password: str, now: datetime, browser: str
) -> Entered:
    """The first administrator, made by whoever holds the first-run code."""
    row = one_time_codes.by_digest(db, CodePurpose.FIRST_RUN, "".join(code.split()).lower(), now)
    if row is None or has_administrator(db):
        raise SignInRefused
    lookalikes.check_person(db, name.strip(), email.strip().lower())
    person = _person(db, email) or Person(name=name.strip(), email=email.strip().lower())
    person.role = Role.ADMINISTRATOR
    db.add(person)
    db.flush()
    set_password(db, person, password, now)
    if not one_time_codes.use(db, row, now):
        raise SignInRefused
    return sign_ins.enter(db, person, "first_run", now, browser)


def set_password(
    db: Session, person: Person, password: str, now: datetime, words: Iterable[str] = ()
) -> None:
    """Raises InputWrong for a password that would be guessed. Every browser signed in is signed out."""
    passwords.check(password, person, words)
    row = db.get(Credential, person.id) or Credential(person_id=person.id, password_hash="", changed_at=now)
    row.password_hash, row.changed_at = hasher().hash(password), now
    db.add(row)
    sign_ins.end_all(db, person.id, now)
    sign_ins.journal(db, person, "password_set", now)


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
    by_code = one_time_codes.by_digest(db, CodePurpose.PASSWORD, token, now) is not None
    if credential is not None and not by_code and not hasher().verify(present, credential.password_hash):
        raise SignInRefused
    set_password(db, person, password, now, words)
    sign_ins.keep(db, token)


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
    sign_ins.proved(db, token, now)
    return True


def _known(db: Session, email: str) -> tuple[Person | None, Credential | None]:
    person = _person(db, email)
    return person, db.get(Credential, person.id) if person else None


def _person(db: Session, email: str) -> Person | None:
    active = (col(Person.email) == email.strip().lower(), col(Person.is_active))
    return db.scalar(select(Person).where(*active))


@cache
def hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobody() -> str:
    """Checked where there is no account, so that the answer takes as long."""
    return hasher().hash(secrets.token_urlsafe(16))
