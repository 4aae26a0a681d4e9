"""Where a directive stands on a day: computed, never stored, in one expression for lists, counts and filters."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, null, or_, select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind
from workflow.lifecycle import Lifecycle
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind
from workflow.moves import Phase
from workflow.policy import Policy

NO_DAY = date(9999, 12, 31)


class Standing(StrEnum):
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    REVIEW = "review"
    IN_TIME = "in_time"
    NO_DATE = "no_date"
    PAUSED = "paused"
    DRAFT = "draft"
    DONE = "done"
    DONE_LATE = "done_late"
    CLOSED = "closed"


class Group(StrEnum):
    """The five counts that add up to all issued directives."""

    LATE = "late"
    SOON = "soon"
    REVIEW = "review"
    IN_TIME = "in_time"
    DONE = "done"


GROUPS: dict[Group, tuple[Standing, ...]] = {
    Group.LATE: (Standing.LATE,),
    Group.SOON: (Standing.TODAY, Standing.SOON),
    Group.REVIEW: (Standing.REVIEW,),
    Group.IN_TIME: (Standing.IN_TIME, Standing.NO_DATE, Standing.PAUSED),
    Group.DONE: (Standing.DONE, Standing.DONE_LATE, Standing.CLOSED),
}


@dataclass(frozen=True)
class Rules:
    """The rules in force, read once for a page."""

    policy: Policy
    calendar: WorkingCalendar
    lifecycle: Lifecycle

    @classmethod
    def of(cls, db: Session) -> "Rules":
        return cls(
            rulebook.active_policy(db),
            rulebook.active_calendar(db),
            rulebook.lifecycle(db, rulebook.active(db, RuleKind.LIFECYCLE).id),
        )

    @property
    def counting(self) -> WorkingCalendar:
        return self.policy.counted(self.calendar)

    def states(self, phase: Phase) -> list[str]:
        return [state.name for state in self.lifecycle.states.values() if state.phase is phase]

    def days_until(self, due_on: date, today: date) -> int:
        """Working days (as the policy counts); negative when late."""
        return self.counting.count(today, due_on)


def due_expression() -> ColumnElement[Any]:
    """The day the lead owes its result: the directive's own, or of a rhythm its oldest open period's."""
    oldest = (
        select(func.min(col(Obligation.due_on)))
        .where(
            col(Obligation.directive_id) == col(Directive.id),
            col(Obligation.kind) == ObligationKind.DELIVER,
            col(Obligation.status) == ObligationStatus.RUNNING,
        )
        .scalar_subquery()
    )
    return case(
        (col(Directive.due_on).is_not(None), col(Directive.due_on)),
        (col(Directive.rhythm).is_not(None), oldest),
        else_=null(),
    )


def level_expression() -> ColumnElement[int]:
    """How far the lead's late result has climbed."""
    return (
        select(func.coalesce(func.max(col(Obligation.level)), 0))
        .where(
            col(Obligation.directive_id) == col(Directive.id),
            col(Obligation.kind) == ObligationKind.DELIVER,
            col(Obligation.status) == ObligationStatus.RUNNING,
        )
        .scalar_subquery()
    )


def standing_expression(rules: Rules, today: date) -> ColumnElement[str]:
    due = due_expression()
    soon = rules.counting.shift(today, rules.policy.due_soon)
    state = col(Directive.state)
    finished = func.coalesce(col(Directive.reported_on), col(Directive.closed_on))
    closed = state.in_(rules.states(Phase.CLOSED))
    in_time = or_(col(Directive.due_on).is_(None), finished <= col(Directive.due_on))
    return case(
        (state.in_(rules.states(Phase.DRAFT)), literal(Standing.DRAFT.value)),
        (and_(state == "done", in_time), literal(Standing.DONE.value)),
        (state == "done", literal(Standing.DONE_LATE.value)),
        (closed, literal(Standing.CLOSED.value)),
        (state.in_(rules.states(Phase.PAUSED)), literal(Standing.PAUSED.value)),
        (state.in_(rules.states(Phase.REVIEW)), literal(Standing.REVIEW.value)),
        (due.is_(None), literal(Standing.NO_DATE.value)),
        (due < today, literal(Standing.LATE.value)),
        (due == today, literal(Standing.TODAY.value)),
        (due <= soon, literal(Standing.SOON.value)),
        else_=literal(Standing.IN_TIME.value),
    )


def group_of(standing: Standing) -> Group | None:
    """None for a draft: it is nobody's duty yet."""
    return next((group for group, members in GROUPS.items() if standing in members), None)
