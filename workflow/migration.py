"""Moving directives already issued to another policy or lifecycle: shown first, then done and journalled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from workflow import audit, rulebook
from workflow.authority import only_administrator
from workflow.calendar import WorkingCalendar
from workflow.desk import Desk
from workflow.errors import InputWrong
from workflow.ladder import Step, timetable
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.obligation_past import ObligationPast
from workflow.models.organization import Organization
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.models.supervision import Supervision
from workflow.policy import Policy
from workflow.recalendar import due_by_term
from workflow.words import pair

MIGRATE = pair("chuyển nhiệm vụ sang bản khác", "move directives to another version")


@dataclass(frozen=True)
class Selection:
    """Open directives; every condition given narrows it. `from_version` is the id of the version they hold to."""

    codes: tuple[str, ...] = ()
    supervision: str | None = None
    lead: str | None = None
    from_version: int | None = None

    def conditions(self, pinned: Any) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [
            col(Directive.issued_on).is_not(None),
            col(Directive.closed_on).is_(None),
        ]
        if self.codes:
            found.append(col(Directive.code).in_(self.codes))
        if self.supervision is not None:
            mine = select(col(Supervision.id)).where(col(Supervision.code) == self.supervision)
            found.append(col(Directive.supervision_id).in_(mine))
        if self.lead is not None:
            body = select(col(Organization.id)).where(col(Organization.code) == self.lead)
            found.append(col(Directive.lead_id).in_(body))
        if self.from_version is not None:
            found.append(pinned == self.from_version)
        return found


@dataclass(frozen=True)
class Planned:
    """One step still ahead: its day and its name (`-5`, `L2`)."""

    on: date
    step: str


@dataclass(frozen=True)
class Change:
    """What the other policy does to one running obligation: its due day, and the steps still ahead."""

    obligation: Obligation
    directive: Directive
    due_on: date
    was_on: date
    gone: tuple[Planned, ...]
    added: tuple[Planned, ...]

    @property
    def moves_something(self) -> bool:
        return self.due_on != self.was_on or bool(self.gone or self.added)

    def as_json(self) -> dict[str, Any]:
        return {
            "directive": self.directive.code,
            "obligation": self.obligation.kind.value,
            "was_on": self.was_on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "gone": [{"on": one.on.isoformat(), "step": one.step} for one in self.gone],
            "added": [{"on": one.on.isoformat(), "step": one.step} for one in self.added],
        }


def preview(db: Session, policy: Policy, chosen: Selection, today: date) -> list[Change]:
    """Every running obligation of the selection whose due day, rungs or levels would change."""
    base = rulebook.active_calendar(db)
    columns: tuple[Any, ...] = (Obligation, Directive)
    query = (
        select(*columns)
        .join(Directive, col(Directive.id) == col(Obligation.directive_id))
        .where(
            col(Obligation.status) == ObligationStatus.RUNNING, *chosen.conditions(col(Directive.policy_id))
        )
        .order_by(col(Directive.code), col(Obligation.id))
    )
    found = [
        _change(obligation, directive, rulebook.policy(db, obligation.policy_id), policy, base, today)
        for obligation, directive in db.execute(query)
    ]
    return [one for one in found if one.moves_something]


def _change(
    obligation: Obligation, directive: Directive, old: Policy, new: Policy, base: WorkingCalendar, today: date
) -> Change:
    due_on = _new_due(obligation, directive, old, new, base, today)
    before = _ahead(obligation, old, base, obligation.due_on, today)
    after = _ahead(obligation, new, base, due_on, today)
    return Change(
        obligation, directive, due_on, obligation.due_on,
        tuple(sorted(before - after, key=_by_day)), tuple(sorted(after - before, key=_by_day)),
    )  # fmt: skip


def _by_day(one: Planned) -> tuple[date, str]:
    return one.on, one.step


def _new_due(
    obligation: Obligation, directive: Directive, old: Policy, new: Policy, base: WorkingCalendar, today: date
) -> date:
    """A date set by a term of the old policy is set by the new one; never into the past, never when late."""
    term = due_by_term(obligation, directive, old, old.counted(base))
    if obligation.due_on != term or obligation.due_on < today:
        return obligation.due_on
    wanted = due_by_term(obligation, directive, new, new.counted(base))
    return wanted if wanted is not None and wanted > today else obligation.due_on


def _ahead(
    obligation: Obligation, policy: Policy, base: WorkingCalendar, due_on: date, today: date
) -> set[Planned]:
    calendar = policy.counted(base)
    span = calendar.count(obligation.opened_on, due_on)
    ladder = policy.ladders[obligation.ladder]
    steps = timetable(ladder, calendar, obligation.opened_on, due_on, span)
    return {
        Planned(step.on, _name(step)) for step in steps if step.applies and _is_ahead(step, obligation, today)
    }


def _is_ahead(step: Step, obligation: Obligation, today: date) -> bool:
    return step.on > today if step.level is None else step.level.level > obligation.level


def _name(step: Step) -> str:
    return f"{step.offset:+d}" if step.level is None else f"L{step.level.level}"


def to_move(db: Session, row: RuleVersion, chosen: Selection) -> list[Directive]:
    """Open directives of the selection that hold to another version than this one, by code."""
    pinned = col(Directive.policy_id if row.kind is RuleKind.POLICY else Directive.lifecycle_id)
    query = select(Directive).where(*chosen.conditions(pinned), pinned != row.id)
    return list(db.scalars(query.order_by(col(Directive.code))))


def migrate(desk: Desk, row: RuleVersion, chosen: Selection, reason: str) -> list[Change]:
    """Pin the selection to this version; each directive gets an event, each changed clock keeps its past."""
    only_administrator(desk, MIGRATE, row.name)
    policy = rulebook.policy(desk.db, row.id)
    changes = preview(desk.db, policy, chosen, desk.today)
    moved = {one.obligation.id: one.due_on for one in changes}
    for directive in to_move(desk.db, row, chosen):
        _pin(desk, directive, row, policy, moved, reason)
    desk.db.flush()
    return changes


def _pin(
    desk: Desk, directive: Directive, row: RuleVersion, policy: Policy, moved: dict[int, date], reason: str
) -> None:
    before = directive.policy_id
    for obligation in _unsettled(desk.db, directive):
        desk.db.add(ObligationPast.of(obligation, desk.now, desk.today))
        if (due_on := moved.get(obligation.id, obligation.due_on)) != obligation.due_on:
            obligation.due_on, obligation.due_version = due_on, obligation.due_version + 1
        obligation.policy_id = row.id
        obligation.span_days = policy.counted(desk.calendar).count(obligation.opened_on, obligation.due_on)
        desk.db.add(obligation)
    directive.policy_id, directive.version = row.id, directive.version + 1
    directive.changed_at = desk.now
    desk.db.add(directive)
    audit.record(
        desk.db, desk.actor, "policy.migrate", at=desk.now, on=desk.today, directive_id=directive.id,
        due_on=directive.due_on, reason=reason, detail={"from": before, "to": row.id, "name": row.name, "number": row.number},
    )  # fmt: skip


def _unsettled(db: Session, directive: Directive) -> list[Obligation]:
    query = select(Obligation).where(
        col(Obligation.directive_id) == directive.id,
        col(Obligation.status).in_([ObligationStatus.RUNNING, ObligationStatus.PAUSED]),
    )
    return list(db.scalars(query.order_by(col(Obligation.id))))


def migrate_lifecycle(
    desk: Desk, row: RuleVersion, mapping: dict[str, str], chosen: Selection, reason: str
) -> list[tuple[Directive, str, str]]:
    """Every open directive of the selection in its new state; refused as a whole when one has no place to go."""
    only_administrator(desk, MIGRATE, row.name)
    found = to_move(desk.db, row, chosen)
    _check_mapping(desk.db, found, row, mapping)
    return [_restate(desk, directive, row, mapping, reason) for directive in found]


def _check_mapping(
    db: Session, found: Iterable[Directive], row: RuleVersion, mapping: dict[str, str]
) -> None:
    new = rulebook.lifecycle(db, row.id)
    for directive in found:
        assert directive.lifecycle_id is not None
        old = rulebook.lifecycle(db, directive.lifecycle_id)
        for state in {directive.state, directive.state_before_pause or directive.state}:
            target = mapping.get(state, state)
            if target not in new.states:
                why = pair(
                    f"Bản mới không có trạng thái này; thêm --map {state}=…",
                    f"The new version has no such state; add --map {state}=…",
                )
                raise InputWrong(field="state", value=target, why=why)
            if new.states[target].phase is not old.states[state].phase:
                why = pair(f"Khác giai đoạn với '{state}'.", f"It is of another phase than '{state}'.")
                raise InputWrong(field="state", value=target, why=why)


def _restate(
    desk: Desk, directive: Directive, row: RuleVersion, mapping: dict[str, str], reason: str
) -> tuple[Directive, str, str]:
    before, number = directive.state, directive.lifecycle_id
    directive.state = mapping.get(before, before)
    if directive.state_before_pause is not None:
        directive.state_before_pause = mapping.get(directive.state_before_pause, directive.state_before_pause)
    directive.lifecycle_id, directive.version, directive.changed_at = row.id, directive.version + 1, desk.now
    desk.db.add(directive)
    audit.record(
        desk.db, desk.actor, "lifecycle.migrate", at=desk.now, on=desk.today, directive_id=directive.id,
        from_state=before, to_state=directive.state, due_on=directive.due_on, reason=reason,
        detail={"from": number, "to": row.id, "number": row.number},
    )  # fmt: skip
    return directive, before, directive.state
