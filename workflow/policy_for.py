"""The version of the policy a directive is issued under."""

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.models.directive import Directive
from workflow.models.policy_choice import PolicyChoice, Scope
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.models.supervision import Supervision


def policy_for(db: Session, directive: Directive) -> RuleVersion:
    """The first scope that fits decides: supervision, urgency, programme; else the default policy."""
    known = {(one.scope, one.value): one.policy for one in db.scalars(select(PolicyChoice))}
    name = next((known[fit] for fit in _fits(db, directive) if fit in known), None) if known else None
    return rulebook.active(db, RuleKind.POLICY, name)


def _fits(db: Session, directive: Directive) -> list[tuple[Scope, str]]:
    columns = (col(Supervision.code), col(Supervision.programme))
    code, programme = db.execute(
        select(*columns).where(col(Supervision.id) == directive.supervision_id)
    ).one()
    return [
        (Scope.SUPERVISION, code),
        (Scope.URGENCY, directive.urgency or ""),
        (Scope.PROGRAMME, programme or ""),
    ]
