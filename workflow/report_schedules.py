"""Reports made and mailed by themselves: set up by the delegation, due on working days, each delivery journalled."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import audit, recurrence
from workflow.access import Actor
from workflow.desk import Desk
from workflow.drafts import DRAFTING_ROLES
from workflow.errors import InputWrong, NotFound, RoleNotAllowed
from workflow.models.organization import OrganizationKind
from workflow.models.person import Mailbox, Person, Role
from workflow.models.report_schedule import ReportRecipient, ReportSchedule
from workflow.words import pair

GIVERS = (OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)


@dataclass(frozen=True)
class Scheduled:
    schedule: ReportSchedule
    recipients: list[Person]


def check_may_schedule(actor: Actor) -> None:
    drafts = any(post.kind in GIVERS and post.position.value in DRAFTING_ROLES for post in actor.posts)
    if not (drafts or actor.is_system or actor.role is Role.ADMINISTRATOR):
        raise RoleNotAllowed(
            actor=actor.name,
            move=pair("đặt lịch báo cáo", "schedule a report"),
            code=pair("báo cáo", "reports"),
            allowed=pair("Thư ký trở lên, Quản trị", "Secretary and up, Administrator"),
        )


def add(
    desk: Desk, kind: str, form: str, rhythm: str, to: list[str], *, profile: str | None = None,
    scope: dict[str, Any] | None = None,
) -> ReportSchedule:  # fmt: skip
    """First due on the next day of the rhythm. Raises InputWrong for a wrong rhythm or nobody to tell."""
    check_may_schedule(desk.actor)
    rule = recurrence.check_rhythm(rhythm)
    readers = [
        _person(desk.db, email) for email in dict.fromkeys(one.strip().lower() for one in to if one.strip())
    ]
    if not readers:
        raise InputWrong(field="to", value="", why=pair("Cần ít nhất một người nhận.", "Name somebody."))
    schedule = ReportSchedule(
        kind=kind, format=form, profile=profile, scope=scope or {}, rhythm=rule, next_on=_next(desk, rule),
        made_by_id=desk.actor.person_id, made_at=desk.now,
    )  # fmt: skip
    desk.db.add(schedule)
    desk.db.flush()
    desk.db.add_all(ReportRecipient(schedule_id=schedule.id, person_id=one.id) for one in readers)
    detail = {
        "schedule": schedule.id,
        "kind": kind,
        "format": form,
        "rhythm": rule,
        "to": [one.email for one in readers],
    }
    audit.record(desk.db, desk.actor, "report.schedule", at=desk.now, on=desk.today, detail=detail)
    return schedule


def end(desk: Desk, schedule_id: int) -> None:
    check_may_schedule(desk.actor)
    schedule = desk.db.get(ReportSchedule, schedule_id)
    if schedule is None or schedule.ended_at is not None:
        raise NotFound(what=pair("lịch báo cáo", "Scheduled report"), code=schedule_id)
    schedule.ended_at = desk.now
    desk.db.add(schedule)
    detail = {"schedule": schedule_id}
    audit.record(desk.db, desk.actor, "report.unschedule", at=desk.now, on=desk.today, detail=detail)


def running(db: Session) -> list[Scheduled]:
    query = select(ReportSchedule).where(col(ReportSchedule.ended_at).is_(None))
    return [Scheduled(one, recipients(db, one)) for one in db.scalars(query.order_by(col(ReportSchedule.id)))]


def due(db: Session, today: date) -> list[ReportSchedule]:
    """Locked, so that two clocks deliver once. A report missed while we were down is made once, late."""
    query = select(ReportSchedule).where(
        col(ReportSchedule.ended_at).is_(None), col(ReportSchedule.next_on) <= today
    )
    return list(db.scalars(query.order_by(col(ReportSchedule.id)).with_for_update(skip_locked=True)))


def recipients(db: Session, schedule: ReportSchedule) -> list[Person]:
    query = select(Person).join(ReportRecipient, col(ReportRecipient.person_id) == col(Person.id))
    query = query.where(col(ReportRecipient.schedule_id) == schedule.id)
    return list(db.scalars(query.order_by(col(Person.email))))


def can_be_told(person: Person) -> bool:
    return person.is_active and person.mailbox is Mailbox.OPEN


def delivered(desk: Desk, schedule: ReportSchedule, to: dict[str, str]) -> None:
    """`to` is each address with the digest of its file."""
    schedule.next_on = _next(desk, schedule.rhythm)
    desk.db.add(schedule)
    detail = {"schedule": schedule.id, "kind": schedule.kind, "files": to}
    audit.record(desk.db, desk.actor, "report.deliver", at=desk.now, on=desk.today, detail=detail)


def _next(desk: Desk, rhythm: str) -> date:
    found = recurrence.next_due(rhythm, desk.today, desk.calendar)
    if found is None:
        why = pair("Nhịp này không còn ngày nào tới.", "This rhythm has no day to come.")
        raise InputWrong(field="rhythm", value=rhythm, why=why)
    return found


def _person(db: Session, email: str) -> Person:
    found = db.scalar(select(Person).where(col(Person.email) == email, col(Person.is_active)))
    if found is None:
        raise NotFound(what=pair("người dùng", "Person"), code=email)
    return found
