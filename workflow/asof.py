"""What was true on the evening of a past day, folded from the journal in set-based statements.

States come from the acts of the journal, dates and statuses of obligations from `obligation_past`,
levels from the acts that raised them. Nothing recorded later than the day is read, except that a period of
a rhythm counts from the day it opens, though only the next sweep writes it down.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from workflow import kept, standing
from workflow.kept import Among
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.obligation_past import ObligationPast
from workflow.moves import Phase

RAISES = ("climb", "escalate")


@dataclass(frozen=True)
class StateAt:
    """One directive on one evening; `due_on` is the oldest delivery still owed, else the directive's date.

    `met_on`: the latest delivery that had been handed in; `level`: the highest of the deliveries owed.
    `lead_id`: who owed the latest delivery. `closed_on` and `issued_on` are None when it was open or a draft.
    """

    directive_id: int
    code: str
    supervision_id: int
    lead_id: int | None
    state: str
    phase: Phase
    rhythm: str | None
    issued_on: date | None
    due_on: date | None
    original_due_on: date | None
    reported_on: date | None
    met_on: date | None
    closed_on: date | None
    level: int
    extensions: int


def state_at(db: Session, on: date, visible: ColumnElement[bool] | None = None) -> list[StateAt]:
    """Every directive known on the evening of `on`, by code; `visible` is `access.visible(actor)`.

    Narrow it further by and-ing conditions on `Directive`, for example its supervision.
    """
    phases = standing.as_of(db, on).phases
    folded = directives_at(on)
    columns: tuple[Any, ...] = (
        col(Directive.id), col(Directive.code), col(Directive.supervision_id),
        func.coalesce(folded.c.lead_id, col(Directive.lead_id)), folded.c.state, col(Directive.rhythm),
        folded.c.issued_on, folded.c.due_on, folded.c.original_due_on, folded.c.reported_on, folded.c.met_on,
        folded.c.entered_on, folded.c.level, folded.c.extensions,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(folded, folded.c.directive_id == col(Directive.id))
        .where(true() if visible is None else visible)
        .order_by(col(Directive.code))
    )
    return [_state(tuple(row), phases) for row in db.execute(query)]


def _state(row: tuple[Any, ...], phases: dict[str, Phase]) -> StateAt:
    (
        key,
        code,
        supervision,
        lead,
        state,
        rhythm,
        issued,
        due,
        original,
        reported,
        met,
        entered,
        level,
        more,
    ) = row
    phase = phases[state]
    return StateAt(
        directive_id=key,
        code=code,
        supervision_id=supervision,
        lead_id=lead,
        state=state,
        phase=phase,
        rhythm=rhythm,
        issued_on=None if phase is Phase.DRAFT else issued,
        due_on=due,
        original_due_on=original or due,
        reported_on=reported,
        met_on=met,
        closed_on=entered if phase is Phase.CLOSED else None,
        level=level or 0,
        extensions=more or 0,
    )


def obligations_at(on: date, among: Among = None) -> Subquery:
    """One row for each obligation opened by the evening of `on`, as it stood then.

    Columns: id, directive_id, kind, ladder, owed_by_id, owed_to_id, opened_on, due_on, original_due_on,
    due_version, span_days, status, met_on, level, policy_id.
    """
    first = _first_past(on)
    past: Any = aliased(ObligationPast, name="held")

    def held(name: str) -> SQLColumnExpression[Any]:
        return func.coalesce(getattr(past, name), getattr(Obligation, name)).label(name)

    status = func.coalesce(past.status, _status_then(on))
    return (
        select(
            col(Obligation.id), col(Obligation.directive_id), col(Obligation.kind), col(Obligation.ladder),
            col(Obligation.owed_by_id), col(Obligation.owed_to_id), col(Obligation.opened_on),
            held("due_on"), held("original_due_on"), held("due_version"), held("span_days"), held("policy_id"),
            status.label("status"),
            case((status.in_(["met", "void"]), col(Obligation.met_on)), else_=null()).label("met_on"),
            func.coalesce(_level(on, past), 0).label("level"),
        )
        .outerjoin(first, first.c.obligation_id == col(Obligation.id))
        .outerjoin(past, past.id == first.c.id)
        .where(col(Obligation.opened_on) <= on, *_within(col(Obligation.directive_id), among))
        .subquery("obligation_at")
    )  # fmt: skip


def _within(directive_id: Any, among: Among) -> tuple[ColumnElement[bool], ...]:
    return () if among is None else (directive_id.in_(among),)


def _first_past(on: date) -> Subquery:
    """The first change after that evening overwrote what was true on it."""
    later = select(col(ObligationPast.obligation_id), func.min(col(ObligationPast.id)).label("id"))
    return (
        later.where(col(ObligationPast.until_on) > on)
        .group_by(col(ObligationPast.obligation_id))
        .subquery("first_change")
    )


def _status_then(on: date) -> ColumnElement[str]:
    """Rows from before changes were kept: settled later means it was still running."""
    later = and_(col(Obligation.met_on).is_not(None), col(Obligation.met_on) > on)
    return case((later, literal(ObligationStatus.RUNNING.value)), else_=col(Obligation.status))


def _level(on: date, past: Any) -> ColumnElement[int]:
    """The highest level raised since the due version of that evening began."""
    version = func.coalesce(past.due_version, col(Obligation.due_version))
    began = (
        select(func.max(col(ObligationPast.until_at)))
        .where(col(ObligationPast.obligation_id) == col(Obligation.id))
        .where(col(ObligationPast.due_version) < version, col(ObligationPast.until_on) <= on)
        .correlate(Obligation, past)
        .scalar_subquery()
    )
    return (
        select(func.max(col(Event.level)))
        .where(col(Event.obligation_id) == col(Obligation.id), col(Event.act).in_(RAISES))
        .where(col(Event.on) <= on, or_(began.is_(None), col(Event.at) >= began))
        .correlate(Obligation, past)
        .scalar_subquery()
    )


def directives_at(on: date, among: Among = None) -> Subquery:
    """One row for each directive that existed on the evening of `on`; of those `among` only, where it is given.

    Columns: directive_id, state, entered_on (the day of that state), lead_id, issued_on, due_on,
    original_due_on (of the latest delivery), first_due_on (the original date of the first), reported_on, met_on,
    level, extensions. What a checkpoint holds is taken from there; all else is folded.
    """
    return union_all(kept.rows(on, among), folded_at(on, kept.others(on, among))).subquery("directive_at")


def folded_at(on: date, among: Among) -> Select[Any]:
    """The same rows from the journal alone."""
    acts, owed = _acts(on, among), _deliveries(on, among)
    state: Any = aliased(Event, name="state_event")
    dated: Any = aliased(Event, name="date_event")
    return (
        select(
            acts.c.directive_id,
            state.to_state.label("state"),
            state.on.label("entered_on"),
            owed.c.lead_id,
            acts.c.issued_on,
            func.coalesce(owed.c.due_on, dated.due_on).label("due_on"),
            owed.c.original_due_on,
            owed.c.first_due_on,
            acts.c.reported_on,
            owed.c.met_on,
            func.coalesce(owed.c.level, 0).label("level"),
            func.coalesce(acts.c.extensions, 0).label("extensions"),
        )
        .select_from(acts)
        .join(state, state.id == acts.c.state_id)
        .join(dated, dated.id == acts.c.dated_id)
        .outerjoin(owed, owed.c.directive_id == acts.c.directive_id)
    )


def _acts(on: date, among: Among) -> Subquery:
    """Of each directive: the last act, the last that says a date, and the days of the acts that are counted."""

    def last(condition: ColumnElement[bool], what: Any) -> ColumnElement[Any]:
        return func.max(case((condition, what), else_=null()))

    moved = and_(col(Event.act) == "calendar.move", col(Obligation.kind) == ObligationKind.DELIVER)
    moves = col(Event.to_state).is_not(None)
    granted = case((col(Event.act) == "grant_extension", 1), else_=0)
    return (
        select(
            col(Event.directive_id),
            last(moves, col(Event.id)).label("state_id"),
            last(or_(moves, and_(moved, col(Directive.rhythm).is_(None))), col(Event.id)).label("dated_id"),
            last(col(Event.act) == "issue", col(Event.on)).label("issued_on"),
            last(col(Event.act) == "report", col(Event.on)).label("reported_on"),
            func.sum(granted).label("extensions"),
        )
        .join(Directive, col(Directive.id) == col(Event.directive_id))
        .outerjoin(Obligation, col(Obligation.id) == col(Event.obligation_id))
        .where(col(Event.on) <= on, *_within(col(Event.directive_id), among))
        .group_by(col(Event.directive_id))
        .having(last(moves, col(Event.id)).is_not(None))
        .subquery("acts")
    )


def _deliveries(on: date, among: Among) -> Subquery:
    owed = _delivered(on, among)
    latest: Any = aliased(Obligation, name="latest_delivery")
    is_open = owed.c.status.in_([ObligationStatus.RUNNING, ObligationStatus.PAUSED])

    def where(condition: ColumnElement[bool], what: Any) -> ColumnElement[Any]:
        return case((condition, what), else_=null())

    grouped = (
        select(
            owed.c.directive_id,
            func.max(owed.c.id).label("latest_id"),
            func.min(where(is_open, owed.c.due_on)).label("due_on"),
            func.max(where(is_open, owed.c.level)).label("level"),
            func.max(owed.c.original_due_on).label("original_due_on"),
            func.max(where(owed.c.id == owed.c.first_id, owed.c.original_due_on)).label("first_due_on"),
            func.max(where(owed.c.status == ObligationStatus.MET, owed.c.met_on)).label("met_on"),
        )
        .group_by(owed.c.directive_id)
        .subquery("deliveries")
    )
    return (
        select(grouped, latest.owed_by_id.label("lead_id"))
        .join(latest, latest.id == grouped.c.latest_id)
        .subquery("delivery_at")
    )


def _delivered(on: date, among: Among) -> Subquery:
    """The deliveries of that evening, each beside the first of its directive."""
    owed = obligations_at(on, among)
    first = func.min(owed.c.id).over(partition_by=owed.c.directive_id).label("first_id")
    return select(owed, first).where(owed.c.kind == ObligationKind.DELIVER).subquery("delivery")
