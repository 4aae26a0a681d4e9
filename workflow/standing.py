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
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.moves import Phase
from workflow.words import Texts, pair

ACCEPT = "accept"


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

# What the lead owes next: a rhythm may have several periods open, the oldest one counts.
DELIVERY = (
    select(
        col(Obligation.directive_id),
        func.min(col(Obligation.due_on)).label("due_on"),
        func.max(col(Obligation.level)).label("level"),
    )
    .where(col(Obligation.status) == ObligationStatus.RUNNING)
    .where(col(Obligation.kind) == ObligationKind.DELIVER)
    .group_by(col(Obligation.directive_id))
    .subquery("delivery")
)
DUE_ON: Any = func.coalesce(DELIVERY.c.due_on, col(Directive.due_on))


@dataclass(frozen=True)
class AsOf:
    """One day, and the rules that say what is near and which states are open on it.

    `soon_until` is the last day whose distance, counted as the active policy counts, is "due soon".
    """

    today: date
    soon_until: date
    calendar: WorkingCalendar
    states: dict[str, Texts]
    phases: dict[str, Phase]
    done: frozenset[str]

    def days(self, due_on: date | None) -> int | None:
        """Days left, negative when late, counted as the active policy counts."""
        return None if due_on is None else self.calendar.count(self.today, due_on)

    def in_phase(self, *phases: Phase) -> ColumnElement[bool]:
        return col(Directive.state).in_(
            sorted(name for name, phase in self.phases.items() if phase in phases)
        )

    def standing(self) -> ColumnElement[str]:
        """The standing of each row of a query that has joined `DELIVERY`."""
        return case(
            (self.in_phase(Phase.DRAFT), Standing.DRAFT.value),
            (col(Directive.state).in_(sorted(self.done)), Standing.DONE.value),
            (self.in_phase(Phase.CLOSED), Standing.ENDED.value),
            (self.in_phase(Phase.PAUSED), Standing.PAUSED.value),
            (self.in_phase(Phase.REVIEW), Standing.WAITING.value),
            (self.today > DUE_ON, Standing.OVERDUE.value),
            (self.today == DUE_ON, Standing.TODAY.value),
            (or_(DUE_ON.is_(None), col(Directive.rhythm).is_not(None)), Standing.UNDATED.value),
            (self.soon_until >= DUE_ON, Standing.SOON.value),
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
    )


def _lifecycles(db: Session) -> list[Lifecycle]:
    """Every version some directive may be pinned to; the active one comes last, so its titles win."""
    query = select(col(RuleVersion.id)).where(col(RuleVersion.kind) == RuleKind.LIFECYCLE)
    order = (col(RuleVersion.is_active), col(RuleVersion.id))
    return [rulebook.lifecycle(db, version_id) for version_id in db.scalars(query.order_by(*order))]
