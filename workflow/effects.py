"""What single moves do beyond the obligations the lifecycle names: dates, leads, extensions, pauses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.errors import InputWrong, NotFound
from workflow.inputs import Inputs
from workflow.ladder import ObligationKind
from workflow.models.directive import Coordination, Directive
from workflow.models.extension import Extension, ExtensionStatus
from workflow.models.organization import Organization
from workflow.models.rule_version import RuleKind
from workflow.moves import Move
from workflow.obligations import Clock
from workflow.policy import Policy
from workflow.policy_for import policy_for


def has(requirement: str, directive: Directive, given: Inputs) -> bool:
    """A requirement is met by the input, or by what the directive carries already."""
    if requirement == "due_on_or_rhythm":
        return bool(directive.due_on or directive.rhythm or given.due_on)
    if requirement == "lead" and directive.lead_id is not None and directive.state == "draft":
        return True
    return given.gives(requirement)


@dataclass
class Act:
    """One move being applied. `before` runs before the obligations turn, `after` once they have."""

    db: Session
    directive: Directive
    given: Inputs
    policy: Policy
    calendar: WorkingCalendar
    today: date
    now: datetime
    clock: Clock = field(init=False)
    delivery_due: date | None = None

    def before(self, move: Move) -> None:
        if step := BEFORE.get(move.name):
            step(self)

    def after(self, move: Move) -> None:
        if step := AFTER.get(move.name):
            step(self)

    def new_due(self) -> date:
        """A new due day must lie ahead. A person named it, so it stays even on a closed day."""
        wanted = self.given.due_on
        assert wanted is not None
        if wanted <= self.today:
            why = {
                "vi": f"Phải sau ngày {self.today:%d/%m/%Y}.",
                "en": f"It must be after {self.today:%d/%m/%Y}.",
            }
            raise InputWrong(field="due_on", value=f"{wanted:%d/%m/%Y}", why=why)
        return wanted

    def set_due(self) -> None:
        """The date of a rhythm's period is that period's alone: the directive itself has none."""
        directive = self.directive
        directive.due_version += 1
        self.delivery_due = self.new_due()
        if directive.rhythm is not None:
            return
        directive.due_on = self.delivery_due
        directive.original_due_on = directive.original_due_on or directive.due_on

    def pending_extension(self) -> Extension | None:
        query = select(Extension).where(
            col(Extension.directive_id) == self.directive.id, col(Extension.status) == ExtensionStatus.ASKED
        )
        return self.db.scalar(query.order_by(col(Extension.id).desc()).limit(1))


def organization(db: Session, code: str) -> Organization:
    found = db.scalar(select(Organization).where(col(Organization.code) == code))
    if found is None:
        raise NotFound(what={"vi": "cơ quan", "en": "Organisation"}, code=code)
    return found


def _issue(act: Act) -> None:
    directive = act.directive
    if act.given.due_on is not None:
        directive.due_on = act.new_due()
    directive.policy_id = directive.policy_id or policy_for(act.db, directive).id
    directive.lifecycle_id = directive.lifecycle_id or rulebook.active(act.db, RuleKind.LIFECYCLE).id
    directive.calendar_id = rulebook.active(act.db, RuleKind.CALENDAR).id
    directive.issued_on = act.today
    directive.original_due_on = directive.original_due_on or directive.due_on


def _reassign(act: Act) -> None:
    assert act.given.lead is not None
    act.directive.lead_id = organization(act.db, act.given.lead).id
    act.directive.due_version += 1
    if act.given.coordinating is not None:
        set_coordinating(act.db, act.directive, act.given.coordinating)


def set_coordinating(db: Session, directive: Directive, codes: tuple[str, ...]) -> None:
    db.execute(delete(Coordination).where(col(Coordination.directive_id) == directive.id))
    for code in dict.fromkeys(codes):
        db.add(Coordination(directive_id=directive.id, organization_id=organization(db, code).id))
    db.flush()


def _report(act: Act) -> None:
    act.directive.reported_on = act.today
    if (asked := act.pending_extension()) is not None:
        asked.status, asked.decided_on = ExtensionStatus.VOID, act.today


def _ask(act: Act) -> None:
    """Only before the due day is over, for a later date, and as often as the policy allows."""
    directive = act.directive
    assert directive.due_on is not None
    if act.today > directive.due_on:
        raise _not_extended(
            directive, "Đã quá hạn, không còn đề nghị gia hạn được.", "The due date has passed."
        )
    if directive.extensions >= act.policy.terms["extensions"]:
        limit = act.policy.terms["extensions"]
        raise _not_extended(
            directive, f"Đã gia hạn đủ {limit} lần.", f"It was extended {limit} times already."
        )
    wanted = act.new_due()
    if wanted <= directive.due_on:
        raise _not_extended(directive, "Ngày mới phải sau hạn hiện tại.", "The new date must be later.")
    act.db.add(
        Extension(
            directive_id=directive.id, asked_on=act.today, wanted_on=wanted, reason=act.given.reason or "",
            due_on=directive.due_on, number=directive.extensions + 1,
        )
    )  # fmt: skip


def _not_extended(directive: Directive, vi: str, en: str) -> InputWrong:
    return InputWrong(field="due_on", value=f"{directive.due_on:%d/%m/%Y}", why={"vi": vi, "en": en})


def _grant(act: Act) -> None:
    asked = act.pending_extension()
    assert asked is not None
    act.set_due()
    act.directive.extensions += 1
    asked.status, asked.decided_on = ExtensionStatus.GRANTED, act.today
    asked.granted_on, asked.decision_reason = act.directive.due_on, act.given.reason


def _move_delivery(act: Act) -> None:
    assert act.directive.due_on is not None
    act.clock.move_delivery(act.directive.due_on, act.today)


def _refuse(act: Act) -> None:
    asked = act.pending_extension()
    assert asked is not None
    asked.status, asked.decided_on, asked.decision_reason = (
        ExtensionStatus.REFUSED,
        act.today,
        act.given.reason,
    )


def _suspend(act: Act) -> None:
    act.directive.state_before_pause = act.directive.state


def _resumed(act: Act) -> None:
    """The delivery's re-projected date is the directive's due date from now on."""
    directive = act.directive
    directive.state_before_pause = None
    deliveries = act.clock.running([ObligationKind.DELIVER])
    if directive.due_on is not None and deliveries:
        directive.due_on = deliveries[-1].due_on
        directive.due_version = max(directive.due_version, deliveries[-1].due_version)


def _close(act: Act) -> None:
    act.directive.closed_on = act.today
    act.directive.state_before_pause = None


def _send_back(act: Act) -> None:
    act.set_due()


def _reopen(act: Act) -> None:
    act.directive.closed_on = None
    act.set_due()


def _return_to_draft(act: Act) -> None:
    """Back on the secretary's desk: it is nobody's duty until it is issued again."""
    act.directive.issued_on = None
    act.directive.due_version += 1


BEFORE: dict[str, Callable[[Act], None]] = {
    "issue": _issue,
    "reassign": _reassign,
    "report": _report,
    "request_extension": _ask,
    "grant_extension": _grant,
    "refuse_extension": _refuse,
    "suspend": _suspend,
    "send_back": _send_back,
    "reopen": _reopen,
}
AFTER: dict[str, Callable[[Act], None]] = {
    "grant_extension": _move_delivery,
    "resume": _resumed,
    "accept": _close,
    "drop": _close,
    "withdraw": _close,
    "close_not_done": _close,
    "return_to_issuer": _return_to_draft,
}
