"""One row for every issued directive, as it stood on the evening of a day: what all figures are counted from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, FromClause, Select, case, func, select, union
from sqlmodel import col

from workflow import asof
from workflow.access import Actor, visible
from workflow.figures.rules import RulesOn
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision
from workflow.moves import Phase

GRANT = "grant_extension"


@dataclass(frozen=True)
class Ledger:
    """Columns of the folded rows. `lead` and `supervision` may be selected from the joined tables."""

    source: FromClause
    directive_id: Any
    state: Any
    entered_on: Any
    rhythm: Any
    issued_on: Any
    due_on: Any
    original_due_on: Any
    reported_on: Any
    lead_id: Any
    level: Any
    extensions: Any

    def select(self, actor: Actor, rules: RulesOn, *columns: Any) -> Select[Any]:
        """These columns of every directive the actor may know that was issued by that evening."""
        drafts = rules.states_in(Phase.DRAFT)
        return (
            select(*columns)
            .select_from(self.source)
            .where(visible(actor), self.issued_on.is_not(None), self.state.not_in(drafts))
        )


def ledger(on: date, agency: str | None = None) -> Ledger:
    """`agency`: only what this body may have led then has to be folded; the caller still asks whether it did."""
    among = None if agency is None else _ever_led_by(agency)
    folded, later = asof.directives_at(on, among), _granted_after(on)
    lead_id = func.coalesce(folded.c.lead_id, col(Directive.lead_id))
    source = (
        folded.join(Directive, col(Directive.id) == folded.c.directive_id)
        .join(Supervision, col(Supervision.id) == col(Directive.supervision_id))
        .outerjoin(Organization, col(Organization.id) == lead_id)
        .outerjoin(later, later.c.directive_id == folded.c.directive_id)
    )
    period = case((col(Directive.rhythm).is_not(None), folded.c.due_on), else_=None)
    return Ledger(
        source=source,
        directive_id=folded.c.directive_id,
        state=folded.c.state,
        entered_on=folded.c.entered_on,
        rhythm=col(Directive.rhythm),
        issued_on=folded.c.issued_on,
        due_on=folded.c.due_on,
        original_due_on=func.coalesce(period, folded.c.first_due_on, folded.c.due_on),
        reported_on=folded.c.reported_on,
        lead_id=lead_id,
        level=folded.c.level,
        extensions=col(Directive.extensions) - func.coalesce(later.c.granted, 0),
    )


def _ever_led_by(agency: str) -> CompoundSelect[Any]:
    """Who led on a past evening is who owed the delivery then; without one, who leads now."""
    body = select(col(Organization.id)).where(col(Organization.code) == agency).scalar_subquery()
    owed: tuple[Any, ...] = (col(Obligation.directive_id),)
    return union(
        select(col(Directive.id)).where(col(Directive.lead_id) == body),
        select(*owed).where(col(Obligation.owed_by_id) == body),
    )


def _granted_after(on: date) -> Any:
    return (
        select(col(Event.directive_id), func.count().label("granted"))
        .where(col(Event.act) == GRANT, col(Event.on) > on)
        .group_by(col(Event.directive_id))
        .subquery("granted_later")
    )
