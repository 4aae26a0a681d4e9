"""What narrows a list of directives: each part a condition, all of them together an AND."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, or_, select, text
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.ladder import ObligationKind
from workflow.models.directive import NO_DAY, Coordination, Directive
from workflow.models.event import Event
from workflow.models.obligation import CLIMBED, Obligation, ObligationStatus
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision
from workflow.moves import Phase
from workflow.standing import AsOf, Standing
from workflow.store.search import matching


class Clock(StrEnum):
    """What kind of time a directive has."""

    DATED = "dated"
    RECURRING = "recurring"
    UNDATED = "undated"


OVER = (Standing.DONE, Standing.ENDED)


@dataclass(frozen=True)
class Filter:
    """Every part narrows. `text` needs no accents; the days of `due_from` and `due_until` are included.

    `mine`: what the actor's own bodies owe now. `silent_days`: open for so long without a word of the agency.
    """

    supervision: str | None = None
    agency: str | None = None
    states: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()
    text: str | None = None
    due_from: date | None = None
    due_until: date | None = None
    level: int | None = None
    clock: Clock | None = None
    mine: bool = False
    silent_days: int | None = None

    @property
    def is_mixed(self) -> bool:
        """Does it find both what is open and what is over?"""
        over = [one in OVER for one in self.standings]
        return not over or any(over) != all(over)


def conditions(db: Session, actor: Actor, as_of: AsOf, wanted: Filter) -> list[ColumnElement[bool]]:
    """First of all: what this actor may know."""
    found = [access.visible(actor), *_where(wanted), *_when(as_of, wanted), *_who(actor, as_of, wanted)]
    return [*found, matching(db, actor, wanted.text)] if wanted.text else found


def _where(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.supervision is not None:
        ours = select(col(Supervision.id)).where(col(Supervision.code) == wanted.supervision)
        yield col(Directive.supervision_id).in_(ours)
    if wanted.agency is not None:
        yield _of_agency(wanted.agency)
    if wanted.states:
        yield col(Directive.state).in_(wanted.states)


def _when(as_of: AsOf, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.standings:
        yield as_of.standing().in_([one.value for one in wanted.standings])
        yield from _bounds(as_of, wanted.standings)
    if wanted.due_from is not None:
        yield col(Directive.next_on) >= wanted.due_from
    if wanted.due_until is not None:
        yield col(Directive.next_on) <= wanted.due_until
    if wanted.clock is not None:
        yield _has_clock(wanted.clock)


def _bounds(as_of: AsOf, standings: tuple[Standing, ...]) -> Iterator[ColumnElement[bool]]:
    """Nothing new, only said in columns an index knows."""
    if set(standings) <= {Standing.OVERDUE}:
        yield col(Directive.next_on) < as_of.today
    elif set(standings) <= {Standing.OVERDUE, Standing.TODAY, Standing.SOON}:
        yield col(Directive.next_on) <= as_of.soon_until
    if not set(standings) & set(OVER):
        yield ~as_of.in_phase(Phase.CLOSED)


def _has_clock(clock: Clock) -> ColumnElement[bool]:
    if clock is Clock.RECURRING:
        return col(Directive.rhythm).is_not(None)
    dated = col(Directive.next_on) < NO_DAY if clock is Clock.DATED else col(Directive.next_on) == NO_DAY
    return dated & col(Directive.rhythm).is_(None)


def _who(actor: Actor, as_of: AsOf, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.level is not None:
        climbed = select(col(Obligation.directive_id)).where(
            text(f"obligation.{CLIMBED.text.replace('AND ', 'AND obligation.')}"),
            col(Obligation.level) == wanted.level,
            col(Obligation.kind) == ObligationKind.DELIVER,
        )
        yield col(Directive.id).in_(climbed)
    if wanted.mine:
        owed = select(col(Obligation.directive_id)).where(
            col(Obligation.status) == ObligationStatus.RUNNING,
            col(Obligation.owed_by_id).in_(sorted(actor.organizations())),
        )
        yield col(Directive.id).in_(owed)
    if wanted.silent_days is not None:
        yield from _silent(as_of, as_of.today - timedelta(days=wanted.silent_days))


def _silent(as_of: AsOf, since: date) -> Iterator[ColumnElement[bool]]:
    spoke = exists().where(
        col(Event.directive_id) == col(Directive.id),
        col(Event.on) > since,
        col(Event.act).in_(sorted(as_of.answers)),
    )
    yield as_of.in_phase(Phase.OPEN)
    yield col(Directive.issued_on) <= since
    yield ~spoke


def _of_agency(code: str) -> ColumnElement[bool]:
    """Led by this agency, or contributed to."""
    agency = select(col(Organization.id)).where(col(Organization.code) == code).scalar_subquery()
    helped = select(col(Coordination.directive_id)).where(col(Coordination.organization_id) == agency)
    return or_(col(Directive.lead_id) == agency, col(Directive.id).in_(helped))
