"""Questions about who owes what."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from workflow.models.directive import Directive
from workflow.models.extension import Extension, ExtensionStatus
from workflow.models.obligation import Obligation
from workflow.models.organization import Organization


@dataclass(frozen=True)
class Owed:
    obligation: Obligation
    by: str
    to: str


def of_directive(db: Session, directive: Directive) -> list[Owed]:
    """Oldest first; the directive itself was found through access."""
    debtor: Any = aliased(Organization)
    creditor: Any = aliased(Organization)
    columns: tuple[Any, ...] = (Obligation, debtor.name, creditor.name)
    query = (
        select(*columns)
        .join(debtor, debtor.id == col(Obligation.owed_by_id))
        .join(creditor, creditor.id == col(Obligation.owed_to_id))
        .where(col(Obligation.directive_id) == directive.id)
    )
    return [Owed(*row) for row in db.execute(query.order_by(col(Obligation.id)))]


def extensions(db: Session, directive: Directive) -> list[Extension]:
    query = select(Extension).where(col(Extension.directive_id) == directive.id)
    return list(db.scalars(query.order_by(col(Extension.id))))


def asked_extension(db: Session, directive: Directive) -> Extension | None:
    asked = [one for one in extensions(db, directive) if one.status is ExtensionStatus.ASKED]
    return asked[-1] if asked else None
