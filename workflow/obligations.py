"""Opening, meeting, pausing and moving obligations: the only place that writes their dates."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import recurrence
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind
from workflow.models.directive import Coordination, Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.obligation_past import ObligationPast
from workflow.models.supervision import Supervision
from workflow.policy import Policy


class Clock:
    """The rules one directive's obligations follow: its policy, and the calendar that policy counts by."""

    def __init__(
        self,
        db: Session,
        directive: Directive,
        policy: Policy,
        calendar: WorkingCalendar,
        now: datetime,
        delivery_due: date | None = None,
    ) -> None:
        self.db = db
        self.directive = directive
        self.policy = policy
        self.calendar = policy.counted(calendar)
        self.now = now
        self.delivery_due = delivery_due
        self.delegation_id = db.get_one(Supervision, directive.supervision_id).delegation_id

    def open(self, kind: ObligationKind, on: date) -> None:
        """Open what the move opens; each kind knows who owes it, to whom, and until when."""
        if kind is ObligationKind.CONTRIBUTE:
            for organization_id in self._coordinating():
                self._add(kind, organization_id, self._lead(), on, self._contribution_due(on))
        elif kind in (ObligationKind.REVIEW, ObligationKind.DECIDE):
            due_on = self.calendar.shift(on, self.policy.terms[kind.value])
            self._add(kind, self.delegation_id, self._lead(), on, due_on)
        elif kind is ObligationKind.ACKNOWLEDGE:
            due_on = self.calendar.shift(on, self.policy.terms["acknowledge"])
            self._add(kind, self._lead(), self.delegation_id, on, due_on)
        else:
            self._open_delivery(on)

    def _open_delivery(self, on: date) -> None:
        directive = self.directive
        if self.delivery_due is not None or directive.rhythm is None:
            due_on = self.delivery_due or directive.due_on
        else:
            due_on = directive.rhythm_on = recurrence.next_due(directive.rhythm, on, self.calendar)
        if due_on is not None:
            self._add(ObligationKind.DELIVER, self._lead(), self.delegation_id, on, due_on)

    def _add(self, kind: ObligationKind, owed_by: int, owed_to: int, on: date, due_on: date) -> None:
        periodic = kind is ObligationKind.DELIVER and self.directive.rhythm is not None
        assert self.directive.policy_id is not None, "nothing is owed before it is issued"
        self.db.add(
            Obligation(
                directive_id=self.directive.id,
                kind=kind,
                ladder=self.policy.ladder(kind, periodic=periodic).name,
                owed_by_id=owed_by,
                owed_to_id=owed_to,
                opened_on=on,
                due_on=due_on,
                original_due_on=self._original(kind, due_on),
                due_version=self.directive.due_version,
                span_days=self.calendar.count(on, due_on),
                policy_id=self.directive.policy_id,
                opened_at=self.now,
            )
        )
        self.db.flush()

    def _original(self, kind: ObligationKind, due_on: date) -> date:
        original = self.directive.original_due_on
        return original if kind is ObligationKind.DELIVER and original is not None else due_on

    def _lead(self) -> int:
        assert self.directive.lead_id is not None
        return self.directive.lead_id

    def _coordinating(self) -> list[int]:
        query = select(col(Coordination.organization_id)).where(
            col(Coordination.directive_id) == self.directive.id
        )
        return sorted(self.db.scalars(query))

    def _contribution_due(self, on: date) -> date:
        """Some days before the lead's date, but never before the next working day."""
        soonest = self.calendar.shift(on, 1)
        lead_due = self.directive.due_on or self.directive.rhythm_on
        if lead_due is None:
            return soonest
        return max(soonest, self.calendar.shift(lead_due, -self.policy.terms["contribute_before"]))

    def running(self, kinds: Iterable[ObligationKind] = tuple(ObligationKind)) -> list[Obligation]:
        return self._with_status(ObligationStatus.RUNNING, kinds)

    def _with_status(self, status: ObligationStatus, kinds: Iterable[ObligationKind]) -> list[Obligation]:
        query = select(Obligation).where(
            col(Obligation.directive_id) == self.directive.id,
            col(Obligation.status) == status,
            col(Obligation.kind).in_(list(kinds)),
        )
        return list(self.db.scalars(query.order_by(col(Obligation.id))))

    def meet(self, kinds: Iterable[ObligationKind], on: date, owed_by: set[int] | None = None) -> None:
        """Discharge what runs; `owed_by` narrows it to the agencies that acted.

        Of a rhythm only the period that is due is met: a report in October does not answer for November.
        """
        for obligation in self.running(kinds):
            if owed_by is None or obligation.owed_by_id in owed_by:
                self._remember(obligation, on)
                obligation.status, obligation.met_on = ObligationStatus.MET, on

    def void(self, kinds: Iterable[ObligationKind], on: date) -> None:
        for status in (ObligationStatus.RUNNING, ObligationStatus.PAUSED):
            for obligation in self._with_status(status, kinds):
                self._remember(obligation, on)
                obligation.status, obligation.met_on = ObligationStatus.VOID, on

    def pause(self, kinds: Iterable[ObligationKind], on: date) -> None:
        """Stop the clock; the working days not yet used are kept (negative when already late)."""
        for obligation in self.running(kinds):
            self._remember(obligation, on)
            obligation.status = ObligationStatus.PAUSED
            obligation.remaining_days = self.calendar.count(on, obligation.due_on)

    def resume(self, kinds: Iterable[ObligationKind], on: date) -> None:
        """Start it again: the same number of working days is left, on new dates."""
        for obligation in self._with_status(ObligationStatus.PAUSED, kinds):
            self._remember(obligation, on)
            obligation.status = ObligationStatus.RUNNING
            self._move(obligation, self.calendar.shift(on, obligation.remaining_days or 0), on)
            obligation.remaining_days = None

    def move_delivery(self, due_on: date, on: date) -> None:
        """A new due date for the lead, and for those who still owe it a contribution."""
        for obligation in self.running([ObligationKind.DELIVER]):
            self._remember(obligation, on)
            self._move(obligation, due_on, on)
        for obligation in self.running([ObligationKind.CONTRIBUTE]):
            self._remember(obligation, on)
            self._move(obligation, self._contribution_due(on), on)

    def _remember(self, obligation: Obligation, on: date) -> None:
        """Before anything of it is overwritten: what was true until now."""
        self.db.add(ObligationPast.of(obligation, self.now, on))

    def _move(self, obligation: Obligation, due_on: date, on: date) -> None:
        """A new due version: no rung of the old one is told any more, and the ladder starts at the bottom."""
        obligation.due_on = due_on
        obligation.due_version += 1
        obligation.span_days = self.calendar.count(on, due_on)
        obligation.level, obligation.level_raised_on, obligation.level_settled_on = 0, None, None
