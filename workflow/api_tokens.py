"""Tokens: what a program holds instead of a person's sign-in. Shown once, kept as a hash, never journalled."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from workflow import audit
from workflow.access import Actor, person_as_actor
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound, WorkflowError
from workflow.models.api_token import ApiToken
from workflow.models.person import Person, Role
from workflow.words import Texts, pair

START = "dondoc_"
DAYS = range(1, 367)
USUAL_DAYS = 90
MOST = 20
NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may do. It never reaches further than its owner."""

    READ = "read"
    DIRECTIVES = "directives:write"
    CONCLUSIONS = "conclusions:write"
    REGISTER = "register:write"
    MAIL = "mail"
    ADMIN = "admin"


SCOPES: dict[Scope, Texts] = {
    Scope.READ: pair("Đọc những gì người chủ được xem", "Read what its owner may see"),
    Scope.DIRECTIVES: pair("Soạn và xử lý nhiệm vụ", "Draft and move directives"),
    Scope.CONCLUSIONS: pair("Nhập, trình, phê duyệt kết luận", "Take in, submit, approve conclusions"),
    Scope.REGISTER: pair("Sửa cơ quan, đầu mối, cuộc giám sát", "Change agencies, contacts, supervisions"),
    Scope.MAIL: pair("Gửi lại thư, tạm dừng gửi", "Resend mails, pause sending"),
    Scope.ADMIN: pair("Quy tắc, người dùng, lượt quét, webhook", "Rules, users, sweeps, webhooks"),
}


class ScopeMissing(WorkflowError):
    """The token is good, but not for this."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Mã truy cập này không có quyền '{scope}'.",
        "en": "This token lacks the scope '{scope}'.",
    }
    http_status = 403


@dataclass(frozen=True)
class Made:
    """`text` exists nowhere else: whoever loses it makes another."""

    token: ApiToken
    text: str


@dataclass(frozen=True)
class Bearer:
    """Who a token stands for, and how far."""

    token_id: int
    actor: Actor
    scopes: frozenset[Scope]
    is_to_note: bool

    def check(self, scope: Scope) -> None:
        if scope not in self.scopes:
            raise ScopeMissing(scope=scope.value)


def make(desk: Desk, name: str, scopes: Iterable[Scope], real: datetime, *, days: int = USUAL_DAYS) -> Made:
    """For the person who acts. `real` is the machine's clock, by which tokens end."""
    owner = _owner(desk)
    wanted = sorted(set(scopes))
    _check(desk.db, owner, name, wanted, days, real)
    text = START + secrets.token_urlsafe(32)
    token = ApiToken(
        person_id=owner,
        name=name.strip(),
        start=text[: len(START) + 4],
        token_hash=_digest(text),
        scopes=[scope.value for scope in wanted],
        created_at=real,
        ends_at=real + timedelta(days=days),
    )
    desk.db.add(token)
    desk.db.flush()
    _journal(
        desk, "token.make", {"token": token.id, "name": token.name, "scopes": token.scopes, "days": days}
    )
    return Made(token, text)


def revoke(desk: Desk, token_id: int, real: datetime) -> ApiToken:
    """One's own, or by an administrator anybody's. It ends at once and for good."""
    token = desk.db.scalar(select(ApiToken).where(col(ApiToken.id) == token_id, _theirs(desk.actor)))
    if token is None:
        raise NotFound(what=TOKEN, code=token_id)
    if token.revoked_at is None:
        token.revoked_at = real
        desk.db.add(token)
        _journal(desk, "token.revoke", {"token": token.id, "name": token.name})
    return token


def listed(db: Session, actor: Actor, *, everybody: bool = False) -> list[tuple[ApiToken, str]]:
    """Newest first, each with its owner's address; the administrator may ask for everybody's."""
    which = _theirs(actor) if everybody else col(ApiToken.person_id) == (actor.person_id or 0)
    columns: tuple[Any, ...] = (ApiToken, col(Person.email))
    query = select(*columns).join(Person, col(Person.id) == col(ApiToken.person_id)).where(which)
    return [(token, email) for token, email in db.execute(query.order_by(col(ApiToken.id).desc()))]


def bearer(db: Session, text: str, real: datetime) -> Bearer | None:
    """None for what is unknown, ended, revoked, or of a person who may act no more."""
    columns: tuple[Any, ...] = (ApiToken, Person)
    query = (
        select(*columns)
        .join(Person, col(Person.id) == col(ApiToken.person_id))
        .where(
            col(ApiToken.token_hash) == _digest(text),
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.ends_at) > real,
            col(Person.is_active),
        )
    )
    found = db.execute(query).first()
    if found is None:
        return None
    token, person = found
    scopes = frozenset(Scope(one) for one in token.scopes if one in list(Scope))
    is_to_note = token.last_used_at is None or token.last_used_at < real - NOTED_EVERY
    return Bearer(token.id, person_as_actor(db, person), scopes, is_to_note)


def note_use(db: Session, token_id: int, real: datetime) -> None:
    token = db.get_one(ApiToken, token_id)
    token.last_used_at = real
    db.add(token)


def is_live(token: ApiToken, real: datetime) -> bool:
    return token.revoked_at is None and token.ends_at > real


def _check(db: Session, owner: int, name: str, scopes: list[Scope], days: int, real: datetime) -> None:
    if not 1 <= len(name.strip()) <= 100:
        raise _wrong("name", name[:40], "Cần tên từ 1 đến 100 ký tự.", "Give a name of 1 to 100 characters.")
    if not scopes:
        allowed = ", ".join(Scope)
        raise _wrong("scopes", "", f"Chọn ít nhất một: {allowed}.", f"Choose at least one: {allowed}.")
    if days not in DAYS:
        raise _wrong("days", str(days), "Từ 1 đến 366 ngày.", "From 1 to 366 days.")
    mine = db.scalars(select(ApiToken).where(col(ApiToken.person_id) == owner))
    if sum(is_live(token, real) for token in mine) >= MOST:
        raise _wrong("name", name, f"Nhiều nhất {MOST} mã còn hiệu lực.", f"At most {MOST} live tokens.")


def _owner(desk: Desk) -> int:
    if desk.actor.person_id is None:
        raise _wrong("owner", desk.actor.name, "Cần là một người dùng: --as.", "It must be a person: --as.")
    return desk.actor.person_id


def _theirs(actor: Actor) -> ColumnElement[bool]:
    if actor.is_system or actor.role is Role.ADMINISTRATOR:
        return col(ApiToken.id).is_not(None)
    return col(ApiToken.person_id) == (actor.person_id or 0)


def _wrong(field: str, value: str, vi: str, en: str) -> InputWrong:
    return InputWrong(field=field, value=value, why=pair(vi, en))


def _journal(desk: Desk, act: str, detail: dict[str, Any]) -> None:
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=detail)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


TOKEN = pair("mã truy cập", "Token")
