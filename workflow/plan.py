"""Why this date, why this mail, why none: one directive on one day, from the rules and the stored facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.calendar import DayNote, WorkingCalendar
from workflow.fates import Fates, Texts, Told
from workflow.ladder import timetable
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.rule_version import RuleKind, RuleVersion

KINDS: dict[str, Texts] = {
    "acknowledge": {"vi": "Tiếp nhận", "en": "Acknowledge"},
    "deliver": {"vi": "Báo cáo kết quả", "en": "Deliver"},
    "contribute": {"vi": "Phối hợp", "en": "Contribute"},
    "review": {"vi": "Duyệt báo cáo", "en": "Review"},
    "decide": {"vi": "Quyết định", "en": "Decide"},
}
MOVED_BY = (
    "calendar.move",
    "issue",
    "grant_extension",
    "send_back",
    "reopen",
    "resume",
    "suspend",
    "reassign",
)


@dataclass(frozen=True)
class Account:
    """One obligation: its dates, every day between, and the fate of every step of its ladder."""

    kind: str
    status: str
    opened_on: date
    due_on: date
    original_due_on: date
    level: int
    days_left: int
    days: tuple[DayNote, ...]
    steps: tuple[Told, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "status": self.status,
            "opened_on": self.opened_on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "original_due_on": self.original_due_on.isoformat(),
            "level": self.level,
            "working_days_left": self.days_left,
            "days": [_day_json(day) for day in self.days],
            "steps": [step.as_json() for step in self.steps],
        }

    def lines(self, locale: str) -> list[str]:
        vi = locale == "vi"
        state = self._state(locale)
        head = f"{KINDS[self.kind][locale]}: " + (
            f"hạn {self.due_on:%d/%m/%Y}" if vi else f"due {self.due_on:%d/%m/%Y}"
        )
        lines = [f"{head}, {state}."]
        lines += [f"  {step.on_text(locale)}" for step in map(_Spoken, self.steps)]
        if self.days:
            lines.append("  " + ("Cách tính: " if vi else "Counting: ") + counting(self.days, locale))
        return lines

    def _state(self, locale: str) -> str:
        if self.status != ObligationStatus.RUNNING:
            return STATUS[self.status][locale]
        if self.days_left < 0:
            late = {
                "vi": f"quá hạn {-self.days_left} ngày làm việc",
                "en": f"{-self.days_left} working days overdue",
            }
            at = (
                {"vi": f", cấp {self.level}", "en": f", level {self.level}"}
                if self.level
                else {"vi": "", "en": ""}
            )
            return late[locale] + at[locale]
        return {"vi": f"còn {self.days_left} ngày làm việc", "en": f"{self.days_left} working days left"}[
            locale
        ]


STATUS: dict[str, Texts] = {
    "met": {"vi": "đã thực hiện", "en": "met"},
    "void": {"vi": "không còn hiệu lực", "en": "void"},
    "paused": {"vi": "tạm dừng", "en": "paused"},
}


class _Spoken:
    def __init__(self, told: Told) -> None:
        self.told = told

    def on_text(self, locale: str) -> str:
        step = self.told.step
        name = (
            f"{step.offset:+d}"
            if step.level is None
            else {"vi": f"cấp {step.level.level}", "en": f"level {step.level.level}"}[locale]
        )
        return f"{step.on:%d/%m/%Y}  {name}: {self.told.text[locale]}"


@dataclass(frozen=True)
class Explanation:
    code: str
    title: str
    on: date
    history: tuple[Texts, ...]
    accounts: tuple[Account, ...]
    versions: Texts

    def text(self, locale: str) -> str:
        lines = [
            {
                "vi": f"{self.code}, tính đến {self.on:%d/%m/%Y}: {self.title}",
                "en": f"{self.code}, as of {self.on:%d/%m/%Y}: {self.title}",
            }[locale]
        ]
        lines += [f"  {one[locale]}" for one in self.history]
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
    calendar = (
        rulebook.calendar(db, directive.calendar_id)
        if directive.calendar_id
        else rulebook.active_calendar(db)
    )
    query = select(Obligation).where(
        col(Obligation.directive_id) == directive.id, col(Obligation.opened_on) <= on
    )
    obligations = list(db.scalars(query.order_by(col(Obligation.id))))
    fates = Fates(db, [one.id for one in obligations])
    accounts = tuple(_account(db, one, calendar, fates, on) for one in obligations)
    return Explanation(
        directive.code,
        directive.title,
        on,
        tuple(_history(db, directive, on)),
        accounts,
        _versions(db, directive),
    )


def _account(db: Session, one: Obligation, base: WorkingCalendar, fates: Fates, on: date) -> Account:
    policy = rulebook.policy(db, one.policy_id)
    calendar = policy.counted(base)
    steps = timetable(policy.ladders[one.ladder], calendar, one.opened_on, one.due_on, one.span_days)
    between = (
        calendar.days(min(on, one.due_on), max(on, one.due_on))
        if one.status is ObligationStatus.RUNNING
        else []
    )
    return Account(
        kind=one.kind.value,
        status=one.status.value,
        opened_on=one.opened_on,
        due_on=one.due_on,
        original_due_on=one.original_due_on,
        level=one.level,
        days_left=calendar.count(on, one.due_on),
        days=tuple(between),
        steps=tuple(fates.of(one, step, on) for step in steps),
    )


def _history(db: Session, directive: Directive, on: date) -> Iterable[Texts]:
    """The acts that set or moved the date."""
    query = select(Event).where(
        col(Event.directive_id) == directive.id, col(Event.act).in_(MOVED_BY), col(Event.on) <= on
    )
    for event in db.scalars(query.order_by(col(Event.id))):
        due = f"{event.due_on:%d/%m/%Y}" if event.due_on else "-"
        why = f" ({event.reason})" if event.reason else ""
        yield {
            "vi": f"{event.on:%d/%m/%Y} {ACTS[event.act]['vi']}: hạn {due}{why}",
            "en": f"{event.on:%d/%m/%Y} {ACTS[event.act]['en']}: due {due}{why}",
        }


ACTS: dict[str, Texts] = {
    "issue": {"vi": "phát hành", "en": "issued"},
    "grant_extension": {"vi": "gia hạn", "en": "extended"},
    "send_back": {"vi": "trả lại", "en": "sent back"},
    "reopen": {"vi": "mở lại", "en": "reopened"},
    "resume": {"vi": "tiếp tục", "en": "resumed"},
    "suspend": {"vi": "tạm dừng", "en": "suspended"},
    "reassign": {"vi": "giao lại", "en": "reassigned"},
    "calendar.move": {"vi": "lịch đổi", "en": "the calendar changed"},
}


def counting(days: Iterable[DayNote], locale: str) -> str:
    """Counted days, then the skipped ones by reason: the first day of the interval is where counting starts."""
    notes = list(days)
    counted = [day for day in notes[1:] if day.is_open]
    start = f"{notes[0].on:%d/%m/%Y}"
    said = ", ".join(f"{day.on:%d/%m}{_why_open(day, locale)}" for day in counted) or "-"
    skipped = sorted((day for day in notes[1:] if not day.is_open), key=lambda day: day.name[locale])
    groups = groupby(skipped, key=lambda day: day.name[locale])
    left_out = "; ".join(f"{', '.join(f'{day.on:%d/%m}' for day in same)} ({name})" for name, same in groups)
    skip = {"vi": "bỏ", "en": "skipped"}[locale]
    after = {"vi": "sau", "en": "after"}[locale]
    return f"{after} {start}: {said} = {len(counted)}" + (f"; {skip} {left_out}" if left_out else "")


def _why_open(day: DayNote, locale: str) -> str:
    return f" ({day.name[locale]})" if day.kind == "exchanged_working" else ""


def _day_json(day: DayNote) -> dict[str, Any]:
    return {
        "on": day.on.isoformat(), "counts": day.is_open, "kind": day.kind, "name": day.name,
        "source": day.source, "status": day.status,
    }  # fmt: skip


def _versions(db: Session, directive: Directive) -> Texts:
    policy = (
        db.get(RuleVersion, directive.policy_id)
        if directive.policy_id
        else rulebook.active(db, RuleKind.POLICY)
    )
    calendar = (
        db.get(RuleVersion, directive.calendar_id)
        if directive.calendar_id
        else rulebook.active(db, RuleKind.CALENDAR)
    )
    assert policy is not None
    assert calendar is not None
    told = [f"{rule.name} {{of}} {rule.number} ({rule.version[:8]})" for rule in (policy, calendar)]
    vi, en = ([one.format(of=word) for one in told] for word in ("bản", "version"))
    return {"vi": f"Chính sách {vi[0]}, lịch {vi[1]}.", "en": f"Policy {en[0]}, calendar {en[1]}."}
