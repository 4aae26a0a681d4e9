"""Acts on the register: bodies, people and their posts, supervisions. Each is one event of the journal."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import addresses, audit, lookalikes
from workflow.access import Actor
from workflow.desk import Desk
from workflow.drafts import DRAFTING_ROLES
from workflow.errors import InputWrong, NotFound, RoleNotAllowed
from workflow.ladder import AGENCY, DELEGATION, Position
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Mailbox, Membership, Person, Role
from workflow.models.supervision import Supervision
from workflow.store import organizations, people
from workflow.words import pair

SUPERVISING = (OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)


@dataclass(frozen=True)
class PersonChange:
    """Only what is given changes. `present` ends an absence."""

    name: str | None = None
    email: str | None = None
    locale: str | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    present: bool = False


def add_organization(
    desk: Desk, code: str, name: str, kind: OrganizationKind, aliases: tuple[str, ...] = ()
) -> Organization:
    _check_may(desk, None if kind is OrganizationKind.AGENCY else _new(kind), code)
    _check_free(desk.db, Organization, col(Organization.code) == code, "code", code)
    lookalikes.BodyNames(desk.db).check(code, name, aliases)
    body = Organization(code=code, name=name, kind=kind, aliases=list(aliases))
    desk.db.add(body)
    desk.db.flush()
    _record(desk, "organization.add", {"code": code, "name": name, "kind": kind.value})
    return body


def edit_organization(
    desk: Desk, code: str, *, name: str | None = None, aliases: tuple[str, ...] | None = None
) -> Organization:
    body = organizations.get(desk.db, desk.actor, code)
    _check_may(desk, body, code)
    is_new = name is not None and name != body.name
    fresh = [one for one in aliases or () if one not in body.aliases]
    lookalikes.BodyNames(desk.db).check(code, name if is_new else None, fresh)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"], body.name = [body.name, name], name
    if aliases is not None:
        changes["aliases"], body.aliases = [body.aliases, list(aliases)], list(aliases)
    desk.db.add(body)
    _record(desk, "organization.edit", {"code": code, **changes})
    return body


def add_contact(
    desk: Desk,
    code: str,
    email: str,
    position: Position,
    *,
    name: str | None = None,
    title: str | None = None,
    locale: str = "vi",
) -> Person:
    """A post in this body; the person is made when nobody has the address yet."""
    body = organizations.get(desk.db, desk.actor, code)
    _check_may(desk, body, code, position)
    _check_fits(body, position)
    address = addresses.check(email.strip().lower())
    person = desk.db.scalar(select(Person).where(col(Person.email) == address))
    if person is None:
        person = _new_person(desk.db, address, name, locale)
    held = [one for one, _ in people.posts(desk.db, person) if one.organization_id == body.id]
    if position in {one.position for one in held}:
        raise _wrong("email", address, "Người này đã giữ vị trí ấy.", "This person holds that post already.")
    desk.db.add(Membership(person_id=person.id, organization_id=body.id, position=position, title=title))
    _record(desk, "contact.add", {"organization": code, "email": address, "position": position.value})
    return person


def edit_contact(desk: Desk, email: str, change: PersonChange) -> Person:
    """A corrected address is tried again from the next mail on."""
    person = editable(desk, email)
    before = {name: getattr(person, name) for name in EDITABLE}
    if change.name is not None and change.name != person.name:
        lookalikes.check_person(desk.db, change.name, person.email)
    for name in ("name", "locale", "absent_from", "absent_until"):
        if (value := getattr(change, name)) is not None:
            setattr(person, name, value)
    if change.present:
        person.absent_from = person.absent_until = None
    if change.email is not None:
        _readdress(desk.db, person, change.email)
    _check_absence(person)
    desk.db.add(person)
    desk.db.flush()
    changes = {name: [_plain(old), _plain(getattr(person, name))] for name, old in before.items()}
    _record(desk, "person.edit", {"email": email, **{k: v for k, v in changes.items() if v[0] != v[1]}})
    return person


EDITABLE = ("name", "email", "locale", "absent_from", "absent_until", "mailbox")


def remove_contact(desk: Desk, code: str, email: str, position: Position | None = None) -> int:
    """Takes the post, never the person: what was told to them stays theirs in the journal."""
    body = organizations.get(desk.db, desk.actor, code)
    _check_may(desk, body, code)
    person = people.by_email(desk.db, email)
    held = [
        one
        for one, organization in people.posts(desk.db, person)
        if organization.id == body.id and position in (None, one.position)
    ]
    if not held:
        raise NotFound(what=pair("vị trí của", "A post of"), code=f"{email} ({code})")
    for one in held:
        _check_may(desk, body, code, one.position)
        desk.db.delete(one)
    desk.db.flush()
    positions = [one.position.value for one in held]
    _record(desk, "contact.remove", {"organization": code, "email": email, "positions": positions})
    return len(held)


def add_user(desk: Desk, email: str, name: str, role: Role | None, locale: str = "vi") -> Person:
    check_administrator(desk, email)
    address = addresses.check(email.strip().lower())
    _check_free(desk.db, Person, col(Person.email) == address, "email", address)
    person = _new_person(desk.db, address, name, locale)
    person.role = role
    _record(desk, "user.add", {"email": address, "role": role.value if role else None})
    return person


def set_role(desk: Desk, email: str, role: Role | None) -> Person:
    check_administrator(desk, email)
    person = people.by_email(desk.db, email)
    _keep_one_administrator(desk.db, person, stays=role is Role.ADMINISTRATOR)
    before, person.role = person.role, role
    desk.db.add(person)
    _record(desk, "user.role", {"email": email, "role": [_plain(before), _plain(role)]})
    return person


def set_active(desk: Desk, email: str, *, active: bool) -> Person:
    """Nobody is deleted: a disabled person cannot act and is mailed no more."""
    check_administrator(desk, email)
    person = people.by_email(desk.db, email)
    _keep_one_administrator(desk.db, person, stays=active)
    person.is_active = active
    desk.db.add(person)
    _record(desk, "user.enable" if active else "user.disable", {"email": email})
    return person


def add_supervision(
    desk: Desk, code: str, delegation: str, subject: str, session_on: date | None
) -> Supervision:
    body = organizations.get(desk.db, desk.actor, delegation)
    if body.kind not in SUPERVISING:
        raise _wrong("delegation", delegation, "Phải là đoàn giám sát hoặc ban.", "It must be a delegation.")
    _check_may(desk, body, code)
    _check_free(desk.db, Supervision, col(Supervision.code) == code, "code", code)
    supervision = Supervision(code=code, delegation_id=body.id, subject=subject, session_on=session_on)
    desk.db.add(supervision)
    _record(desk, "supervision.add", {"code": code, "delegation": delegation, "subject": subject})
    return supervision


def check_may_import(actor: Actor) -> None:
    """A file may hold bodies, people and roles of every kind: only an administrator brings one in."""
    if not (actor.is_system or actor.role is Role.ADMINISTRATOR):
        raise RoleNotAllowed(
            actor=actor.name,
            move=pair("nhập", "import"),
            code=pair("danh bạ", "registers"),
            allowed=pair("Quản trị", "Administrator"),
        )


def _check_may(desk: Desk, body: Organization | None, code: str, position: Position | None = None) -> None:
    """An administrator; for an agency any delegation's posts; for a delegation its own.

    Within a delegation nobody gives, takes or edits a post above their own.
    """
    if desk.actor.is_system or desk.actor.role is Role.ADMINISTRATOR:
        return
    for post in desk.actor.posts:
        is_theirs = body is None or body.kind not in SUPERVISING or post.organization_id == body.id
        is_drafting = post.kind in SUPERVISING and post.position.value in DRAFTING_ROLES
        if is_drafting and is_theirs and not _is_above(position, post.position):
            return
    raise _not_allowed(desk.actor, code, pair("Thư ký trở lên, Quản trị", "Secretary and up, Administrator"))


def _is_above(position: Position | None, own: Position) -> bool:
    return position in DELEGATION and DELEGATION.index(position) > DELEGATION.index(own)


def check_administrator(desk: Desk, code: str) -> None:
    check_is_administrator(desk.actor, code)


def check_is_administrator(actor: Actor, code: str) -> None:
    if not (actor.is_system or actor.role is Role.ADMINISTRATOR):
        raise _not_allowed(actor, code, pair("Quản trị", "Administrator"))


def editable(desk: Desk, email: str) -> Person:
    """Whoever edits a person must have a say in every body that person serves; a role needs an administrator."""
    person = people.by_email(desk.db, email)
    held = people.posts(desk.db, person)
    if person.role is not None or not held:
        check_administrator(desk, email)
    for post, body in held:
        _check_may(desk, body, email, post.position)
    return person


def _not_allowed(actor: Actor, code: str, allowed: dict[str, str]) -> RoleNotAllowed:
    move = pair("sửa danh bạ", "change the register entry")
    return RoleNotAllowed(actor=actor.name, move=move, code=code, allowed=allowed)


def _new(kind: OrganizationKind) -> Organization:
    """Stands for a supervising body nobody belongs to yet: only an administrator may make one."""
    return Organization(id=0, code="", name="", kind=kind)


def _new_person(db: Session, email: str, name: str | None, locale: str) -> Person:
    if not (name or "").strip():
        raise _wrong("name", "", "Người mới cần có tên: --name.", "Somebody new needs a name: --name.")
    lookalikes.check_person(db, str(name).strip(), email)
    person = Person(email=email, name=str(name).strip(), locale=locale)
    db.add(person)
    db.flush()
    return person


def _readdress(db: Session, person: Person, email: str) -> None:
    address = addresses.check(email.strip().lower())
    if address != person.email:
        _check_free(db, Person, col(Person.email) == address, "email", address)
    person.email, person.mailbox = address, Mailbox.OPEN
    person.mailbox_failure = person.mailbox_failed_at = None


def _check_fits(body: Organization, position: Position) -> None:
    fitting = DELEGATION if body.kind in SUPERVISING else AGENCY
    if position not in fitting:
        allowed = ", ".join(one.value for one in fitting)
        raise _wrong("position", position.value, f"Được phép: {allowed}.", f"Allowed: {allowed}.")


def _check_absence(person: Person) -> None:
    start, end = person.absent_from, person.absent_until
    if end is not None and (start is None or end < start):
        said = f"{end:%d/%m/%Y}"
        raise _wrong(
            "absent_until", said, "Phải sau ngày bắt đầu vắng.", "It must follow the first day away."
        )


def _keep_one_administrator(db: Session, person: Person, *, stays: bool) -> None:
    if stays or person.role is not Role.ADMINISTRATOR or not person.is_active:
        return
    query = select(Person).where(col(Person.role) == Role.ADMINISTRATOR, col(Person.is_active))
    if len(list(db.scalars(query.limit(2)))) == 1:
        raise _wrong(
            "email", person.email, "Phải còn ít nhất một quản trị.", "One administrator must remain."
        )


def _check_free(db: Session, table: Any, which: Any, field: str, value: str) -> None:
    if db.scalar(select(table).where(which)) is not None:
        raise _wrong(field, value, "Giá trị này đã được dùng.", "This is taken.")


def _wrong(field: str, value: str, vi: str, en: str) -> InputWrong:
    return InputWrong(field=field, value=value, why=pair(vi, en))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _record(desk: Desk, act: str, detail: dict[str, Any]) -> None:
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=detail)
