"""Why a mail, why none: every rung and level of an obligation on one night, from stored facts.

What should have happened is read forwards (`replay`), what became of it from the ledger. Where the two
differ the answer says so, and the nightly audit raises the alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind, Step, timetable
from workflow.ledger import Account, Line, Stretch, accounts
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.extension import Extension
from workflow.models.obligation import Obligation
from workflow.moves import Phase
from workflow.nights import Nights
from workflow.outcome import outcome
from workflow.policy import Policy
from workflow.possible import lifecycle_of
from workflow.replay import Expected, Replay
from workflow.silence import Silence, silence
from workflow.words import Texts, pair

FROM_START = time(0, 0)
TILL_END = time(23, 59, 59)


@dataclass(frozen=True)
class Answer:
    """One step on one night. `night`: when it was told, this night or an earlier one; None if it was not."""

    step: Step
    mark: str
    fate: str
    text: Texts
    night: date | None
    lines: tuple[Line, ...]
    moved: Texts | None

    def as_json(self) -> dict[str, Any]:
        name = {"rung": self.step.offset} if self.step.level is None else {"level": self.step.level.level}
        told = [line for line in self.lines if line.message_id is not None]
        return {
            **name,
            "on": self.step.on.isoformat(),
            "fate": self.fate,
            "why": self.text,
            "told_on": self.night.isoformat() if self.night else None,
            "moved": self.moved,
            "messages": [
                {
                    "message": line.message_id,
                    "recipient": line.person,
                    "status": line.message_status.value if line.message_status else None,
                    "handed_over_at": line.handed_over_at.isoformat() if line.handed_over_at else None,
                }
                for line in told
            ],
        }


@dataclass(frozen=True)
class NightOf:
    """One obligation on one night, as it stood when the sweep ran (or at the end of the day)."""

    obligation: Obligation
    night: date
    stretch: Stretch
    level: int
    answers: tuple[Answer, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "obligation": self.obligation.kind.value,
            "night": self.night.isoformat(),
            "status": self.stretch.status.value,
            "due_on": self.stretch.due_on.isoformat(),
            "level": self.level,
            "steps": [answer.as_json() for answer in self.answers],
        }


class Hindsight:
    """All of one directive's obligations; the directive itself was found through access."""

    def __init__(self, db: Session, directive: Directive) -> None:
        query = select(Obligation).where(col(Obligation.directive_id) == directive.id)
        self.obligations = list(db.scalars(query.order_by(col(Obligation.id))))
        self.policies = {
            one: rulebook.policy(db, one) for one in sorted({one.policy_id for one in self.obligations})
        }
        self.zone = rulebook.active_policy(db).zone
        self.nights = Nights(db)
        self.accounts = accounts(db, self.obligations, self._midnight)
        for past in [past for one in self.accounts for past in one.pasts]:
            self.policies.setdefault(past.policy_id, rulebook.policy(db, past.policy_id))
        self.replays = {one.obligation.id: Replay(one, self.nights, self.policies) for one in self.accounts}
        self.base = rulebook.active_calendar(db)
        self.calendars = {run.night_on: rulebook.calendar(db, run.calendar_id) for run in self.nights.runs}
        self.phases = list(_phases(db, directive))
        asked = select(Extension).where(col(Extension.directive_id) == directive.id)
        self.extensions = list(db.scalars(asked))

    def _midnight(self, day: date) -> datetime:
        return rulebook.local_instant(day, FROM_START, self.zone)

    def night(self, night: date) -> list[NightOf]:
        """As the sweep of this night found things."""
        at = self.nights.ran_at(night)
        return list(self._at(night, at))

    def evening(self, day: date) -> list[NightOf]:
        """As things stood when this day was over."""
        return list(self._at(day, rulebook.local_instant(day, TILL_END, self.zone)))

    def _at(self, night: date, at: datetime | None) -> Iterator[NightOf]:
        for account in self.accounts:
            policy = self.policies[account.obligation.policy_id]
            moment = at or rulebook.local_instant(night, policy.sweep_at, self.zone)
            stretch = account.at(moment)
            if stretch is not None:
                yield self._answered(account, stretch, night, moment)

    def _answered(self, account: Account, stretch: Stretch, night: date, at: datetime) -> NightOf:
        obligation, policy = account.obligation, self.policies[stretch.policy_id]
        calendar = policy.counted(self.calendars.get(night, self.base))
        steps = timetable(
            policy.ladders[obligation.ladder], calendar, obligation.opened_on, stretch.due_on, stretch.span_days
        )  # fmt: skip
        replay = self.replays[obligation.id]
        level = _level(account, replay, stretch.due_version, night)
        asked = self._silence(account, stretch, night, at, calendar, policy, level)
        answers = tuple(_answer(account, replay, stretch, step, night, asked) for step in steps)
        return NightOf(obligation, night, stretch, level, answers)

    def _silence(
        self,
        account: Account,
        stretch: Stretch,
        night: date,
        at: datetime,
        calendar: WorkingCalendar,
        policy: Policy,
        level: int,
    ) -> Silence:
        swept = self.nights.of(policy, account.obligation.opened_on, stretch.from_at, None)
        is_reviewed = account.obligation.kind is ObligationKind.DELIVER and self._phase(at) is Phase.REVIEW
        return Silence(
            night=night,
            ends_at=self._midnight(night + timedelta(days=1)),
            calendar=calendar,
            stretch=stretch,
            met_on=account.obligation.met_on,
            level=level,
            settled_on=self.replays[account.obligation.id].settled_on(level, stretch.due_version),
            swept=tuple(one.night for one in swept if one.night <= night),
            awaits_review=is_reviewed,
            wanted_on=self._wanted(night) if account.obligation.kind is ObligationKind.DELIVER else None,
        )

    def _phase(self, at: datetime) -> Phase | None:
        past = [phase for instant, phase in self.phases if instant <= at]
        return past[-1] if past else None

    def _wanted(self, night: date) -> date | None:
        """The day an extension asks for that nobody had decided on yet."""
        for one in self.extensions:
            if one.asked_on < night and (one.decided_on is None or one.decided_on >= night):
                return one.wanted_on
        return None


def _phases(db: Session, directive: Directive) -> Iterator[tuple[datetime, Phase]]:
    states = lifecycle_of(db, directive).states
    query = select(Event).where(col(Event.directive_id) == directive.id, col(Event.to_state).is_not(None))
    for event in db.scalars(query.order_by(col(Event.id))):
        if event.to_state in states:
            yield event.at, states[event.to_state].phase


def _level(account: Account, replay: Replay, version: int, night: date) -> int:
    swept = [
        int(one.mark[2:])
        for one in replay.expected
        if one.mark.startswith("L:") and one.version == version and one.night <= night
    ]
    by_hand = [
        int(line.mark[2:])
        for line in account.lines
        if line.mark.startswith("L:") and line.by_hand and line.version == version and line.night <= night
    ]
    return max([0, *swept, *by_hand])


def _answer(
    account: Account, replay: Replay, stretch: Stretch, step: Step, night: date, asked: Silence
) -> Answer:
    mark = f"R:{step.offset}" if step.level is None else f"L:{step.level.level}"
    lines = tuple(line for line in account.of(mark, stretch.due_version) if line.night <= night)
    due = _expected(replay, mark, stretch.due_version, night)
    moved = asked.moved(step)
    if due is None and not any(line.by_hand for line in lines):
        if lines:
            return Answer(step, mark, "unexpected", UNEXPECTED, lines[0].night, lines, moved)
        fate, text = silence(step, asked)
        return Answer(step, mark, fate, text, None, (), moved)
    told_on = due.night if due is not None else lines[0].night
    if not lines:
        return Answer(step, mark, "missing", MISSING, told_on, (), moved)
    fate, text = outcome(lines, asked.ends_at)
    return Answer(step, mark, fate, text, told_on, lines, moved)


def _expected(replay: Replay, mark: str, version: int, night: date) -> Expected | None:
    for one in replay.expected:
        if (one.mark, one.version) == (mark, version) and one.night <= night:
            return one
    return None


UNEXPECTED = pair(
    "sổ có dòng này nhưng quy tắc không đòi: cần kiểm tra",
    "in the ledger, though no rule asks for it: look into it",
)
MISSING = pair(
    "đáng lẽ đã báo nhưng sổ không có: cần kiểm tra",
    "should have been told, but the ledger has no line: look into it",
)
