"""What a person may choose from: agencies, supervisions. Only those behind directives they may see."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.models.directive import Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.supervision import Supervision

AT_MOST = 500
NEWEST = 200


def agencies(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of lead agencies, by name."""
    leads = _behind(actor, col(Directive.lead_id), col(Organization.id))
    query = select(col(Organization.code), col(Organization.name)).where(leads)
    return [(code, name) for code, name in db.execute(query.order_by(col(Organization.name)).limit(AT_MOST))]


def supervisions(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """(code, subject), newest first."""
    seen = _behind(actor, col(Directive.supervision_id), col(Supervision.id))
    query = select(col(Supervision.code), col(Supervision.subject)).where(seen)
    rows = db.execute(query.order_by(col(Supervision.id).desc()).limit(NEWEST))
    return [(code, subject) for code, subject in rows]


def _behind(
    actor: Actor, named: SQLColumnExpression[Any], key: SQLColumnExpression[Any]
) -> ColumnElement[bool]:
    """What some directive the actor may see names: of many the first is found at once, of few all are read."""
    if actor.sees_much:
        return exists().where(named == key, visible(actor))
    return key.in_(select(named).where(visible(actor)))


def all_agencies(db: Session) -> list[tuple[str, str]]:
    """Every body a directive may be given to, for those who give directives."""
    query = select(col(Organization.code), col(Organization.name))
    query = query.where(col(Organization.kind) != OrganizationKind.DELEGATION)
    return [(code, name) for code, name in db.execute(query.order_by(col(Organization.name)))]


def lead_codes(db: Session, directives: list[Directive]) -> list[tuple[int, str]]:
    """(id, code) of the agencies that lead these directives."""
    ids = sorted({one.lead_id for one in directives if one.lead_id is not None})
    rows = db.execute(
        select(col(Organization.id), col(Organization.code)).where(col(Organization.id).in_(ids))
    )
    return [(body_id, code) for body_id, code in rows]


def names_of(db: Session, ids: list[int | None]) -> dict[int, str]:
    wanted = sorted({one for one in ids if one is not None})
    rows = db.execute(
        select(col(Organization.id), col(Organization.name)).where(col(Organization.id).in_(wanted))
    )
    return {row[0]: row[1] for row in rows}
