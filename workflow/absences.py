"""Being away: from when to when, and who stands in. The deputy gets the mails and may decide in the same posts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import audit, register
from workflow.desk import Desk
from workflow.errors import InputWrong
from workflow.models.person import Membership, Person
from workflow.store import people


@dataclass(frozen=True)
class Absence:
    from_on: date
    until_on: date | None = None
    deputy: str | None = None


def of(db: Session, person: Person) -> Absence | None:
    if person.absent_from is None:
        return None
    deputy = db.get(Person, person.deputy_id) if person.deputy_id is not None else None
    return Absence(person.absent_from, person.absent_until, deputy.email if deputy else None)


def set_absence(desk: Desk, email: str, absence: Absence) -> Person:
    """One's own, or that of somebody one may edit. Replaces what was said before."""
    person = _editable(desk, email)
    _check_days(desk, absence)
    deputy = _deputy(desk, person, absence) if absence.deputy else None
    person.absent_from, person.absent_until = absence.from_on, absence.until_on
    person.deputy_id = deputy.id if deputy else None
    desk.db.add(person)
    said = {"from": absence.from_on.isoformat(), "deputy": deputy.email if deputy else None}
    until = absence.until_on.isoformat() if absence.until_on else None
    _record(desk, "person.absent", {"email": person.email, **said, "until": until})
    return person


def end_absence(desk: Desk, email: str) -> Person:
    person = _editable(desk, email)
    if person.absent_from is None:
        raise _wrong("email", email, "Người này không vắng mặt.", "This person is not away.")
    person.absent_from = person.absent_until = person.deputy_id = None
    desk.db.add(person)
    _record(desk, "person.present", {"email": person.email})
    return person


def possible_deputies(db: Session, person: Person) -> list[Person]:
    """Who serves every body this person serves."""
    bodies = _bodies(db, person)
    if not bodies:
        return []
    colleagues = select(col(Membership.person_id)).where(col(Membership.organization_id).in_(bodies))
    query = select(Person).where(
        col(Person.id).in_(colleagues), col(Person.id) != person.id, col(Person.is_active)
    )
    return [one for one in db.scalars(query.order_by(col(Person.name))) if bodies <= _bodies(db, one)]


def _editable(desk: Desk, email: str) -> Person:
    person = people.by_email(desk.db, email)
    return person if person.id == desk.actor.person_id else register.editable(desk, email)


def _check_days(desk: Desk, absence: Absence) -> None:
    until = absence.until_on
    if until is not None and until < absence.from_on:
        why = ("Phải từ ngày bắt đầu vắng trở đi.", "It must not be before the first day away.")
        raise _wrong("until", f"{until:%d/%m/%Y}", *why)
    if until is not None and until < desk.today:
        raise _wrong("until", f"{until:%d/%m/%Y}", "Ngày này đã qua.", "That day is past.")


def _deputy(desk: Desk, person: Person, absence: Absence) -> Person:
    deputy = people.by_email(desk.db, absence.deputy or "")
    if deputy not in possible_deputies(desk.db, person):
        why = (
            "Người nhận thay phải là người khác, đang hoạt động và cùng cơ quan.",
            "A deputy is somebody else, active, of the same body.",
        )
        raise _wrong("deputy", deputy.email, *why)
    if _overlap(deputy, absence):
        raise _wrong(
            "deputy", deputy.email, "Người này cũng vắng vào những ngày ấy.", "Away on those days too."
        )
    return deputy


def _overlap(deputy: Person, absence: Absence) -> bool:
    if deputy.absent_from is None:
        return False
    starts_before_end = absence.until_on is None or deputy.absent_from <= absence.until_on
    ends_after_start = deputy.absent_until is None or deputy.absent_until >= absence.from_on
    return starts_before_end and ends_after_start


def _bodies(db: Session, person: Person) -> set[int]:
    query = select(col(Membership.organization_id)).where(col(Membership.person_id) == person.id)
    return set(db.scalars(query))


def _record(desk: Desk, act: str, detail: dict[str, Any]) -> None:
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=detail)


def _wrong(field: str, value: str, vi: str, en: str) -> InputWrong:
    return InputWrong(field=field, value=value, why={"vi": vi, "en": en})
