"""Counting the cells: in one statement for the whole, in one for each table. What does not add up is not shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, case, func, literal, null, select
from sqlmodel import Session

from workflow.access import Actor
from workflow.errors import WorkflowError
from workflow.figures.cells import SUMS, Basis, Cell, Figure, cell
from workflow.figures.ledger import ledger
from workflow.figures.rules import RulesOn
from workflow.figures.scope import Dimension, Scope, key_of, title_of_key

FEW = 5


class FiguresDiffer(WorkflowError):
    """A fault of ours, never of the data: the cells must hold every directive exactly once."""

    sentences = {
        "vi": "Số liệu không khớp: cộng các ô được {sum}, đếm trực tiếp được {total}. Báo cáo không được lập.",
        "en": "The figures do not add up: the cells give {sum}, counting gives {total}. No report was made.",
    }
    http_status = 500


@dataclass(frozen=True)
class Share:
    """A part and what it is a part of; never a percentage without its two counts."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """One decimal; None where fewer than five would make it say more than is known."""
        return round(100 * self.part / self.whole, 1) if self.whole >= FEW else None


@dataclass(frozen=True)
class Counts:
    """Of one scope: each cell, and what is summed from them. `extended` directives, `extensions` in all."""

    scope: Scope
    cells: Mapping[Cell, int]
    extended: int = 0
    extensions: int = 0
    key: str = ""
    title: str = ""

    def __getitem__(self, name: Cell | Figure) -> int:
        if isinstance(name, Figure):
            return sum(self.cells.get(one, 0) for one in SUMS[name])
        return self.cells.get(name, 0)

    def link(self, name: Cell | Figure) -> str:
        return self.scope.link(name.value)

    @property
    def of_due(self) -> Share:
        """Done on time, of those whose day has come: done ones with a date, and overdue ones."""
        return Share(self[Cell.DONE_ON_TIME], self[Figure.DUE])

    @property
    def of_all(self) -> Share:
        """Done, on time or not, of all that was issued."""
        return Share(self[Figure.DONE], self[Figure.TOTAL])


def whole(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> Counts:
    """Raises FiguresDiffer when the cells do not sum to a count made without them."""
    return _whole(db, actor, rules, scope, _counted(db, actor, rules, scope))


def by_both(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> tuple[Counts, Counts]:
    """The same directives by the date as extended and by the date first set, counted once without cells."""
    total = _counted(db, actor, rules, scope)
    revised, original = (_whole(db, actor, rules, scope.by_basis(basis), total) for basis in Basis)
    return revised, original


def _counted(db: Session, actor: Actor, rules: RulesOn, scope: Scope) -> int:
    book = ledger(scope.on, scope.led_by)
    query = book.select(actor, rules, func.count()).where(*scope.conditions(book, rules))
    return int(db.scalar(query) or 0)


def _whole(db: Session, actor: Actor, rules: RulesOn, scope: Scope, total: int) -> Counts:
    found = _grouped(db, actor, rules, scope, None)
    counts = found[0] if found else Counts(scope, {})
    if counts[Figure.TOTAL] != total:
        raise FiguresDiffer(sum=counts[Figure.TOTAL], total=total)
    return counts


def table(
    db: Session, actor: Actor, rules: RulesOn, scope: Scope, by: Dimension, total: Counts | None = None
) -> tuple[list[Counts], Counts]:
    """One row for each key, and the whole: raises FiguresDiffer unless every column sums to the whole's.

    `total` is the whole of the same scope, where it was counted already.
    """
    rows = _grouped(db, actor, rules, scope, by)
    total = total or whole(db, actor, rules, scope)
    for one in Cell:
        if (summed := sum(row[one] for row in rows)) != total[one]:
            raise FiguresDiffer(sum=summed, total=total[one])
    return rows, total


def _grouped(db: Session, actor: Actor, rules: RulesOn, scope: Scope, by: Dimension | None) -> list[Counts]:
    book = ledger(scope.on, scope.led_by)
    key: Any = literal("") if by is None else key_of(by, book)
    title: Any = null() if by is None else title_of_key(by)
    inner = book.select(
        actor, rules, key.label("key"), title.label("title"),
        cell(book, rules, scope.basis).label("cell"), book.extensions.label("extensions"),
    ).where(*scope.conditions(book, rules))  # fmt: skip
    rows = inner.subquery("cells")
    query = _sums(rows)
    return _assembled(scope, by, list(db.execute(query)))


def _sums(rows: Subquery) -> Select[Any]:
    return (
        select(
            rows.c.key, func.max(rows.c.title), rows.c.cell, func.count(),
            func.sum(case((rows.c.extensions > 0, 1), else_=0)), func.sum(rows.c.extensions),
        )
        .group_by(rows.c.key, rows.c.cell)
        .order_by(rows.c.key)
    )  # fmt: skip


def _assembled(scope: Scope, by: Dimension | None, found: list[Any]) -> list[Counts]:
    cells: dict[str, dict[Cell, int]] = {}
    facts: dict[str, tuple[str, int, int]] = {}
    for key, title, name, number, extended, extensions in found:
        cells.setdefault(key, {})[Cell(name)] = number
        _, more, times = facts.get(key, ("", 0, 0))
        facts[key] = (title or key, more + int(extended), times + int(extensions))
    return [
        Counts(scope if by is None else scope.of(by, key), parts, *facts[key][1:], key, facts[key][0])
        for key, parts in cells.items()
    ]
