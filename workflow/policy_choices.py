"""Which policy a new directive gets: by its supervision, its urgency, or its programme; else the default one."""

from sqlalchemy import delete, select
from sqlmodel import Session, col

from workflow import audit, rulebook
from workflow.authority import only_administrator
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound
from workflow.models.policy_choice import PolicyChoice, Scope
from workflow.models.rule_version import RuleKind
from workflow.models.supervision import Supervision
from workflow.urgency import check_urgency
from workflow.words import pair

LONGEST = 80
CHOOSE = pair("chọn chính sách", "choose a policy")


def choices(db: Session) -> list[PolicyChoice]:
    return list(db.scalars(select(PolicyChoice).order_by(col(PolicyChoice.scope), col(PolicyChoice.value))))


def choose(desk: Desk, scope: Scope, value: str, policy: str) -> None:
    """New directives that fit get the version of `policy` in force when they are issued."""
    only_administrator(desk, CHOOSE, value)
    rulebook.active(desk.db, RuleKind.POLICY, policy)
    _check_value(desk.db, scope, value)
    _forget(desk.db, scope, value)
    desk.db.add(PolicyChoice(scope=scope, value=value, policy=policy))
    _journal(desk, "policy.choose", scope, value, policy)


def forget(desk: Desk, scope: Scope, value: str) -> None:
    only_administrator(desk, CHOOSE, value)
    if not _forget(desk.db, scope, value):
        raise NotFound(what=pair("lựa chọn", "The choice"), code=f"{scope.value}/{value}")
    _journal(desk, "policy.forget", scope, value, None)


def programmes(db: Session) -> list[tuple[str, str, str]]:
    """(supervision, subject, programme) of those that belong to one."""
    columns = (col(Supervision.code), col(Supervision.subject), col(Supervision.programme))
    query = select(*columns).where(col(Supervision.programme).is_not(None)).order_by(columns[2], columns[0])
    return [(code, subject, str(programme)) for code, subject, programme in db.execute(query)]


def set_programme(desk: Desk, code: str, programme: str | None) -> None:
    only_administrator(desk, CHOOSE, code)
    supervision = desk.db.scalar(select(Supervision).where(col(Supervision.code) == code))
    if supervision is None:
        raise NotFound(what=pair("cuộc giám sát", "Supervision"), code=code)
    if programme is not None:
        _check_programme(programme)
    supervision.programme = programme
    desk.db.add(supervision)
    detail = {"supervision": code, "programme": programme}
    audit.record(desk.db, desk.actor, "supervision.programme", at=desk.now, on=desk.today, detail=detail)


def _forget(db: Session, scope: Scope, value: str) -> bool:
    mine = (col(PolicyChoice.scope) == scope, col(PolicyChoice.value) == value)
    known = db.scalar(select(PolicyChoice).where(*mine)) is not None
    db.execute(delete(PolicyChoice).where(*mine))
    return known


def _check_value(db: Session, scope: Scope, value: str) -> None:
    if scope is Scope.URGENCY:
        check_urgency(value)
    if scope is Scope.PROGRAMME:
        _check_programme(value)
    known = select(Supervision).where(col(Supervision.code) == value)
    if scope is Scope.SUPERVISION and db.scalar(known) is None:
        raise NotFound(what=pair("cuộc giám sát", "Supervision"), code=value)


def _check_programme(name: str) -> None:
    if not 1 <= len(name) <= LONGEST:
        why = pair(f"Ghi tên chương trình, nhiều nhất {LONGEST} chữ.", f"Give 1 to {LONGEST} letters.")
        raise InputWrong(field="programme", value=name, why=why)


def _journal(desk: Desk, act: str, scope: Scope, value: str, policy: str | None) -> None:
    detail = {"scope": scope.value, "value": value, "policy": policy}
    audit.record(desk.db, desk.actor, act, at=desk.now, on=desk.today, detail=detail)
