"""Names behind the codes a report is narrowed by; what the actor may not know is not found."""

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.errors import NotFound
from workflow.figures.scope import NONE, Scope
from workflow.models.directive import Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.supervision import Supervision
from workflow.words import pair


def check_known(db: Session, actor: Actor, scope: Scope) -> None:
    """Raises NotFound for an agency or supervision that is unknown, or not the actor's to know."""
    if scope.agency not in (None, NONE) and not _leads(db, actor, str(scope.agency)):
        raise NotFound(what=pair("cơ quan", "Agency"), code=scope.agency)
    if scope.supervision is not None and body_of(db, actor, scope.supervision) is None:
        raise NotFound(what=pair("cuộc giám sát", "Supervision"), code=scope.supervision)


def body_of(db: Session, actor: Actor, supervision: str | None) -> str | None:
    """The delegation whose supervision it is: who signs its reports."""
    query = (
        select(col(Organization.name), col(Supervision.id), col(Organization.id))
        .join(Supervision, col(Supervision.delegation_id) == col(Organization.id))
        .where(col(Supervision.code) == supervision)
    )
    found = db.execute(query).first()
    if found is None:
        return None
    name, supervision_id, body_id = found
    ours = actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
    known = (
        select(col(Directive.id))
        .where(col(Directive.supervision_id) == supervision_id, visible(actor))
        .limit(1)
    )
    if actor.sees_all or body_id in ours or db.scalar(known) is not None:
        return str(name)
    return None


def _leads(db: Session, actor: Actor, agency: str) -> bool:
    body = db.scalar(select(col(Organization.id)).where(col(Organization.code) == agency))
    if body is None:
        return False
    known = select(col(Directive.id)).where(col(Directive.lead_id) == body, visible(actor)).limit(1)
    return actor.sees_all or body in actor.organizations() or db.scalar(known) is not None
