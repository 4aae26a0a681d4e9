"""Publishing a new version of rules: an administrator's act, journalled; a wrong file changes nothing."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from config import rules
from workflow import audit
from workflow.authority import only_administrator
from workflow.desk import Desk
from workflow.errors import InputWrong
from workflow.lifecycle import load_lifecycle
from workflow.models.directive import Directive
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.moves import Phase

PUBLISHING = {"vi": "ban hành quy tắc", "en": "publish the rules"}
PUBLISH = {
    RuleKind.POLICY: rules.publish_policy,
    RuleKind.LIFECYCLE: rules.publish_lifecycle,
    RuleKind.CALENDAR: rules.publish_calendar,
}


def publish(desk: Desk, kind: RuleKind, source: str, name: str, reason: str | None = None) -> RuleVersion:
    """What is issued keeps the version it was issued under; new directives get this one."""
    only_administrator(desk, PUBLISHING, f"{kind.value}/{name}")
    if kind is RuleKind.LIFECYCLE:
        _check_drafts(desk, source, name)
    row = PUBLISH[kind](desk.db, source, name, desk.now)
    detail: dict[str, Any] = {"name": name, "number": row.number, "version": row.version}
    audit.record(
        desk.db, desk.actor, f"{kind.value}.publish", at=desk.now, on=desk.today, reason=reason, detail=detail
    )
    return row


def _check_drafts(desk: Desk, source: str, name: str) -> None:
    """A draft follows the active lifecycle from wherever it stands."""
    fresh = load_lifecycle(source, name)
    known = {state for state, facts in fresh.states.items() if facts.phase is Phase.DRAFT}
    query = select(col(Directive.state)).where(
        col(Directive.lifecycle_id).is_(None), col(Directive.state).not_in(known)
    )
    stranded = desk.db.scalar(query.limit(1))
    if stranded is not None:
        why = {
            "vi": "Vẫn còn dự thảo ở trạng thái này, phải giữ nó ở giai đoạn draft.",
            "en": "Drafts still stand in this state: keep it in the draft phase.",
        }
        raise InputWrong(field="states", value=stranded, why=why)
