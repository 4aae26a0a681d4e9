"""Where a directive stands on a day: computed from its state, its dates and the calendar, never stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind
from workflow.lifecycle import Lifecycle
from workflow.models.directive import NO_DAY, Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.moves import Phase, Role
from workflow.words import Texts, pair

ACCEPT = "accept"
AGENCY = {Role.LEAD, Role.LEAD_HEAD, Role.COORDINATING}


class Standing(StrEnum):
    """Exactly one for every directive, so that counts of all of them add up to the whole."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    WAITING = "waiting"
    IN_TIME = "in_time"
    UNDATED = "undated"
    PAUSED = "paused"
    DRAFT = "draft"
    DONE = "done"
    ENDED = "ended"


TITLES: dict[Standing, Texts] = {
    Standing.OVERDUE: pair("quá hạn", "overdue"),
    Standing.TODAY: pair("đến hạn hôm nay", "due today"),
    Standing.SOON: pair("sắp đến hạn", "due soon"),
    Standing.WAITING: pair("chờ duyệt", "awaiting review"),
    Standing.IN_TIME: pair("trong hạn", "in time"),
    Standing.UNDATED: pair("không thời hạn", "undated"),
    Standing.PAUSED: pair("tạm dừng", "suspended"),
    Standing.DRAFT: pair("dự thảo", "draft"),
    Standing.DONE: pair("hoàn thành", "done"),
    Standing.ENDED: pair("thu hồi hoặc kết thúc", "withdrawn or closed"),
}

# The highest level of what the lead owes now; read for the rows of a page, never for a whole table.
LEVEL: Any = func.coalesce(
    select(func.max(col(Obligation.level)))
    .where(col(Obligation.directive_id) == col(Directive.id))
    .where(col(Obligation.status) == ObligationStatus.RUNNING)
    .where(col(Obligation.kind) == ObligationKind.DELIVER)
    .correlate(Directive)
    .scalar_subquery(),
    0,
)


@dataclass(frozen=True)
class AsOf:
    """One day, and the rules that say what is near and which states are open on it.

    `soon_until` is the last day whose distance, counted as the active policy counts, is "due soon".
    `answers` are the moves by which agencies speak.
    """

    today: date
    soon_until: date
    calendar: WorkingCalendar
    states: dict[str, Texts]
    phases: dict[str, Phase]
    done: frozenset[str]
    answers: frozenset[str]

    def days(self, due_on: date | None) -> int | None:
        """Days left, negative when late, counted as the active policy counts."""
        return None if due_on is None else self.calendar.count(self.today, due_on)

    def in_phase(self, *phases: Phase) -> ColumnElement[bool]:
        return col(Directive.state).in_(self.states_in(*phases))

    def states_in(self, *phases: Phase) -> list[str]:
        return sorted(name for name, phase in self.phases.items() if phase in phases)

    def standing(self, of: Any = None) -> ColumnElement[str]:
        """The standing of each row; `of` are the columns of a grouped query, else the directive's own."""
        columns = Directive.__table__.c if of is None else of  # type: ignore[attr-defined]
        state, next_on = columns.state, columns.next_on
        return case(
            (state.in_(self.states_in(Phase.DRAFT)), Standing.DRAFT.value),
            (state.in_(sorted(self.done)), Standing.DONE.value),
            (state.in_(self.states_in(Phase.CLOSED)), Standing.ENDED.value),
            (state.in_(self.states_in(Phase.PAUSED)), Standing.PAUSED.value),
            (state.in_(self.states_in(Phase.REVIEW)), Standing.WAITING.value),
            (next_on < self.today, Standing.OVERDUE.value),
            (next_on == self.today, Standing.TODAY.value),
            (or_(next_on == NO_DAY, columns.rhythm.is_not(None)), Standing.UNDATED.value),
            (next_on <= self.soon_until, Standing.SOON.value),
            else_=Standing.IN_TIME.value,
        )


def as_of(db: Session, today: date) -> AsOf:
    policy = rulebook.active_policy(db)
    calendar = policy.counted(rulebook.active_calendar(db))
    soon_until = calendar.shift(today, policy.due_soon + 1) - timedelta(days=1)
    known = _lifecycles(db)
    return AsOf(
        today=today,
        soon_until=soon_until,
        calendar=calendar,
        states={name: state.title for one in known for name, state in one.states.items()},
        phases={name: state.phase for one in known for name, state in one.states.items()},
        done=frozenset(move.to for one in known for move in one.moves if move.name == ACCEPT),
        answers=frozenset(move.name for one in known for move in one.moves if AGENCY & set(move.by)),
    )


def _lifecycles(db: Session) -> list[Lifecycle]:
    """Every version some directive may be pinned to; the active one comes last, so its titles win."""
    query = select(col(RuleVersion.id)).where(col(RuleVersion.kind) == RuleKind.LIFECYCLE)
    order = (col(RuleVersion.is_active), col(RuleVersion.id))
    return [rulebook.lifecycle(db, version_id) for version_id in db.scalars(query.order_by(*order))]
