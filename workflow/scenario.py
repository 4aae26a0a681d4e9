"""What a simulation supposes: a policy, a calendar, and how soon people answer; laid over a scratch copy."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from workflow import rulebook
from workflow.calendar import WorkingCalendar, build_document
from workflow.calendar_file import load_source
from workflow.ladder import ObligationKind
from workflow.models.rule_version import RuleKind
from workflow.policy import Policy, load_policy
from workflow.recalendar import Moved, moved_dates
from workflow.scratch import Owed, Scratch, load

SUPPOSED = "supposed"
SUPPOSED_ID = 0
"""No stored version has this number."""


class Answer(StrEnum):
    NEVER = "never"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True)
class Scenario:
    """`policy` and `calendar` are YAML texts; None keeps what is in force.

    Whoever owes something answers never, on the due day, or `late` days after it (counted as the policy
    counts). An answer comes during the day, after that night's sweep; a result handed in then waits for its
    reviewer, who answers the same way.
    """

    policy: str | None = None
    calendar: str | None = None
    answer: Answer = Answer.NEVER
    late: int = 0

    @property
    def delay(self) -> int:
        return self.late if self.answer is Answer.LATE else 0

    def read_policy(self) -> Policy | None:
        name = rulebook.DEFAULT[RuleKind.POLICY]
        return None if self.policy is None else load_policy(self.policy, name)

    def read_calendar(self) -> WorkingCalendar | None:
        if self.calendar is None:
            return None
        return WorkingCalendar.from_document(build_document(load_source(self.calendar, SUPPOSED)))


def prepared(source: Session, scenario: Scenario, first: date, last: date) -> Scratch:
    """Everything open on the day before `first`, as if the supposed rules came into force on that night."""
    policy, calendar = scenario.read_policy(), scenario.read_calendar()
    scratch = load(source, first, last, [] if policy is None else [policy])
    if calendar is not None:
        _put_calendar(source, scratch, calendar, first)
    if policy is not None:
        _put_policy(scratch, policy)
    scratch.rearrange()
    return scratch


def _put_calendar(source: Session, scratch: Scratch, new: WorkingCalendar, first: date) -> None:
    moved = {one.obligation.id: one for one in moved_dates(source, scratch.calendar, new, first)}
    scratch.calendar = new
    for _, owed in scratch.everything():
        if owed.id in moved:
            _move(scratch, owed, moved[owed.id])


def _move(scratch: Scratch, owed: Owed, moved: Moved) -> None:
    for one in scratch.rhythms:
        if one.directive_id == owed.directive_id and one.since == owed.due_on:
            one.since = moved.due_on
    owed.due_on = moved.due_on
    owed.due_version += 1
    counted = scratch.policies[owed.policy_id].counted(scratch.calendar)
    owed.span = counted.count(owed.opened_on, owed.due_on)
    scratch.forget(owed)


def _put_policy(scratch: Scratch, policy: Policy) -> None:
    """Everything running follows it; only another way of counting changes the spans."""
    calendar = policy.counted(scratch.calendar)
    for _, owed in scratch.everything():
        if scratch.policies[owed.policy_id].counting != policy.counting:
            owed.span = calendar.count(owed.opened_on, owed.due_on)
        owed.policy_id = SUPPOSED_ID
    for one in scratch.rhythms:
        one.policy_id = SUPPOSED_ID
    scratch.active, scratch.policies = policy, {SUPPOSED_ID: policy}


def answer(scratch: Scratch, scenario: Scenario, night: date) -> None:
    """What people do on the day after this night's mails."""
    if scenario.answer is Answer.NEVER:
        return
    for (policy_id, ladder), standings in list(scratch.ladders.items()):
        policy = scratch.policies[policy_id]
        counted = policy.counted(scratch.calendar)
        until = counted.limit(scenario.delay, night) if scenario.delay else night
        for standing in [one for one in standings if one.due_on <= until]:
            for one in standings.pop(standing):
                if ladder in REPORTED:
                    scratch.open(_review(one, policy, counted, night))


REPORTED = (ObligationKind.DELIVER.value, "periodic")


def _review(one: Owed, policy: Policy, counted: WorkingCalendar, night: date) -> Owed:
    """A result handed in waits for whoever asked for it."""
    term, kind = policy.terms["review"], ObligationKind.REVIEW
    return Owed(
        0, one.directive_id, one.code, kind, kind.value, one.owed_to, one.owed_by, night,
        counted.shift(night, term), one.due_version, term, 0, None, one.policy_id,
    )  # fmt: skip
