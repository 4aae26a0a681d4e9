"""Conclusions as a list: what became of the directives of each."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.models.directive import Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.supervision import Conclusion, ConclusionState, Supervision


@dataclass(frozen=True)
class ConclusionRow:
    code: str
    received_at: datetime
    state: ConclusionState
    source: str
    supervision: str
    drafts: int
    open: int
    closed: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def listed(db: Session, actor: Actor, limit: int = 200, after: str | None = None) -> list[ConclusionRow]:
    """Newest first, those of the actor's own delegation only; `after` is the code the page before ended with."""
    is_draft = col(Directive.state) == "draft"
    is_closed = col(Directive.closed_on).is_not(None)
    columns: tuple[Any, ...] = (
        Conclusion.code, Conclusion.received_at, Conclusion.state, Conclusion.source_name, Supervision.code,
        func.coalesce(func.sum(case((is_draft, 1), else_=0)), 0),
        func.coalesce(func.sum(case((is_draft | is_closed, 0), (col(Directive.id).is_not(None), 1), else_=0)), 0),
        func.coalesce(func.sum(case((is_closed, 1), else_=0)), 0),
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(Conclusion)
        .join(Supervision, col(Supervision.id) == col(Conclusion.supervision_id))
        .outerjoin(Directive, col(Directive.conclusion_id) == col(Conclusion.id))
        .group_by(col(Conclusion.id), col(Supervision.code))
        .order_by(col(Conclusion.id).desc())
        .limit(limit)
    )
    if not actor.sees_all:
        ours = actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
        query = query.where(col(Supervision.delegation_id).in_(sorted(ours)))
    if after is not None:
        last = select(col(Conclusion.id)).where(col(Conclusion.code) == after).scalar_subquery()
        query = query.where(col(Conclusion.id) < last)
    return [ConclusionRow(*row) for row in db.execute(query)]


def lead_names(db: Session, directives: Iterable[Directive]) -> dict[int, str]:
    ids = sorted({one.lead_id for one in directives if one.lead_id is not None})
    rows = db.execute(
        select(col(Organization.id), col(Organization.name)).where(col(Organization.id).in_(ids))
    )
    return {int(number): str(name) for number, name in rows}
