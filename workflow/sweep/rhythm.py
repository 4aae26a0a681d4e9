"""Duties without a date: each period of the rhythm opens the next delivery."""

from datetime import date

from sqlalchemy import ColumnElement, literal, null, select, update
from sqlmodel import Session, col

from workflow import recurrence
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.supervision import Supervision
from workflow.statements import changed, insert_new
from workflow.sweep.night import Night

COLUMNS = (
    "directive_id", "kind", "ladder", "owed_by_id", "owed_to_id", "opened_on", "due_on",
    "original_due_on", "due_version", "span_days", "status", "level", "policy_id", "opened_at",
)  # fmt: skip


def open_periods(db: Session, night: Night) -> None:
    """Open what has become due to open; a long outage opens every period it missed."""
    while waiting := _waiting(db, night.on):
        for rhythm, since in waiting:
            _open_period(db, night, rhythm, since)


def _waiting(db: Session, on: date) -> list[tuple[str, date]]:
    """Few distinct (rhythm, last period) pairs stand for however many directives."""
    query = select(col(Directive.rhythm), col(Directive.rhythm_on)).where(
        *_running(), col(Directive.rhythm_on) < on
    )
    return [(rhythm, since) for rhythm, since in db.execute(query.distinct())]


def _running() -> tuple[ColumnElement[bool], ...]:
    return (
        col(Directive.rhythm).is_not(None),
        col(Directive.rhythm_on).is_not(None),
        col(Directive.closed_on).is_(None),
        col(Directive.state_before_pause).is_(None),
    )


def _open_period(db: Session, night: Night, rhythm: str, since: date) -> None:
    due_on = recurrence.next_due(rhythm, since, night.calendar)
    ours = (*_running(), col(Directive.rhythm) == rhythm, col(Directive.rhythm_on) == since)
    if due_on is not None:
        span = night.calendar.count(since, due_on)
        rows = select(
            col(Directive.id),
            literal(ObligationKind.DELIVER.value),
            literal("periodic"),
            col(Directive.lead_id),
            col(Supervision.delegation_id),
            literal(since),
            literal(due_on),
            literal(due_on),
            col(Directive.due_version),
            literal(span),
            literal(ObligationStatus.RUNNING.value),
            literal(0),
            col(Directive.policy_id),
            literal(night.now, type_=Obligation.__table__.c.opened_at.type),  # type: ignore[attr-defined]
        )
        rows = rows.join(Supervision, col(Supervision.id) == col(Directive.supervision_id)).where(*ours)
        night.count("periods opened", changed(db, insert_new(db, Obligation).from_select(COLUMNS, rows)))
    changed(db, update(Directive).where(*ours).values(rhythm_on=null() if due_on is None else due_on))
