"""Why this date, why this mail, why none: one directive on one day, from the rules and the stored facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import grounds, rulebook
from workflow.counting import CountedDay, counted_days, sentence, suspensions
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import ObligationStatus
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.why import Answer, Hindsight, NightOf
from workflow.words import OBLIGATION_STATUS, OBLIGATIONS, Texts, pair

KINDS: dict[str, Texts] = {kind.value: said for kind, said in OBLIGATIONS.items()}
ACTS: dict[str, Texts] = {
    "issue": pair("phát hành", "issued"),
    "grant_extension": pair("gia hạn", "extended"),
    "send_back": pair("trả lại", "sent back"),
    "reopen": pair("mở lại", "reopened"),
    "resume": pair("tiếp tục", "resumed"),
    "suspend": pair("tạm dừng", "suspended"),
    "reassign": pair("giao lại", "reassigned"),
    "calendar.move": pair("lịch đổi", "the calendar changed"),
    "policy.migrate": pair("đổi chính sách", "the policy changed"),
}


@dataclass(frozen=True)
class Account:
    """One obligation on one evening: what started it, the rule, each day, and the fate of every step.

    `days_left` counts from that evening to the due day, negative when late; `days` runs from the opening to
    the due day, and on to the evening while it is late.
    """

    obligation_id: int
    kind: str
    status: str
    start: Texts
    rule: Texts
    opened_on: date
    due_on: date
    original_due_on: date
    level: int
    days_left: int
    days: tuple[CountedDay, ...]
    steps: tuple[Answer, ...]

    @property
    def counted(self) -> int:
        return sum(day.counts for day in self.days if not day.late)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "status": self.status,
            "start": self.start,
            "rule": self.rule,
            "opened_on": self.opened_on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "original_due_on": self.original_due_on.isoformat(),
            "level": self.level,
            "working_days_left": self.days_left,
            "working_days_counted": self.counted,
            "days": [day.as_json() for day in self.days],
            "steps": [step.as_json() for step in self.steps],
        }

    def lines(self, locale: str) -> list[str]:
        due = pair(f"hạn {self.due_on:%d/%m/%Y}", f"due {self.due_on:%d/%m/%Y}")[locale]
        words = {"vi": ("Bắt đầu", "Căn cứ", "Cách tính"), "en": ("Start", "Rule", "Counting")}[locale]
        return [
            f"{KINDS[self.kind][locale]}: {due}, {self._state()[locale]}.",
            f"  {words[0]}: {self.start[locale]}",
            f"  {words[1]}: {self.rule[locale]}",
            f"  {words[2]}: {sentence([day for day in self.days if not day.late], locale)}",
            *(f"  {_step_line(step, locale)}" for step in self.steps),
        ]

    def _state(self) -> Texts:
        if self.status != ObligationStatus.RUNNING:
            return OBLIGATION_STATUS[ObligationStatus(self.status)]
        if self.days_left >= 0:
            return pair(f"còn {self.days_left} ngày làm việc", f"{self.days_left} working days left")
        at = pair(f", cấp {self.level}", f", level {self.level}") if self.level else pair("", "")
        return pair(
            f"quá hạn {-self.days_left} ngày làm việc{at['vi']}",
            f"{-self.days_left} working days overdue{at['en']}",
        )


def step_name(answer: Answer) -> Texts:
    level = answer.step.level
    if level is None:
        return pair(f"nhắc {answer.step.offset:+d}", f"rung {answer.step.offset:+d}")
    return pair(f"cấp {level.level}", f"level {level.level}")


def _step_line(answer: Answer, locale: str) -> str:
    moved = f" [{answer.moved[locale]}]" if answer.moved and answer.fate != "moved" else ""
    return f"{answer.step.on:%d/%m/%Y}  {step_name(answer)[locale]}: {answer.text[locale]}{moved}"


@dataclass(frozen=True)
class Explanation:
    code: str
    title: str
    on: date
    history: tuple[Texts, ...]
    accounts: tuple[Account, ...]
    versions: Texts

    def text(self, locale: str) -> str:
        head = pair(
            f"{self.code}, tính đến {self.on:%d/%m/%Y}: {self.title}",
            f"{self.code}, as of {self.on:%d/%m/%Y}: {self.title}",
        )
        lines = [head[locale], *(f"  {one[locale]}" for one in self.history)]
        for account in self.accounts:
            lines += account.lines(locale)
        return "\n".join([*lines, self.versions[locale]])

    def as_json(self) -> dict[str, Any]:
        return {
            "directive": self.code,
            "on": self.on.isoformat(),
            "history": list(self.history),
            "obligations": [account.as_json() for account in self.accounts],
            "versions": self.versions,
        }


def explain(db: Session, directive: Directive, on: date) -> Explanation:
    """Everything about this directive's dates and mails, as known on the evening of `on`."""
    hindsight = Hindsight(db, directive)
    calendar = _calendar(db, directive, on)
    return Explanation(
        directive.code,
        directive.title,
        on,
        tuple(_history(db, directive, on)),
        tuple(_account(db, directive, hindsight, calendar, of) for of in hindsight.evening(on)),
        _versions(db, directive, calendar),
    )


def _account(
    db: Session, directive: Directive, hindsight: Hindsight, calendar_row: RuleVersion, of: NightOf
) -> Account:
    one, stretch = of.obligation, of.stretch
    policy = hindsight.policies[stretch.policy_id]
    calendar = policy.counted(rulebook.calendar(db, calendar_row.id))
    known = next(account for account in hindsight.accounts if account.obligation.id == one.id)
    is_running = stretch.status is ObligationStatus.RUNNING
    until = max(of.night, stretch.due_on) if is_running else stretch.due_on
    return Account(
        obligation_id=one.id,
        kind=one.kind.value,
        status=stretch.status.value,
        start=grounds.start(db, directive, one),
        rule=grounds.rule(db, directive, one, stretch, policy, of.night),
        opened_on=one.opened_on,
        due_on=stretch.due_on,
        original_due_on=one.original_due_on,
        level=of.level,
        days_left=calendar.count(of.night, stretch.due_on),
        days=counted_days(calendar, one.opened_on, until, stretch.due_on, suspensions(known, of.night)),
        steps=of.answers,
    )


def _history(db: Session, directive: Directive, on: date) -> Iterable[Texts]:
    """The acts that set or moved the date."""
    query = select(Event).where(
        col(Event.directive_id) == directive.id, col(Event.act).in_(list(ACTS)), col(Event.on) <= on
    )
    for event in db.scalars(query.order_by(col(Event.id))):
        due = f"{event.due_on:%d/%m/%Y}" if event.due_on else "-"
        why = f" ({event.reason})" if event.reason else ""
        yield {
            "vi": f"{event.on:%d/%m/%Y} {ACTS[event.act]['vi']}: hạn {due}{why}",
            "en": f"{event.on:%d/%m/%Y} {ACTS[event.act]['en']}: due {due}{why}",
        }


def _calendar(db: Session, directive: Directive, on: date) -> RuleVersion:
    """The calendar in force on that evening; before the first one was published, the one pinned."""
    zone = rulebook.active_policy(db).zone
    versions = select(RuleVersion).where(
        col(RuleVersion.kind) == RuleKind.CALENDAR,
        col(RuleVersion.name) == rulebook.DEFAULT[RuleKind.CALENDAR],
    )
    known = [
        one
        for one in db.scalars(versions.order_by(col(RuleVersion.number)))
        if rulebook.local_day(one.published_at, zone) <= on
    ]
    if known and directive.calendar_id not in {one.id for one in known}:
        return known[-1]
    pinned = directive.calendar_id
    return db.get_one(RuleVersion, pinned) if pinned else rulebook.active(db, RuleKind.CALENDAR)


def _versions(db: Session, directive: Directive, calendar: RuleVersion) -> Texts:
    policy = (
        db.get_one(RuleVersion, directive.policy_id)
        if directive.policy_id
        else rulebook.active(db, RuleKind.POLICY)
    )
    told = [f"{rule.name} {{of}} {rule.number} ({rule.version[:8]})" for rule in (policy, calendar)]
    vi, en = ([one.format(of=word) for one in told] for word in ("bản", "version"))
    return {"vi": f"Chính sách {vi[0]}, lịch {vi[1]}.", "en": f"Policy {en[0]}, calendar {en[1]}."}
