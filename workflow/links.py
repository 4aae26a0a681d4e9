"""Links by which an agency answers from a mail: made, recognised, opened.

A link is for one registered contact at one address and for stated directives. It opens what its agencies may
see, as long as the contact is still theirs, until 30 days after closing. Nothing but a revocation is stored of
its end: an address that was corrected, a contact that left or an agency that was relieved closes it by itself.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor, Post
from workflow.errors import WorkflowError
from workflow.ladder import Position
from workflow.link_tokens import Purpose, clean_token, derive, new_salt, recover, token_hash
from workflow.models.directive import Directive
from workflow.models.link import AnswerLink, AnswerLinkItem
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person
from workflow.rulebook import active_policy, local_day
from workflow.statements import insert_each

AFTER_CLOSING = timedelta(days=30)


class LinkUnknown(WorkflowError):
    """Cut short, mistyped or never ours: which of these is not told."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Liên kết không đúng hoặc đã bị cắt bớt khi chuyển thư.",
        "en": "This link is wrong, or was cut short on its way.",
    }
    http_status = 404
    exit_code = 3


class LinkRevoked(WorkflowError):
    """The delegation took the link back."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Liên kết này đã được Đoàn giám sát thu lại ngày {on}.",
        "en": "This link was taken back by the delegation on {on}.",
    }
    http_status = 410


class ContactChanged(WorkflowError):
    """The mailbox or the person the link was sent to no longer answers for the agency."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Liên kết này được gửi tới một hộp thư không còn là đầu mối của cơ quan.",
        "en": "This link went to a mailbox that no longer answers for the agency.",
    }
    http_status = 410


class NoLongerYours(WorkflowError):
    """Reassigned, or taken back by the delegation."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Nhiệm vụ {code} không còn giao cho quý cơ quan; không phải trả lời nữa.",
        "en": "Directive {code} is no longer given to your agency; nothing is asked of you.",
    }
    http_status = 410


class LinkExpired(WorkflowError):
    """Thirty days after closing the link ends."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Nhiệm vụ {code} đã kết thúc ngày {on}; liên kết hết hiệu lực sau đó 30 ngày.",
        "en": "Directive {code} was closed on {on}; its link ended 30 days later.",
    }
    http_status = 410


@dataclass(frozen=True)
class Wanted:
    """Whom a link is for and what it opens: triples of directive, agency and due version."""

    person_id: int
    address: str
    items: frozenset[tuple[int, int, int]]

    @property
    def scope(self) -> str:
        """Stable over reminders; a corrected address makes another link."""
        what = ",".join(f"{directive}.{agency}" for directive, agency, _ in sorted(self.items))
        return hashlib.sha256(f"{self.person_id}|{self.address}|{what}".encode()).hexdigest()


@dataclass(frozen=True)
class Opened:
    """A link that holds: who may act through it, on what. `gone` says why others are no longer there."""

    link: AnswerLink
    person: Person
    agencies: tuple[Organization, ...]
    actor: Actor
    directives: tuple[Directive, ...]
    gone: tuple[WorkflowError, ...]
    due_versions: dict[int, int]

    def directive(self, code: str) -> Directive:
        for one in self.directives:
            if one.code == code:
                return one
        raise LinkUnknown


def tokens(db: Session, keys: Sequence[bytes], wanted: Iterable[Wanted], now: datetime) -> dict[str, str]:
    """The token of each wanted link by its scope, making those that do not stand yet.

    `keys` newest first. A link whose key is gone is revoked and made anew: its old mails stop working.
    """
    asked = {one.scope: one for one in wanted}
    found = _standing(db, asked)
    known = {scope: _recovered(db, keys, link, now) for scope, link in found.items()}
    lost = [asked[scope] for scope in sorted(asked) if known.get(scope) is None]
    known |= _made(db, keys, lost, now) if lost else {}
    return {scope: token for scope, token in known.items() if token is not None}


def _standing(db: Session, scopes: Iterable[str]) -> dict[str, AnswerLink]:
    names = sorted(scopes)
    if not names:
        return {}
    query = select(AnswerLink).where(col(AnswerLink.scope).in_(names), col(AnswerLink.revoked_at).is_(None))
    return {link.scope: link for link in db.scalars(query)}


def _recovered(db: Session, keys: Sequence[bytes], link: AnswerLink, now: datetime) -> str | None:
    token = recover(keys, Purpose.ANSWER, link.salt, link.token_hash)
    if token is None:
        link.revoked_at = now
        db.flush()
    return token


def _made(db: Session, keys: Sequence[bytes], lost: Sequence[Wanted], now: datetime) -> dict[str, str | None]:
    """Two senders at once make one link: the second waits for the first and finds its row."""
    insert_each(db, AnswerLink, [_row(keys[0], one, now) for one in lost])
    made = _standing(db, [one.scope for one in lost])
    insert_each(db, AnswerLinkItem, [item for one in lost for item in _items(made[one.scope], one)])
    return {scope: _recovered(db, keys, link, now) for scope, link in made.items()}


def _row(key: bytes, wanted: Wanted, now: datetime) -> dict[str, Any]:
    salt = new_salt()
    return {
        "person_id": wanted.person_id, "address": wanted.address, "scope": wanted.scope, "salt": salt,
        "token_hash": token_hash(derive(key, Purpose.ANSWER, salt)), "made_at": now, "code_failures": 0,
    }  # fmt: skip


def _items(link: AnswerLink, wanted: Wanted) -> list[dict[str, Any]]:
    return [
        {"link_id": link.id, "directive_id": directive, "organization_id": agency, "due_version": version}
        for directive, agency, version in sorted(wanted.items)
    ]


def wanted_for(person: Person, organization_id: int, directives: Iterable[Directive]) -> Wanted:
    items = frozenset((one.id, organization_id, one.due_version) for one in directives)
    return Wanted(person.id, person.email, items)


def find(db: Session, text: str, *, locked: bool = False) -> AnswerLink:
    """Raises LinkUnknown. `locked`: nobody revokes it until this transaction ends."""
    token = clean_token(text)
    if token is None:
        raise LinkUnknown
    query = select(AnswerLink).where(col(AnswerLink.token_hash) == token_hash(token))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    link = db.scalar(query)
    if link is None:
        raise LinkUnknown
    return link


def open_link(db: Session, link: AnswerLink, today: date, *, proven: bool = False) -> Opened:
    """What the link opens today; raises the refusal that tells why it opens nothing.

    `proven`: its holder also read the registered mailbox just now, and sees all directives of the agencies.
    """
    if link.revoked_at is not None:
        raise LinkRevoked(on=f"{local_day(link.revoked_at, active_policy(db).zone):%d/%m/%Y}")
    person = db.get_one(Person, link.person_id)
    items = list(db.scalars(select(AnswerLinkItem).where(col(AnswerLinkItem.link_id) == link.id)))
    ours = _bodies_of(db, person, {one.organization_id for one in items})
    if person.email != link.address or not person.is_active or not ours:
        raise ContactChanged
    actor = _actor(link, person, ours)
    directives, gone = _reachable(db, actor, [one.directive_id for one in items], today, proven=proven)
    if not directives:
        raise gone[0]
    versions = {one.directive_id: one.due_version for one in items}
    return Opened(link, person, ours, actor, tuple(directives), tuple(gone), versions)


def _bodies_of(db: Session, person: Person, organization_ids: set[int]) -> tuple[Organization, ...]:
    """Of these agencies, those the person answers for, in an own post or as somebody's deputy."""
    member: Any = aliased(Person)
    ours = (
        select(col(Membership.organization_id))
        .join(member, member.id == col(Membership.person_id))
        .where((member.id == person.id) | (member.deputy_id == person.id))
    )
    named = (col(Organization.id).in_(sorted(organization_ids)), col(Organization.id).in_(ours))
    return tuple(db.scalars(select(Organization).where(*named).order_by(col(Organization.id))))


def _actor(link: AnswerLink, person: Person, agencies: Iterable[Organization]) -> Actor:
    """The person answering, at the desk of the agency's contact: the same rules as anywhere else."""
    posts = tuple(Post(one.id, OrganizationKind.AGENCY, Position.CLERK) for one in agencies)
    name = f"{link.name}, {link.post}" if link.name else person.name
    return Actor(name, person.id, None, posts, person.locale)


def _reachable(
    db: Session, actor: Actor, ids: Iterable[int], today: date, *, proven: bool
) -> tuple[list[Directive], list[WorkflowError]]:
    mine = col(Directive.id).in_(sorted(ids))
    seen = select(Directive).where(access.visible(actor))
    if not proven:
        seen = seen.where(mine)
    visible = list(db.scalars(seen.order_by(col(Directive.code))))
    ended = [one for one in visible if _is_over(one, today)]
    gone: list[WorkflowError] = [LinkExpired(code=one.code, on=f"{one.closed_on:%d/%m/%Y}") for one in ended]
    hidden = select(col(Directive.code)).where(mine, col(Directive.id).not_in([one.id for one in visible]))
    gone += [NoLongerYours(code=code) for code in db.scalars(hidden.order_by(col(Directive.code)))]
    return [one for one in visible if one not in ended], gone


def _is_over(directive: Directive, today: date) -> bool:
    return directive.closed_on is not None and today > directive.closed_on + AFTER_CLOSING
