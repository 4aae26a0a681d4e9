"""Questions about directives. Every answer knows only what the actor may know."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.directive import Coordination, Directive
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision
from workflow.moves import Phase
from workflow.standing import DELIVERY, DUE_ON, AsOf, Standing
from workflow.store.paging import Page, checked_limit, cut, position
from workflow.words import Texts

SORTS = ("due", "code")
FAR = date(9999, 12, 31)


@dataclass(frozen=True)
class Filter:
    """Every part narrows; `text` matches title, text and code, with or without accents."""

    supervision: str | None = None
    agency: str | None = None
    states: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()
    text: str | None = None


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
    key = _sort_key(as_of, sort)
    query = _narrowed(db, _rows(as_of, key), actor, as_of, wanted)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*_literals(sort, position(after, len(key)))))
    found = list(db.execute(query.order_by(*key).limit(checked_limit(limit) + 1)))
    width = len(key)
    return cut([_row(as_of, one[width:]) for one in found], [one[:width] for one in found], limit)


def counts(db: Session, actor: Actor, as_of: AsOf, wanted: Filter) -> dict[Standing, int]:
    """How many stand where; the parts add up to everything the filter finds."""
    standing = as_of.standing()
    columns: tuple[Any, ...] = (standing, func.count())
    query = select(*columns).select_from(Directive).outerjoin(*_delivery())
    found: dict[str, int] = {}
    for name, number in db.execute(_narrowed(db, query, actor, as_of, wanted).group_by(standing)):
        found[name] = number
    return {one: found[one.value] for one in Standing if one.value in found}


def get(db: Session, actor: Actor, code: str) -> Directive:
    found = db.scalar(select(Directive).where(col(Directive.code) == code, access.visible(actor)))
    if found is None:
        raise NotFound(what={"vi": "nhiệm vụ", "en": "Directive"}, code=code)
    return found


def row(db: Session, actor: Actor, as_of: AsOf, code: str) -> Row:
    query = _rows(as_of, ()).where(col(Directive.code) == code, access.visible(actor))
    found = db.execute(query).first()
    if found is None:
        raise NotFound(what={"vi": "nhiệm vụ", "en": "Directive"}, code=code)
    return _row(as_of, found)


def codes(db: Session, actor: Actor) -> set[str]:
    """Every directive this actor may know."""
    return set(db.scalars(select(col(Directive.code)).where(access.visible(actor))))


def coordinating(db: Session, directive: Directive) -> list[Organization]:
    query = select(Organization).join(Coordination, col(Coordination.organization_id) == col(Organization.id))
    query = query.where(col(Coordination.directive_id) == directive.id)
    return list(db.scalars(query.order_by(col(Organization.code))))


def _delivery() -> tuple[Any, ColumnElement[bool]]:
    return DELIVERY, DELIVERY.c.directive_id == col(Directive.id)


def _rows(as_of: AsOf, key: Sequence[SQLColumnExpression[Any]]) -> Select[Any]:
    return (
        select(
            *key,
            col(Directive.code),
            col(Directive.title),
            col(Supervision.code),
            col(Organization.code),
            col(Organization.name),
            col(Directive.state),
            DUE_ON,
            col(Directive.original_due_on),
            as_of.standing(),
            func.coalesce(DELIVERY.c.level, 0),
            col(Directive.rhythm),
            col(Directive.reported_on),
        )
        .select_from(Directive)
        .join(Supervision, col(Supervision.id) == col(Directive.supervision_id))
        .outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
        .outerjoin(*_delivery())
    )


def _row(as_of: AsOf, found: Sequence[Any]) -> Row:
    code, title, supervision, lead, lead_name, state, due_on, original, standing, level, rhythm, reported = (
        found
    )
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


def _sort_key(as_of: AsOf, sort: str) -> tuple[SQLColumnExpression[Any], ...]:
    """Open ones by date, then what is over; the code makes every key unique."""
    if sort == "code":
        return (col(Directive.code),)
    is_over = case((as_of.in_phase(Phase.CLOSED), literal(1)), else_=literal(0))
    return is_over, func.coalesce(DUE_ON, literal(FAR, Date)), col(Directive.code)


def _literals(sort: str, key: list[str]) -> list[Any]:
    if sort == "code":
        return [literal(key[0])]
    return [literal(int(key[0])), literal(date.fromisoformat(key[1]), Date), literal(key[2])]


def _narrowed(db: Session, query: Select[Any], actor: Actor, as_of: AsOf, wanted: Filter) -> Select[Any]:
    conditions = [access.visible(actor), *_conditions(as_of, wanted)]
    if wanted.text:
        conditions.append(col(Directive.id).in_(_matching(db, wanted.text, conditions)))
    return query.where(*conditions)


def _conditions(as_of: AsOf, wanted: Filter) -> Iterable[ColumnElement[bool]]:
    if wanted.supervision is not None:
        ours = select(col(Supervision.id)).where(col(Supervision.code) == wanted.supervision)
        yield col(Directive.supervision_id).in_(ours)
    if wanted.agency is not None:
        yield _of_agency(wanted.agency)
    if wanted.states:
        yield col(Directive.state).in_(wanted.states)
    if wanted.standings:
        yield as_of.standing().in_([one.value for one in wanted.standings])


def _of_agency(code: str) -> ColumnElement[bool]:
    """Led by this agency, or contributed to."""
    agency = select(col(Organization.id)).where(col(Organization.code) == code)
    contributes = exists().where(
        and_(
            col(Coordination.directive_id) == col(Directive.id),
            col(Coordination.organization_id).in_(agency),
        )
    )
    return or_(col(Directive.lead_id).in_(agency), contributes)


def _matching(db: Session, text: str, conditions: Iterable[ColumnElement[bool]]) -> list[int]:
    """Compared here and not by the database: no two of them fold Vietnamese accents alike."""
    sought = plain(text)
    columns = (col(Directive.id), col(Directive.code), col(Directive.title), col(Directive.text))
    query = select(*columns).select_from(Directive).outerjoin(*_delivery()).where(*conditions)
    return [found[0] for found in db.execute(query) if any(sought in plain(field) for field in found[1:])]


def plain(text: str) -> str:
    """Lower case without accents: `Khoáng sản` is found by `khoang san`."""
    parts = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(char for char in parts if not unicodedata.combining(char)).split())
