"""Questions about directives. Every answer knows only what the actor may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.directive import NO_DAY, Coordination, Directive
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision
from workflow.standing import LEVEL, AsOf, Standing
from workflow.store.filters import Filter, conditions
from workflow.store.orders import Order
from workflow.store.paging import Page, checked_limit
from workflow.words import Texts

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Row:
    """`due_on` is what the lead owes next: for a rhythm its oldest open period. `days` counts as the policy does."""

    code: str
    title: str
    supervision: str
    lead: str | None
    lead_name: str | None
    state: str
    state_title: Texts
    due_on: date | None
    original_due_on: date | None
    days: int | None
    standing: Standing
    level: int
    rhythm: str | None
    reported_on: date | None

    @property
    def on_time(self) -> bool | None:
        """Of a dated directive that is done: was the accepted report in time?"""
        if self.standing is not Standing.DONE or self.due_on is None or self.reported_on is None:
            return None
        return self.reported_on <= self.due_on


@dataclass(frozen=True)
class Listed:
    """One page and what the whole list holds, by standing."""

    page: Page[Row]
    counts: dict[Standing, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def listed(
    db: Session,
    actor: Actor,
    as_of: AsOf,
    wanted: Filter,
    *,
    sort: str = "due",
    limit: int = 50,
    after: str | None = None,
) -> Listed:
    """A page and its counts: what is sought is looked up once for both."""
    narrowed = conditions(db, actor, as_of, wanted)
    order = Order.of(sort, as_of, is_mixed=wanted.is_mixed)
    return Listed(_page(db, as_of, narrowed, order, limit, after), _counts(db, as_of, narrowed))


def page(
    db: Session,
    actor: Actor,
    as_of: AsOf,
    wanted: Filter,
    *,
    sort: str = "due",
    limit: int = 50,
    after: str | None = None,
) -> Page[Row]:
    order = Order.of(sort, as_of, is_mixed=wanted.is_mixed)
    return _page(db, as_of, conditions(db, actor, as_of, wanted), order, limit, after)


def _page(
    db: Session, as_of: AsOf, narrowed: Conditions, order: Order, limit: int, after: str | None
) -> Page[Row]:
    """Keys first, from an index; then the rows of this page alone."""
    ids, cursor = order.page(db, narrowed, checked_limit(limit), after)
    if not ids:
        return Page((), cursor)
    found = {one[0]: one[1:] for one in db.execute(_rows(as_of).where(col(Directive.id).in_(ids)))}
    return Page(tuple(_row(as_of, found[one]) for one in ids), cursor)


def counts(db: Session, actor: Actor, as_of: AsOf, wanted: Filter) -> dict[Standing, int]:
    """How many stand where; the parts add up to everything the filter finds."""
    return _counts(db, as_of, conditions(db, actor, as_of, wanted))


def _counts(db: Session, as_of: AsOf, narrowed: Conditions) -> dict[Standing, int]:
    alike: tuple[Any, ...] = (col(Directive.state), col(Directive.next_on), col(Directive.rhythm))
    of_each: tuple[Any, ...] = (*alike, func.count().label("number"))
    few = select(*of_each).where(*narrowed).group_by(*alike).subquery()
    standing = as_of.standing(few.c)
    totals: tuple[Any, ...] = (standing, func.sum(few.c.number))
    found = {name: int(number) for name, number in db.execute(select(*totals).group_by(standing))}
    return {one: found[one.value] for one in Standing if one.value in found}


def get(db: Session, actor: Actor, code: str) -> Directive:
    found = db.scalar(select(Directive).where(col(Directive.code) == code, access.visible(actor)))
    if found is None:
        raise NotFound(what={"vi": "nhiệm vụ", "en": "Directive"}, code=code)
    return found


def row(db: Session, actor: Actor, as_of: AsOf, code: str) -> Row:
    query = _rows(as_of).where(col(Directive.code) == code, access.visible(actor))
    found = db.execute(query).first()
    if found is None:
        raise NotFound(what={"vi": "nhiệm vụ", "en": "Directive"}, code=code)
    return _row(as_of, found[1:])


def rows_of(db: Session, actor: Actor, as_of: AsOf, codes: Sequence[str]) -> list[Row]:
    """Those of these codes this actor may know, in the order given."""
    query = _rows(as_of).where(col(Directive.code).in_(codes), access.visible(actor))
    found = {one[1]: _row(as_of, one[1:]) for one in db.execute(query)}
    return [found[code] for code in codes if code in found]


def codes(db: Session, actor: Actor) -> set[str]:
    """Every directive this actor may know."""
    return set(db.scalars(select(col(Directive.code)).where(access.visible(actor))))


def coordinating(db: Session, directive: Directive) -> list[Organization]:
    query = select(Organization).join(Coordination, col(Coordination.organization_id) == col(Organization.id))
    query = query.where(col(Coordination.directive_id) == directive.id)
    return list(db.scalars(query.order_by(col(Organization.code))))


def _rows(as_of: AsOf) -> Select[Any]:
    columns: tuple[ColumnElement[Any], ...] = (
        col(Directive.id), col(Directive.code), col(Directive.title), col(Supervision.code), col(Organization.code),
        col(Organization.name), col(Directive.state), col(Directive.next_on), col(Directive.original_due_on),
        as_of.standing(), LEVEL, col(Directive.rhythm), col(Directive.reported_on),
    )  # type: ignore[assignment]  # fmt: skip
    return (
        select(*columns)
        .select_from(Directive)
        .join(Supervision, col(Supervision.id) == col(Directive.supervision_id))
        .outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
    )


def _row(as_of: AsOf, found: Sequence[Any]) -> Row:
    code, title, supervision, lead, lead_name, state, next_on, original, standing, level, rhythm, reported = (
        found
    )
    due_on = None if next_on == NO_DAY else next_on
    is_open = Standing(standing) not in (Standing.DONE, Standing.ENDED, Standing.DRAFT)
    return Row(
        code=code,
        title=title,
        supervision=supervision,
        lead=lead,
        lead_name=lead_name,
        state=state,
        state_title=as_of.states.get(state, {"vi": state, "en": state}),
        due_on=due_on,
        original_due_on=original,
        days=as_of.days(due_on) if is_open else None,
        standing=Standing(standing),
        level=level,
        rhythm=rhythm,
        reported_on=reported,
    )
