"""Questions about supervisions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlmodel import Session, col

from workflow import access
from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.directive import Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.supervision import Supervision
from workflow.moves import Phase
from workflow.standing import AsOf, Standing


@dataclass(frozen=True)
class Row:
    supervision: Supervision
    delegation: str
    directives: int
    open: int
    overdue: int


def all_rows(db: Session, actor: Actor, as_of: AsOf) -> list[Row]:
    return [Row(*found) for found in db.execute(_rows(actor, as_of).order_by(col(Supervision.code)))]


def get(db: Session, actor: Actor, as_of: AsOf, code: str) -> Row:
    found = db.execute(_rows(actor, as_of).where(col(Supervision.code) == code)).first()
    if found is None:
        raise NotFound(what={"vi": "cuộc giám sát", "en": "Supervision"}, code=code)
    return Row(*found)


def _rows(actor: Actor, as_of: AsOf) -> Any:
    """One row a supervision; only directives the actor may know are counted."""
    is_open = case((as_of.in_phase(Phase.OPEN, Phase.REVIEW, Phase.PAUSED), 1), else_=0)
    is_late = case((as_of.standing() == Standing.OVERDUE.value, 1), else_=0)
    known = and_(col(Directive.supervision_id) == col(Supervision.id), access.visible(actor))
    counted: tuple[Any, ...] = (
        func.count(col(Directive.id)),
        func.coalesce(func.sum(case((col(Directive.id).is_(None), 0), else_=is_open)), 0),
        func.coalesce(func.sum(case((col(Directive.id).is_(None), 0), else_=is_late)), 0),
    )
    columns: tuple[Any, ...] = (Supervision, col(Organization.name), *counted)
    return (
        select(*columns)
        .join(Organization, col(Organization.id) == col(Supervision.delegation_id))
        .outerjoin(Directive, known)
        .where(_visible(actor))
        .group_by(col(Supervision.id), col(Organization.name))
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    """A delegation's own, and those an agency was given something in."""
    if actor.sees_all:
        return true()
    ours = actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
    given = select(col(Directive.supervision_id)).where(access.visible(actor))
    return or_(col(Supervision.delegation_id).in_(sorted(ours)), col(Supervision.id).in_(given))
