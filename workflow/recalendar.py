"""A new calendar: which open due dates move, and moving them.

A day the conclusion names itself never moves. What is late already stays late, and no date moves into the
past. Everything else falls where it would have fallen had this calendar been known.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from workflow import audit, rulebook
from workflow.calendar import WorkingCalendar
from workflow.desk import Desk
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.obligation_past import ObligationPast
from workflow.policy import Policy


@dataclass(frozen=True)
class Moved:
    obligation: Obligation
    directive: Directive
    due_on: date
    was_on: date


def moved_dates(db: Session, old: WorkingCalendar, new: WorkingCalendar, today: date) -> list[Moved]:
    """Every running obligation whose due day changes, by directive."""
    return [
        Moved(obligation, directive, due_on, obligation.due_on)
        for obligation, directive in _open(db, today)
        if (due_on := _settled(db, obligation, directive, old, new)) not in (None, obligation.due_on)
        and due_on is not None
        and due_on > today
    ]


def _open(db: Session, today: date) -> list[tuple[Obligation, Directive]]:
    columns: tuple[Any, ...] = (Obligation, Directive)
    query = (
        select(*columns)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(col(Obligation.status) == ObligationStatus.RUNNING, col(Obligation.due_on) >= today)
        .order_by(col(Directive.code), col(Obligation.id))
    )
    return [(obligation, directive) for obligation, directive in db.execute(query)]


def _settled(
    db: Session, obligation: Obligation, directive: Directive, old: WorkingCalendar, new: WorkingCalendar
) -> date | None:
    policy = rulebook.policy(db, obligation.policy_id)
    before, after = policy.counted(old), policy.counted(new)
    if obligation.kind is ObligationKind.DELIVER:
        is_named = directive.rhythm is None and directive.due_is_express
        return None if is_named else after.roll_forward(obligation.due_on)
    if obligation.due_on == due_by_term(obligation, directive, policy, before):
        return due_by_term(obligation, directive, policy, after)
    return after.roll_forward(obligation.due_on)


def due_by_term(
    obligation: Obligation, directive: Directive, policy: Policy, calendar: WorkingCalendar
) -> date | None:
    """The due day as the policy's term sets it at opening; a delivery's is set by people."""
    if obligation.kind is ObligationKind.DELIVER:
        return None
    if obligation.kind is not ObligationKind.CONTRIBUTE:
        return calendar.shift(obligation.opened_on, policy.terms[obligation.kind.value])
    soonest = calendar.shift(obligation.opened_on, 1)
    lead_due = directive.due_on or directive.rhythm_on
    if lead_due is None:
        return soonest
    return max(soonest, calendar.shift(lead_due, -policy.terms["contribute_before"]))


def move_dates(desk: Desk, moved: list[Moved], calendar_id: int, reason: str) -> None:
    """A new due version: reminders of the old day are told no more. Each move is an event."""
    calendar = rulebook.calendar(desk.db, calendar_id)
    for one in moved:
        desk.db.add(ObligationPast.of(one.obligation, desk.now, desk.today))
        _move(desk.db, one, calendar)
        audit.record(
            desk.db, desk.actor, "calendar.move", at=desk.now, on=desk.today, directive_id=one.directive.id,
            obligation_id=one.obligation.id, due_on=one.due_on, reason=reason,
            detail={"from": one.was_on.isoformat(), "to": one.due_on.isoformat()},
        )  # fmt: skip
    still_open = col(Directive.closed_on).is_(None) & col(Directive.calendar_id).is_not(None)
    desk.db.execute(update(Directive).where(still_open).values(calendar_id=calendar_id))


def _move(db: Session, one: Moved, calendar: WorkingCalendar) -> None:
    obligation, directive = one.obligation, one.directive
    policy = rulebook.policy(db, obligation.policy_id)
    if obligation.kind is ObligationKind.DELIVER and directive.rhythm is None:
        if directive.original_due_on == directive.due_on:
            directive.original_due_on = obligation.original_due_on = one.due_on
        directive.due_on = one.due_on
        directive.version += 1
    elif directive.rhythm_on == obligation.due_on:
        directive.rhythm_on = one.due_on
    obligation.due_on = one.due_on
    obligation.due_version += 1
    obligation.span_days = policy.counted(calendar).count(obligation.opened_on, one.due_on)
    db.add_all([obligation, directive])
    db.flush()
