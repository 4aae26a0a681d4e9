"""The days ahead: what falls due, for whom."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus

AT_MOST = 200


@dataclass(frozen=True)
class Entry:
    on: date
    kind: ObligationKind
    code: str
    title: str


def ahead(
    db: Session, actor: Actor, first: date, last: date, *, limit: int = AT_MOST
) -> dict[date, list[Entry]]:
    """Days with something due from `first` to `last`, both included, in order."""
    columns: tuple[Any, ...] = (
        col(Obligation.due_on), col(Obligation.kind), col(Directive.code), col(Directive.title),
    )  # fmt: skip
    running = col(Obligation.status) == ObligationStatus.RUNNING
    rows = db.execute(
        select(*columns)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(running, visible(actor), col(Obligation.due_on).between(first, last))
        .order_by(col(Obligation.due_on), col(Directive.code), col(Obligation.id))
        .limit(limit)
    )
    days: dict[date, list[Entry]] = {}
    for on, kind, code, title in rows:
        days.setdefault(on, []).append(Entry(on, kind, code, title))
    return days
