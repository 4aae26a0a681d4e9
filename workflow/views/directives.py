"""Lists of directives: filtered, sorted, counted, page by page; only what the actor may see."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, and_, func, literal, or_, select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.models.directive import Directive
from workflow.models.organization import Organization
from workflow.models.supervision import Supervision
from workflow.moves import Phase
from workflow.views.folding import contains
from workflow.views.standing import (
    GROUPS,
    NO_DAY,
    Group,
    Rules,
    Standing,
    due_expression,
    level_expression,
    standing_expression,
)

PAGE = 50
SORTS = ("due", "code", "changed")


@dataclass(frozen=True)
class Wanted:
    """What to list. `group` and `standings` narrow by deadline, `states` by work state."""

    text: str = ""
    group: Group | None = None
    standing: Standing | None = None
    state: str | None = None
    agency: str | None = None
    supervision: str | None = None
    level: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    sort: str = "due"
    descending: bool = False
    after: str | None = None
    only_open: bool = False


@dataclass(frozen=True)
class Line:
    """One row of a list. `days` counts to the due day; `level` is 0 until it has climbed."""

    code: str
    title: str
    agency: str | None
    supervision: str
    state: dict[str, str]
    standing: Standing
    due_on: date | None
    days: int | None
    level: int
    rhythm: str | None
    reported_on: date | None
    closed_on: date | None
    original_due_on: date | None
    is_secret: bool
    issued_on: date | None


@dataclass(frozen=True)
class Listing:
    lines: list[Line]
    total: int
    next: str | None
    wanted: Wanted = field(default_factory=Wanted)


def listing(
    db: Session, actor: Actor, rules: Rules, today: date, wanted: Wanted, *, limit: int = PAGE
) -> Listing:
    """One page. Two queries, whatever the number of rows."""
    conditions = _conditions(db, actor, rules, today, wanted)
    count = select(func.count()).select_from(Directive).join(_supervised(), _ours()).outerjoin(*_lead())
    total = db.scalar(count.where(*conditions)) or 0
    key = _sort_key(wanted.sort)
    rows = db.execute(
        select(*_columns(rules, today), key.label("place"))
        .select_from(Directive)
        .join(_supervised(), _ours())
        .outerjoin(*_lead())
        .where(*conditions, *_after(wanted, key))
        .order_by(*_order(wanted, key))
        .limit(limit + 1)
    ).all()
    more = _cursor(rows[limit - 1]) if len(rows) > limit else None
    return Listing([_line(row, rules, today) for row in rows[:limit]], total, more, wanted)


def lines_of(db: Session, actor: Actor, rules: Rules, today: date, ids: list[int]) -> dict[int, Line]:
    """These directives, as far as the actor may see them."""
    query = select(*_columns(rules, today)).select_from(Directive).join(_supervised(), _ours())
    rows = db.execute(
        query.outerjoin(*_lead()).where(visible(actor), col(Directive.id).in_(sorted(set(ids))))
    )
    return {row.id: _line(row, rules, today) for row in rows}


def counts(db: Session, actor: Actor, rules: Rules, today: date) -> dict[Group, int]:
    """The five counts; they add up to every issued directive this actor may see."""
    standing = standing_expression(rules, today).label("standing")
    rows = db.execute(
        select(standing, func.count())
        .select_from(Directive)
        .where(visible(actor), col(Directive.issued_on).is_not(None))
        .group_by(standing)
    )
    found: Mapping[str, int] = {row[0]: row[1] for row in rows}
    return {group: sum(found.get(one.value, 0) for one in members) for group, members in GROUPS.items()}


def _conditions(
    db: Session, actor: Actor, rules: Rules, today: date, wanted: Wanted
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [visible(actor)]
    standing = standing_expression(rules, today)
    due = due_expression()
    if wanted.only_open:
        found.append(col(Directive.state).not_in([*rules.states(Phase.CLOSED), *rules.states(Phase.DRAFT)]))
    if wanted.text:
        found.append(_matches(db, wanted.text))
    if wanted.group is not None:
        found += [
            standing.in_([one.value for one in GROUPS[wanted.group]]),
            col(Directive.issued_on).is_not(None),
        ]
    if wanted.standing is not None:
        found.append(standing == wanted.standing.value)
    if wanted.state:
        found.append(col(Directive.state) == wanted.state)
    if wanted.agency:
        found.append(col(Organization.code) == wanted.agency)
    if wanted.supervision:
        found.append(col(Supervision.code) == wanted.supervision)
    if wanted.level is not None:
        found.append(level_expression() == wanted.level)
    if wanted.due_from is not None:
        found.append(due >= wanted.due_from)
    if wanted.due_to is not None:
        found.append(due <= wanted.due_to)
    return found


def _matches(db: Session, text: str) -> ColumnElement[bool]:
    columns = (Directive.code, Directive.title, Directive.text, Organization.name)
    return or_(*(contains(db, col(column), text) for column in columns))


def _columns(rules: Rules, today: date) -> tuple[Any, ...]:
    return (
        col(Directive.id), col(Directive.code), col(Directive.title), col(Directive.state),
        col(Directive.rhythm), col(Directive.reported_on), col(Directive.closed_on),
        col(Directive.original_due_on), col(Directive.is_secret), col(Directive.issued_on),
        col(Organization.name).label("agency"), col(Supervision.code).label("supervision"),
        due_expression().label("due_on"), level_expression().label("level"),
        standing_expression(rules, today).label("standing"),
    )  # fmt: skip


def _supervised() -> Any:
    return Supervision


def _ours() -> ColumnElement[bool]:
    return col(Supervision.id) == col(Directive.supervision_id)


def _lead() -> tuple[Any, ColumnElement[bool]]:
    return Organization, col(Organization.id) == col(Directive.lead_id)


def _sort_key(sort: str) -> SQLColumnExpression[Any]:
    if sort == "code":
        return col(Directive.code)
    if sort == "changed":
        return col(Directive.id)
    return func.coalesce(due_expression(), literal(NO_DAY))


def _order(wanted: Wanted, key: SQLColumnExpression[Any]) -> list[Any]:
    columns = [key, col(Directive.id)]
    return [column.desc() if wanted.descending else column.asc() for column in columns]


def _after(wanted: Wanted, key: SQLColumnExpression[Any]) -> list[ColumnElement[bool]]:
    """Rows behind the last one seen: stays right while others are added."""
    place = _place(wanted)
    if place is None:
        return []
    value, last_id = place
    same = key == value
    if wanted.descending:
        return [or_(key < value, and_(same, col(Directive.id) < last_id))]
    return [or_(key > value, and_(same, col(Directive.id) > last_id))]


def _cursor(row: Row[Any]) -> str:
    value = row.place.isoformat() if isinstance(row.place, date) else str(row.place)
    return base64.urlsafe_b64encode(f"{row.id}|{value}".encode()).decode().rstrip("=")


def _place(wanted: Wanted) -> tuple[Any, int] | None:
    """What the cursor says; None for the first page, and for a cursor that was tampered with."""
    if not wanted.after:
        return None
    try:
        text = base64.urlsafe_b64decode(wanted.after + "=" * (-len(wanted.after) % 4)).decode()
        number, _, value = text.partition("|")
        if wanted.sort == "due":
            return date.fromisoformat(value), int(number)
        return (int(value) if wanted.sort == "changed" else value), int(number)
    except (ValueError, binascii.Error):
        return None


def _line(row: Row[Any], rules: Rules, today: date) -> Line:
    due_on = date.fromisoformat(row.due_on) if isinstance(row.due_on, str) else row.due_on
    state = rules.lifecycle.states.get(row.state)
    return Line(
        code=row.code,
        title=row.title,
        agency=row.agency,
        supervision=row.supervision,
        state=state.title if state else {"vi": row.state, "en": row.state},
        standing=Standing(row.standing),
        due_on=due_on,
        days=rules.days_until(due_on, today) if due_on else None,
        level=row.level,
        rhythm=row.rhythm,
        reported_on=row.reported_on,
        closed_on=row.closed_on,
        original_due_on=row.original_due_on,
        is_secret=row.is_secret,
        issued_on=row.issued_on,
    )
