"""Questions about versions of rules."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow.errors import NotFound
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind, RuleVersion

SHORTEST_HASH = 6
WHAT = {
    RuleKind.POLICY: {"vi": "chính sách", "en": "Policy"},
    RuleKind.LIFECYCLE: {"vi": "vòng đời", "en": "Lifecycle"},
    RuleKind.CALENDAR: {"vi": "lịch", "en": "Calendar"},
}


def versions(db: Session, kind: RuleKind) -> list[RuleVersion]:
    """Newest first."""
    query = select(RuleVersion).where(col(RuleVersion.kind) == kind)
    return list(db.scalars(query.order_by(col(RuleVersion.name), col(RuleVersion.number).desc())))


def find(db: Session, kind: RuleKind, which: str) -> RuleVersion:
    """By number, by the beginning of its hash, or by name: the active one of that name."""
    for one in versions(db, kind):
        if which == str(one.number) or (one.is_active and which == one.name):
            return one
        if len(which) >= SHORTEST_HASH and one.version.startswith(which):
            return one
    raise NotFound(what=WHAT[kind], code=which)


def policies_in_use(db: Session) -> list[RuleVersion]:
    """Those some running obligation is pinned to."""
    running = col(Obligation.status) == ObligationStatus.RUNNING
    pinned = select(col(Obligation.policy_id)).where(running).distinct()
    return list(db.scalars(select(RuleVersion).where(col(RuleVersion.id).in_(pinned))))


def pinned_directives(db: Session) -> dict[int, int]:
    """How many open directives hold to each policy."""
    query = select(col(Directive.policy_id), func.count()).where(
        col(Directive.policy_id).is_not(None), col(Directive.closed_on).is_(None)
    )
    return dict(db.execute(query.group_by(col(Directive.policy_id))).all())
