"""Who a person is at the site's OpenID provider. An administrator says so; no sign-in makes an account or a link."""

from typing import Any, ClassVar

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import audit
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound, WorkflowError
from workflow.models.account import OutsideIdentity
from workflow.models.person import Person
from workflow.register import check_administrator
from workflow.store import people
from workflow.words import pair

LONGEST = 255


class NobodyHere(WorkflowError):
    """The provider vouches for somebody nobody here is, or whose account is switched off."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Tài khoản {provider} này chưa được gắn với ai ở đây. Gửi quản trị mã này để gắn: {subject}",
        "en": "This account of {provider} belongs to nobody here yet. Give your administrator this to link it: {subject}",
    }
    http_status = 403


class NoProvider(WorkflowError):
    """Nothing to link to."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Chưa cấu hình nơi cấp tài khoản ngoài: DONDOC_OIDC_ISSUER.",
        "en": "No outside provider is set up: DONDOC_OIDC_ISSUER.",
    }


def owner(db: Session, issuer: str, subject: str) -> Person | None:
    found = _found(db, issuer, subject)
    person = db.get(Person, found.person_id) if found else None
    return person if person is not None and person.is_active else None


def of_person(db: Session, person_id: int) -> list[OutsideIdentity]:
    mine = select(OutsideIdentity).where(col(OutsideIdentity.person_id) == person_id)
    return list(db.scalars(mine.order_by(col(OutsideIdentity.id))))


def of_everybody(db: Session) -> list[tuple[Person, OutsideIdentity]]:
    columns: tuple[Any, ...] = (Person, OutsideIdentity)
    query = select(*columns).join(OutsideIdentity, col(OutsideIdentity.person_id) == col(Person.id))
    return [
        (person, one)
        for person, one in db.execute(query.order_by(col(Person.email), col(OutsideIdentity.id)))
    ]


def link(desk: Desk, email: str, issuer: str | None, subject: str) -> OutsideIdentity:
    """From now on whoever the provider calls so signs in as this person."""
    check_administrator(desk, email)
    person, name = people.by_email(desk.db, email), subject.strip()
    if not 0 < len(name) <= LONGEST:
        raise _wrong(name, "Cần từ 1 đến 255 ký tự.", "Use 1 to 255 characters.")
    if issuer is None:
        raise NoProvider
    if _found(desk.db, issuer, name) is not None:
        raise _wrong(name, "Tài khoản ngoài này đã gắn với một người.", "This is somebody's already.")
    row = OutsideIdentity(person_id=person.id, issuer=issuer, subject=name, since_at=desk.now)
    desk.db.add(row)
    desk.db.flush()
    _record(desk, "identity.link", email, row)
    return row


def unlink(desk: Desk, email: str, subject: str) -> Person:
    """Who is signed in stays so: ending that is another act."""
    check_administrator(desk, email)
    person = people.by_email(desk.db, email)
    held = [one for one in of_person(desk.db, person.id) if one.subject == subject.strip()]
    if not held:
        raise NotFound(what=pair("tài khoản ngoài", "Outside account"), code=subject)
    for one in held:
        _record(desk, "identity.unlink", email, one)
        desk.db.delete(one)
    desk.db.flush()
    return person


def _found(db: Session, issuer: str, subject: str) -> OutsideIdentity | None:
    named = (col(OutsideIdentity.issuer) == issuer, col(OutsideIdentity.subject) == subject)
    return db.scalar(select(OutsideIdentity).where(*named))


def _record(desk: Desk, act: str, email: str, row: OutsideIdentity) -> None:
    detail = {"email": email, "issuer": row.issuer, "subject": row.subject}
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=detail)


def _wrong(value: str, vi: str, en: str) -> InputWrong:
    return InputWrong(field="subject", value=value[:80], why=pair(vi, en))
