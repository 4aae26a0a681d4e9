"""Once a week, those who lead are told: one notice each, about no single directive."""

from sqlalchemy import literal, null, select
from sqlmodel import Session, col

from workflow import refusals, rulebook
from workflow.kinds import NoticeKind
from workflow.models.directive import Directive
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.person import Mailbox, Person, Role
from workflow.models.refusal import Refusable
from workflow.statements import changed, insert_new, joined
from workflow.sweep.night import Night
from workflow.sweep.weekly import is_digest_day

COLUMNS = (
    "key",
    "kind",
    "severity",
    "status",
    "sweep_run_id",
    "person_id",
    "night_on",
    "bundle",
    "directive_id",
)
KIND = NoticeKind.WEEKLY


def leadership_digest(db: Session, night: Night) -> None:
    """On the digest day of the active policy; nothing while nothing was ever issued."""
    policy = rulebook.active_policy(db)
    calendar = policy.counted(night.calendar)
    since = night.since if policy.counting == "working" else night.since_any
    if not calendar.is_open(night.on) or not is_digest_day(night.on, since, calendar, policy.weekly.weekday):
        return
    issued = select(col(Directive.id)).where(col(Directive.issued_on).is_not(None)).limit(1)
    if db.scalar(issued) is None:
        return
    year, week, _ = night.on.isocalendar()
    key = joined("L", f"{year}-{week:02d}", col(Person.id))
    rows = select(
        key, literal(KIND.value), literal(KIND.severity), literal(NoticeStatus.WANTED.value), literal(night.run_id),
        col(Person.id), literal(night.on), key, null(),
    ).where(
        col(Person.role) == Role.LEADERSHIP, col(Person.is_active), col(Person.mailbox) == Mailbox.OPEN,
        refusals.wants(Refusable.WEEKLY),
    )  # fmt: skip
    night.count("leadership:weekly", changed(db, insert_new(db, Notice).from_select(COLUMNS, rows)))
