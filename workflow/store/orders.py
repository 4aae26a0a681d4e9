"""The orders a list may have: which keys, which way round, and how a page goes on after its last row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, func, literal, not_, select, tuple_
from sqlmodel import Session, col

from workflow.models.directive import Directive
from workflow.models.organization import Organization
from workflow.moves import Phase
from workflow.standing import AsOf
from workflow.store.paging import cursor, position, unknown

COLUMNS: dict[str, tuple[Any, ...]] = {
    "due": (col(Directive.next_on),),
    "code": (),
    "title": (col(Directive.title),),
    "lead": (func.coalesce(col(Organization.name), ""), col(Directive.next_on)),
}
SORTS = (*COLUMNS, *(f"-{name}" for name in COLUMNS))


@dataclass(frozen=True)
class Order:
    """`keys` end in the code, so that no two rows are alike. By date what is over comes last, in either direction."""

    keys: tuple[Any, ...]
    is_reversed: bool
    parts: tuple[ColumnElement[bool] | None, ...]
    needs_lead: bool

    @classmethod
    def of(cls, sort: str, as_of: AsOf, *, is_mixed: bool = True) -> "Order":
        """`is_mixed`: what is over may stand beside what is open."""
        name = sort.removeprefix("-")
        is_over = as_of.in_phase(Phase.CLOSED)
        parts = (not_(is_over), is_over) if name == "due" and is_mixed else (None,)
        return cls((*COLUMNS[name], col(Directive.code)), sort.startswith("-"), parts, name == "lead")

    def page(
        self, db: Session, conditions: Sequence[ColumnElement[bool]], limit: int, after: str | None
    ) -> tuple[list[int], str | None]:
        """The ids of one page, and the cursor of the next when there is one."""
        part, key = self._begin(after)
        found: list[tuple[int, tuple[Any, ...]]] = []
        while part < len(self.parts) and len(found) <= limit:
            query = self._part(part, conditions, key).limit(limit + 1 - len(found))
            found += [(one[0], (part, *one[1:])) for one in db.execute(query)]
            part, key = part + 1, None
        next_page = cursor(found[limit - 1][1]) if len(found) > limit else None
        return [one for one, _ in found[:limit]], next_page

    def _begin(self, after: str | None) -> tuple[int, list[str] | None]:
        if after is None:
            return 0, None
        first, *key = position(after, len(self.keys) + 1)
        return int(first) if first.isdecimal() else 0, key

    def _part(
        self, part: int, conditions: Sequence[ColumnElement[bool]], key: list[str] | None
    ) -> Select[Any]:
        query = select(col(Directive.id), *self.keys).where(*conditions)
        if self.needs_lead:
            query = query.outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
        which = self.parts[part]
        if which is not None:
            query = query.where(which)
        if key is not None:
            here, seen = tuple_(*self.keys), tuple_(*map(_literal, self.keys, key))
            query = query.where(here < seen if self.is_reversed else here > seen)
        return query.order_by(*(one.desc() if self.is_reversed else one for one in self.keys))


def _literal(column: Any, said: str) -> ColumnElement[Any]:
    if not isinstance(column.type, Date):
        return literal(said, String)
    try:
        return literal(date.fromisoformat(said), Date)
    except ValueError:
        raise unknown(said) from None
