"""Programs elsewhere that are told of acts: who may have one, where it may be, what it hears.

The database itself writes a call beside each row worth telling (a trigger), so nothing is told that did not
happen and nothing happens untold.
"""

import ipaddress
import secrets
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from workflow import access, audit
from workflow.access import Actor
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound, RoleNotAllowed
from workflow.models.person import Person, Role
from workflow.models.webhook import CallSource, CallStatus, Webhook, WebhookCall
from workflow.statements import changed
from workflow.words import Texts, pair

MOST = 50
LONGEST = 500


class Kind(StrEnum):
    """What a call may tell of."""

    DRAFTED = "directive.drafted"
    ISSUED = "directive.issued"
    MOVED = "directive.moved"
    OVERDUE = "directive.overdue"
    DEAD = "message.dead"
    SWEPT = "sweep.completed"
    TEST = "webhook.test"


ASKED = tuple(one for one in Kind if one is not Kind.TEST)
KINDS: dict[Kind, Texts] = {
    Kind.DRAFTED: pair("Có dự thảo nhiệm vụ", "A directive is drafted"),
    Kind.ISSUED: pair("Nhiệm vụ được phát hành", "A directive is issued"),
    Kind.MOVED: pair("Nhiệm vụ chuyển bước", "A directive moves on"),
    Kind.OVERDUE: pair("Nhiệm vụ lên cấp đôn đốc", "A directive climbs a level"),
    Kind.DEAD: pair("Thư không đến được", "A mail cannot arrive"),
    Kind.SWEPT: pair("Lượt quét xong", "A sweep completes"),
    Kind.TEST: pair("Gọi thử", "A test"),
}


@dataclass(frozen=True)
class Wanted:
    """`owner`: the address of the person through whose eyes it sees; nothing given is whoever adds it.

    `sealed` is the signing secret as the database keeps it.
    """

    url: str
    events: tuple[Kind, ...]
    sealed: str
    owner: str | None = None


def new_secret() -> str:
    """As Standard Webhooks writes it."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def check_url(url: str, hosts: Sequence[str]) -> str:
    """`hosts`: when there are any, only these, and they may be plain http or private. Raises InputWrong."""
    parts = urlsplit(url.strip())
    host = parts.hostname or ""
    if (
        len(url) > LONGEST
        or parts.scheme not in ("http", "https")
        or not host
        or parts.username
        or parts.fragment
    ):
        raise _wrong("Cần địa chỉ https đầy đủ.", "Give a full https address.", url)
    if hosts:
        if not {host, parts.netloc} & set(hosts):
            raise _wrong(f"Chỉ được gọi: {', '.join(hosts)}.", f"Only these hosts: {', '.join(hosts)}.", url)
    elif parts.scheme != "https":
        raise _wrong("Cần https.", "It must be https.", url)
    elif _is_inside(host):
        raise _wrong("Không được gọi địa chỉ nội bộ.", "No private address may be called.", url)
    return url.strip()


def _is_inside(host: str) -> bool:
    """Other names are looked up when they are called; here what says it already."""
    try:
        return not is_public(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def is_public(address: str) -> bool:
    """Raises ValueError for what is no address."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast


def add(desk: Desk, wanted: Wanted, hosts: Sequence[str], real: datetime) -> Webhook:
    _check_administrator(desk)
    owner = _owner(desk, wanted.owner)
    if not wanted.events or not set(wanted.events) <= set(ASKED):
        allowed = ", ".join(ASKED)
        why = pair(f"Chọn trong: {allowed}.", f"Choose from: {allowed}.")
        raise InputWrong(field="events", value=", ".join(wanted.events), why=why)
    if (desk.db.scalar(select(func.count()).where(col(Webhook.ended_at).is_(None))) or 0) >= MOST:
        raise _wrong(f"Nhiều nhất {MOST} webhook.", f"At most {MOST} webhooks.", wanted.url)
    hook = Webhook(
        person_id=owner, url=check_url(wanted.url, hosts), events=sorted(set(wanted.events)), secret=wanted.sealed,
        created_at=real,
    )  # fmt: skip
    desk.db.add(hook)
    desk.db.flush()
    _journal(desk, "webhook.add", hook, events=hook.events, owner=owner)
    return hook


def remove(desk: Desk, webhook_id: int, real: datetime) -> Webhook:
    """Ends at once; what waits is dropped, what was told stays on record."""
    hook = get(desk.db, desk.actor, webhook_id)
    if hook.ended_at is None:
        end(desk.db, hook, real)
        _journal(desk, "webhook.remove", hook)
    return hook


def end(db: Session, hook: Webhook, real: datetime) -> None:
    hook.ended_at = real
    db.add(hook)
    waiting = (col(WebhookCall.webhook_id) == hook.id, col(WebhookCall.status) == CallStatus.PENDING)
    changed(db, update(WebhookCall).where(*waiting).values(status=CallStatus.DROPPED, response="ended"))


def test(desk: Desk, webhook_id: int) -> WebhookCall:
    """One call that tells of nothing, by the same way as all others."""
    hook = get(desk.db, desk.actor, webhook_id)
    if hook.ended_at is not None:
        raise NotFound(what=WEBHOOK, code=webhook_id)
    call = WebhookCall(webhook_id=hook.id, source=CallSource.TEST, source_id=hook.id)
    desk.db.add(call)
    desk.db.flush()
    _journal(desk, "webhook.test", hook)
    return call


def resend(desk: Desk, call_id: int) -> WebhookCall:
    """A dead call again, under the same id with the same body."""
    _check_administrator(desk)
    call = desk.db.get(WebhookCall, call_id)
    if call is None or call.status is not CallStatus.DEAD:
        raise NotFound(what=pair("lần gọi hỏng", "Dead call"), code=call_id)
    call.status, call.attempts, call.next_attempt_at = CallStatus.PENDING, 0, None
    desk.db.add(call)
    _journal(desk, "webhook.resend", desk.db.get_one(Webhook, call.webhook_id), call=call_id)
    return call


def listed(db: Session, actor: Actor) -> list[tuple[Webhook, str]]:
    """Newest first, with the owner's address. For administrators."""
    _check_sees(actor)
    columns: tuple[Any, ...] = (Webhook, col(Person.email))
    query = select(*columns).join(Person, col(Person.id) == col(Webhook.person_id))
    return [(hook, email) for hook, email in db.execute(query.order_by(col(Webhook.id).desc()))]


def get(db: Session, actor: Actor, webhook_id: int) -> Webhook:
    _check_sees(actor)
    hook = db.get(Webhook, webhook_id)
    if hook is None:
        raise NotFound(what=WEBHOOK, code=webhook_id)
    return hook


def calls(db: Session, actor: Actor, webhook_id: int, limit: int = 100) -> list[WebhookCall]:
    """The latest first; those nobody asked for are left out."""
    hook = get(db, actor, webhook_id)
    asked = (col(WebhookCall.webhook_id) == hook.id, col(WebhookCall.status) != CallStatus.DROPPED)
    return list(
        db.scalars(select(WebhookCall).where(*asked).order_by(col(WebhookCall.id).desc()).limit(limit))
    )


def dead(db: Session) -> int:
    return db.scalar(select(func.count()).where(col(WebhookCall.status) == CallStatus.DEAD)) or 0


def kinds_of(words: Iterable[str]) -> tuple[Kind, ...]:
    """Raises InputWrong for what is no kind."""
    given = tuple(words)
    unknown = [word for word in given if word not in list(ASKED)]
    if unknown:
        allowed = ", ".join(ASKED)
        why = pair(f"Chọn trong: {allowed}.", f"Choose from: {allowed}.")
        raise InputWrong(field="events", value=", ".join(unknown), why=why)
    return tuple(Kind(word) for word in given)


def _owner(desk: Desk, email: str | None) -> int:
    person_id = access.find_actor(desk.db, email).person_id if email else desk.actor.person_id
    if person_id is None:
        why = pair("Cần là một người dùng: --owner.", "It must be a person: --owner.")
        raise InputWrong(field="owner", value=desk.actor.name, why=why)
    return person_id


def _check_administrator(desk: Desk) -> None:
    if desk.actor.is_system or desk.actor.role is Role.ADMINISTRATOR:
        return
    raise RoleNotAllowed(
        actor=desk.actor.name,
        move=pair("đặt webhook", "set webhooks"),
        code="dondoc",
        allowed=pair("Quản trị", "Administrator"),
    )


def _check_sees(actor: Actor) -> None:
    if not (actor.is_system or actor.role is Role.ADMINISTRATOR):
        raise NotFound(what=WEBHOOK, code="")


def _wrong(vi: str, en: str, url: str) -> InputWrong:
    return InputWrong(field="url", value=url[:80], why=pair(vi, en))


def _journal(desk: Desk, act: str, hook: Webhook, **detail: Any) -> None:
    """The host alone: an address may carry secrets of its own."""
    said = {"webhook": hook.id, "host": urlsplit(hook.url).hostname, **detail}
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=said)


WEBHOOK = pair("webhook", "Webhook")
