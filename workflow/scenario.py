"""What a simulation supposes: a policy, a calendar, and how soon people answer; laid over a scratch copy."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, insert, literal, select, update
from sqlmodel import Session, col

from workflow import rulebook
from workflow.access import SYSTEM
from workflow.calendar import WorkingCalendar, build_document
from workflow.calendar_file import load_source
from workflow.desk import Desk
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind
from workflow.policy import Policy, load_policy, to_document
from workflow.recalendar import move_dates, moved_dates
from workflow.statements import changed

SUPPOSED = "supposed"


class Answer(StrEnum):
    NEVER = "never"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True)
class Scenario:
    """`policy` and `calendar` are YAML texts; None keeps what is in force.

    Whoever owes something answers never, on the due day, or `late` days after it (counted as the policy
    counts). An answer comes during the day, after that night's sweep; a result handed in then waits for its
    reviewer, who answers the same way.
    """

    policy: str | None = None
    calendar: str | None = None
    answer: Answer = Answer.NEVER
    late: int = 0

    @property
    def delay(self) -> int:
        return self.late if self.answer is Answer.LATE else 0


def prepare(db: Session, scenario: Scenario, now: datetime) -> None:
    """Once, before the first night: the supposed rules take the place of those in force."""
    if scenario.calendar is not None:
        _put_calendar(db, scenario.calendar, now)
    if scenario.policy is not None:
        _put_policy(db, scenario.policy, now)


def _put_calendar(db: Session, source: str, now: datetime) -> None:
    desk, old = Desk(db, SYSTEM, now), rulebook.active_calendar(db)
    document = build_document(load_source(source, SUPPOSED))
    new = WorkingCalendar.from_document(document)
    row = rulebook.publish(
        db, RuleKind.CALENDAR, name=rulebook.DEFAULT[RuleKind.CALENDAR], version=new.version, source=source,
        document=document, now=now,
    )  # fmt: skip
    move_dates(desk, moved_dates(db, old, new, desk.today), row.id, SUPPOSED)


def _put_policy(db: Session, source: str, now: datetime) -> None:
    """Everything running follows it, with the spans it would have counted."""
    name = rulebook.DEFAULT[RuleKind.POLICY]
    policy = load_policy(source, name)
    row = rulebook.publish(
        db,
        RuleKind.POLICY,
        name=name,
        version=policy.version,
        source=source,
        document=to_document(policy),
        now=now,
    )
    changed(db, update(Directive).where(col(Directive.policy_id).is_not(None)).values(policy_id=row.id))
    _recount(db, policy)
    changed(db, update(Obligation).values(policy_id=row.id))


def _recount(db: Session, policy: Policy) -> None:
    """Spans are counted as the old policy counted: only another way of counting changes them."""
    calendar = policy.counted(rulebook.active_calendar(db))
    columns: tuple[Any, ...] = (col(Obligation.opened_on), col(Obligation.due_on))
    pinned = list(db.scalars(select(col(Obligation.policy_id)).distinct()))
    other = [one for one in pinned if rulebook.policy(db, one).counting != policy.counting]
    mine = col(Obligation.policy_id).in_(other)
    for opened_on, due_on in db.execute(select(*columns).where(mine).distinct()).all():
        same = (mine, col(Obligation.opened_on) == opened_on, col(Obligation.due_on) == due_on)
        span = calendar.count(opened_on, due_on)
        changed(db, update(Obligation).where(*same).values(span_days=span))


def answer(db: Session, scenario: Scenario, night: date) -> None:
    """What people do on the day after this night's mails."""
    if scenario.answer is Answer.NEVER:
        return
    calendar = rulebook.active_calendar(db)
    pinned = select(col(Obligation.policy_id)).distinct()
    for policy_id in list(db.scalars(pinned)):
        policy = rulebook.policy(db, policy_id)
        counted = policy.counted(calendar)
        until = counted.limit(scenario.delay, night) if scenario.delay else night
        due = (
            col(Obligation.status) == ObligationStatus.RUNNING,
            col(Obligation.policy_id) == policy_id,
            col(Obligation.due_on) <= until,
        )
        _open_reviews(db, due, night, counted.shift(night, policy.terms["review"]), policy.terms["review"])
        changed(db, update(Obligation).where(*due).values(status=ObligationStatus.MET, met_on=night))


def _open_reviews(
    db: Session, due: tuple[ColumnElement[bool], ...], night: date, review_on: date, span: int
) -> None:
    table = Obligation.__table__.c  # type: ignore[attr-defined]
    columns = (
        "directive_id", "kind", "ladder", "owed_by_id", "owed_to_id", "opened_on", "due_on", "original_due_on",
        "due_version", "span_days", "status", "level", "policy_id",
    )  # fmt: skip
    rows = select(
        table.directive_id,
        literal(ObligationKind.REVIEW.value),
        literal(ObligationKind.REVIEW.value),
        table.owed_to_id,
        table.owed_by_id,
        literal(night),
        literal(review_on),
        literal(review_on),
        table.due_version,
        literal(span),
        literal(ObligationStatus.RUNNING.value),
        literal(0),
        table.policy_id,
    ).where(*due, col(Obligation.kind) == ObligationKind.DELIVER)
    changed(db, insert(Obligation).from_select(columns, rows))
