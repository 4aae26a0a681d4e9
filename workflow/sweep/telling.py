"""Writing notices for a set of obligations in one statement per audience."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, literal, null, select
from sqlmodel import Session, col

from workflow.kinds import NoticeKind
from workflow.ladder import Audience, Side
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.policy import Policy
from workflow.statements import ReadFirst, changed_by_hash, insert_new, joined
from workflow.sweep.recipients import holders

COLUMNS = (
    "key", "kind", "severity", "status", "reason", "directive_id", "obligation_id", "sweep_run_id",
    "person_id", "organization_id", "rung", "level", "due_on", "due_version", "night_on", "bundle",
    "stands_for_id", "instead_of",
)  # fmt: skip


@dataclass(frozen=True)
class Telling:
    """One fact to be told about each obligation that meets `which`.

    `mark` starts the key; with the obligation, its due version and the recipient it makes a notice
    unique for ever, whichever night writes it.
    """

    mark: str
    which: tuple[ColumnElement[bool], ...]
    night: date
    run_id: int
    rung: int | None = None
    level: int | None = None


def tell(db: Session, telling: Telling, policy: Policy, audience: Audience, kind: NoticeKind) -> int:
    """Notices to everybody in the audience, and a journal line where nobody can be reached."""
    owner = _organization(audience)
    people = holders(policy, audience.position, telling.night)
    told = (
        select(
            *_values(telling, kind, people.c.person_id, owner), people.c.stands_for_id, people.c.instead_of
        )
        .select_from(ReadFirst(Obligation.__table__, people, people.c.organization_id == owner))  # type: ignore[attr-defined]
        .where(*telling.which)
    )
    written = _insert(db, told)
    silent = select(*_values(telling, kind, None, owner, audience), null(), null()).where(
        *telling.which, owner.not_in(select(people.c.organization_id))
    )
    _insert(db, silent)
    return written


def journal_merged(db: Session, telling: Telling, kind: NoticeKind) -> int:
    """Rungs passed over because a nearer one speaks tonight: kept as lines of the journal."""
    values = _values(telling, kind, None, col(Obligation.owed_by_id), status=NoticeStatus.MERGED)
    rows = select(*values, null(), null())
    return _insert(db, rows.where(*telling.which))


def _insert(db: Session, rows: object) -> int:
    return changed_by_hash(db, insert_new(db, Notice).from_select(COLUMNS, rows))


def _organization(audience: Audience) -> SQLColumnExpression[int]:
    return col(Obligation.owed_by_id) if audience.side is Side.OWED_BY else col(Obligation.owed_to_id)


def _values(
    telling: Telling,
    kind: NoticeKind,
    person: SQLColumnExpression[int] | None,
    owner: SQLColumnExpression[int],
    audience: Audience | None = None,
    status: NoticeStatus = NoticeStatus.UNREACHABLE,
) -> tuple[SQLColumnExpression[Any], ...]:
    """The row of `COLUMNS` but who is stood in for. Without a person the line is journalled, never sent."""
    nobody = status.value if audience is None else f"{audience.side.value}.{audience.position.value}"
    who: object = nobody if person is None else person
    reason = None if person is not None else ("nearer_rung" if audience is None else "nobody_reachable")
    return (
        joined(telling.mark, col(Obligation.id), col(Obligation.due_version), who),
        literal(kind.value),
        literal(kind.severity),
        literal((NoticeStatus.WANTED if person is not None else status).value),
        literal(reason) if reason else null(),
        col(Obligation.directive_id),
        col(Obligation.id),
        literal(telling.run_id),
        null() if person is None else person,
        owner,
        null() if telling.rung is None else literal(telling.rung),
        null() if telling.level is None else literal(telling.level),
        col(Obligation.due_on),
        col(Obligation.due_version),
        literal(telling.night),
        null() if person is None else joined("S", telling.night.isoformat(), person),
    )
