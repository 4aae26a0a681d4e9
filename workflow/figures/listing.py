"""The directives behind a figure, with everything the annex of a report says of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, Subquery, func, select
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.figures.cells import Cell, cell
from workflow.figures.ledger import Ledger, ledger
from workflow.figures.rules import RulesOn
from workflow.figures.scope import Scope
from workflow.models.attachment import Attachment
from workflow.models.directive import Coordination, Directive
from workflow.models.event import Event
from workflow.models.organization import Organization
from workflow.models.supervision import Conclusion, Supervision
from workflow.words import Texts

REPORTED, PROGRESS, ACKNOWLEDGED, RECORDED = "report", "progress", "acknowledge", "import.record"


@dataclass
class Row:
    """One directive on that evening. A secret one keeps its words to itself: `text`, `product` and what was said."""

    code: str
    title: str
    text: str
    supervision: str
    subject: str
    session_on: date | None
    delegation_id: int
    source: str
    programme: str | None
    urgency: str | None
    lead: str | None
    lead_name: str | None
    issued_on: date
    due_on: date | None
    original_due_on: date | None
    rhythm: str | None
    product: str | None
    state: str
    state_title: Texts
    state_on: date
    reported_on: date | None
    acknowledged_on: date | None
    cell: Cell
    level: int
    extensions: int
    days: int | None
    is_secret: bool
    coordinating: list[str] = field(default_factory=list)
    coordinating_names: list[str] = field(default_factory=list)
    result: str | None = None
    evidence: list[str] = field(default_factory=list)
    difficulty: str | None = None
    delegation: str | None = None
    delegation_name: str | None = None


def rows(
    db: Session, actor: Actor, rules: RulesOn, scope: Scope, cells: Sequence[Cell] = tuple(Cell)
) -> list[Row]:
    """By due date, then code. As many as the figures of the same scope and cells say."""
    book = ledger(scope.on, scope.led_by)
    wanted = _wanted(book, actor, rules, scope, cells)
    found = {row[0]: _row(rules, row[1:]) for row in db.execute(_query(book, wanted, rules, scope))}
    ids = wanted.subquery("wanted")
    _coordinating(db, ids, found)
    _said(db, ids, scope.on, found)
    _files(db, ids, scope.on, found)
    _delegations(db, found)
    return sorted(found.values(), key=lambda one: (one.due_on or date.max, one.code))


def _wanted(book: Ledger, actor: Actor, rules: RulesOn, scope: Scope, cells: Sequence[Cell]) -> Select[Any]:
    which = cell(book, rules, scope.basis).in_([one.value for one in cells])
    chosen = book.select(actor, rules, book.directive_id.label("id"))
    return chosen.where(*scope.conditions(book, rules), which)


def _query(book: Ledger, wanted: Select[Any], rules: RulesOn, scope: Scope) -> Select[Any]:
    return (
        wanted.with_only_columns(
            book.directive_id, col(Directive.code), col(Directive.title), col(Directive.text),
            col(Supervision.code), col(Supervision.subject), col(Supervision.session_on),
            col(Supervision.delegation_id),
            col(Conclusion.kind), col(Conclusion.number), col(Conclusion.issued_on),
            col(Supervision.programme), col(Directive.urgency), col(Organization.code), col(Organization.name),
            book.issued_on, book.due_on, book.original_due_on, book.rhythm, col(Directive.product),
            book.state, book.entered_on, book.reported_on, cell(book, rules, scope.basis), book.level,
            book.extensions, col(Directive.is_secret),
        )
        .outerjoin(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
    )  # fmt: skip


def _row(rules: RulesOn, found: Sequence[Any]) -> Row:
    (code, title, text, supervision, subject, session_on, delegation_id, kind, number, concluded_on, programme, urgency, lead,
     lead_name, issued_on, due_on, original, rhythm, product, state, state_on, reported_on, which, level,
     extensions, secret) = found  # fmt: skip
    return Row(
        code=code, title=title, text=text, supervision=supervision, subject=subject, session_on=session_on,
        delegation_id=delegation_id,
        source=_source(kind, number, concluded_on, session_on), programme=programme, urgency=urgency, lead=lead,
        lead_name=lead_name, issued_on=issued_on, due_on=due_on, original_due_on=original, rhythm=rhythm,
        product=product, state=state, state_title=rules.states.get(state, {"vi": state, "en": state}),
        state_on=state_on, reported_on=reported_on, acknowledged_on=None, cell=Cell(which), level=level,
        extensions=extensions, days=None if due_on is None else rules.calendar.count(rules.on, due_on),
        is_secret=bool(secret),
    )  # fmt: skip


def _source(kind: str | None, number: str | None, concluded_on: date | None, session_on: date | None) -> str:
    """The paper it comes from: number and day of the conclusion, else the day of the session."""
    parts = [part for part in (kind, f"số {number}" if number else None) if part]
    on = concluded_on or session_on
    if on is not None:
        parts.append(f"ngày {on:%d/%m/%Y}")
    return " ".join(parts)


def _coordinating(db: Session, ids: Subquery, found: dict[int, Row]) -> None:
    query = (
        select(col(Coordination.directive_id), col(Organization.code), col(Organization.name))
        .join(ids, ids.c.id == col(Coordination.directive_id))
        .join(Organization, col(Organization.id) == col(Coordination.organization_id))
    )
    for directive_id, code, name in db.execute(query.order_by(col(Organization.code))):
        found[directive_id].coordinating.append(code)
        found[directive_id].coordinating_names.append(name)


def _said(db: Session, ids: Subquery, on: date, found: dict[int, Row]) -> None:
    """The last report, the last note of progress and the last acknowledgement by that evening."""
    acts = (REPORTED, PROGRESS, ACKNOWLEDGED, RECORDED)
    last = (
        select(func.max(col(Event.id)).label("id"))
        .where(col(Event.act).in_(acts), col(Event.on) <= on)
        .group_by(col(Event.directive_id), col(Event.act))
        .subquery("last_said")
    )
    query = (
        select(Event).join(last, last.c.id == col(Event.id)).join(ids, ids.c.id == col(Event.directive_id))
    )
    for event in db.scalars(query):
        row, detail = found[event.directive_id or 0], event.detail or {}
        if event.act == ACKNOWLEDGED:
            row.acknowledged_on = event.on
        elif event.act == RECORDED:
            row.source = detail.get("source") or row.source
        elif event.act == PROGRESS:
            row.difficulty = detail.get("text")
        else:
            row.result = detail.get("text")
            row.evidence = list(detail.get("evidence", []))


def _files(db: Session, ids: Subquery, on: date, found: dict[int, Row]) -> None:
    """Files kept outside a report too, unless it names them already."""
    query = (
        select(col(Attachment.directive_id), col(Attachment.name))
        .join(ids, ids.c.id == col(Attachment.directive_id))
        .join(Event, col(Event.id) == col(Attachment.event_id))
        .where(col(Event.on) <= on)
        .order_by(col(Attachment.id))
    )
    for directive_id, name in db.execute(query):
        if name not in found[directive_id].evidence:
            found[directive_id].evidence.append(name)


def _delegations(db: Session, found: dict[int, Row]) -> None:
    wanted = sorted({row.delegation_id for row in found.values()})
    bodies = {one.id: one for one in db.scalars(select(Organization).where(col(Organization.id).in_(wanted)))}
    for row in found.values():
        row.delegation, row.delegation_name = bodies[row.delegation_id].code, bodies[row.delegation_id].name
