"""Mails a person may refuse: asked for by a link in such a mail, or by the person signed in, and taken back."""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Sequence
from typing import ClassVar

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Session, col

from workflow import audit
from workflow.access import Actor
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound, RoleNotAllowed, WorkflowError
from workflow.models.person import Person, Role
from workflow.models.refusal import MailRefusal, Refusable
from workflow.statements import changed, insert_new
from workflow.store import people
from workflow.words import Texts, pair

MAC_BYTES = 16
NAMES: dict[Refusable, Texts] = {
    Refusable.WEEKLY: pair("thư tổng hợp tuần", "the weekly digest"),
    Refusable.REPORTS: pair("báo cáo gửi theo lịch", "scheduled reports"),
}
_LETTER = {Refusable.WEEKLY: "w", Refusable.REPORTS: "r"}


class UnsubscribeUnknown(WorkflowError):
    """Cut short, mistyped, or made for an address that is no longer this person's."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Liên kết thôi nhận thư không đúng hoặc đã bị cắt bớt. Thôi nhận trong trang cá nhân: /toi/thu.",
        "en": "This link is wrong or was cut short. Refuse such mails on your own page: /toi/thu.",
    }
    http_status = 404
    exit_code = 3


def token(key: bytes, person: Person, mails: Refusable) -> str:
    """`w42.` and a signature over person, address and kind: it opens nothing and needs no row."""
    return f"{_LETTER[mails]}{person.id}.{_mac(key, person, mails)}"


def recognised(db: Session, keys: Sequence[bytes], text: str) -> tuple[Person, Refusable]:
    """Raises UnsubscribeUnknown: which of person, kind and signature is wrong is not told."""
    head, _, mac = text.strip().lower().partition(".")
    mails = next((one for one, letter in _LETTER.items() if head[:1] == letter), None)
    number = head[1:]
    if mails is None or not (number.isascii() and number.isdigit() and len(number) < 18):
        raise UnsubscribeUnknown
    person = db.get(Person, int(number))
    if person is None or not any(
        hmac.compare_digest(_mac(key, person, mails), mac.encode("ascii", "replace").decode()) for key in keys
    ):
        raise UnsubscribeUnknown
    return person, mails


def _mac(key: bytes, person: Person, mails: Refusable) -> str:
    said = f"dondoc.unsubscribe:{mails.value}:{person.id}:{person.email}".encode()
    digest = hmac.digest(key, said, hashlib.sha256)
    return b32encode(digest[:MAC_BYTES]).decode("ascii").rstrip("=").lower()


def refused(db: Session, person: Person) -> set[Refusable]:
    query = select(col(MailRefusal.mails)).where(col(MailRefusal.person_id) == person.id)
    return set(db.scalars(query))


def wants(mails: Refusable) -> ColumnElement[bool]:
    """As a condition on Person."""
    refusal = select(col(MailRefusal.id)).where(
        col(MailRefusal.person_id) == col(Person.id), col(MailRefusal.mails) == mails
    )
    return ~refusal.exists()


def refuse(desk: Desk, person: Person, mails: Refusable) -> bool:
    """False when it was refused before: a link pressed twice is one refusal, journalled once."""
    fresh = {"person_id": person.id, "mails": mails, "refused_at": desk.now}
    return _journalled(desk, person, mails, "mail.refuse", insert_new(desk.db, MailRefusal).values(**fresh))


def want_again(desk: Desk, person: Person, mails: Refusable) -> bool:
    gone = delete(MailRefusal).where(col(MailRefusal.person_id) == person.id, col(MailRefusal.mails) == mails)
    return _journalled(desk, person, mails, "mail.want", gone)


def _journalled(desk: Desk, person: Person, mails: Refusable, act: str, statement: object) -> bool:
    done = changed(desk.db, statement) == 1  # type: ignore[arg-type]
    if done:
        detail = {"email": person.email, "mails": mails.value}
        audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=detail)
    return done


def of(db: Session, actor: Actor, email: str) -> Person:
    """Whose mails this actor may look at: one's own, all for those who see all."""
    person = people.by_email(db, email)
    if person.id != actor.person_id and not actor.sees_all:
        raise NotFound(what=pair("người dùng", "Person"), code=email)
    return person


def choose(desk: Desk, email: str, mails: str, *, wanted: bool) -> Person:
    """One's own choice; an administrator may make it for somebody who asked."""
    person = of(desk.db, desk.actor, email)
    own = person.id == desk.actor.person_id
    if not (own or desk.actor.is_system or desk.actor.role is Role.ADMINISTRATOR):
        raise RoleNotAllowed(
            actor=desk.actor.name,
            move=pair("chọn thư nhận", "choose the mails"),
            code=email,
            allowed=pair("Chính người đó, Quản trị", "The person, Administrator"),
        )
    kind = _kind(mails)
    if wanted:
        want_again(desk, person, kind)
    else:
        refuse(desk, person, kind)
    return person


def _kind(mails: str) -> Refusable:
    if mails not in list(Refusable):
        allowed = ", ".join(Refusable)
        why = pair(f"Thư báo nhiệm vụ không từ chối được. Được phép: {allowed}.",
                   f"Notices of duties cannot be refused. Allowed: {allowed}.")  # fmt: skip
        raise InputWrong(field="mails", value=mails, why=why)
    return Refusable(mails)
