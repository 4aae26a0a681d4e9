"""Everything one page says about one directive, in the order it happened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.errors import NotFound
from workflow.ladder import ObligationKind, timetable
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.message import MessageStatus
from workflow.models.notice import NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization
from workflow.models.supervision import Conclusion, Supervision
from workflow.store import events, obligations, tellings
from workflow.store.obligations import Owed
from workflow.store.tellings import Telling
from workflow.views.rules import Rules
from workflow.words import MESSAGES, NOTICES, OBLIGATIONS, POSITIONS, Texts, pair

FAILED = (MessageStatus.REJECTED, MessageStatus.PARKED, MessageStatus.EXPIRED)
ACTS: dict[str, Texts] = {
    "draft": pair("Soạn dự thảo", "Drafted"),
    "climb": pair("Lên cấp", "Escalated"),
    "remind": pair("Nhắc ngay", "Reminded by hand"),
    "letter.draft": pair("Lập dự thảo văn bản", "Letter drafted"),
    "letter.signed": pair("Lưu bản đã ký", "Signed letter kept"),
    "mail.filed": pair("Lưu thư của cơ quan vào hồ sơ", "Filed a mail of the agency"),
    "mail.matched": pair("Ghép thư đến", "Matched a received mail"),
}
DOTS = {
    "climb": "esc", "escalate": "esc", "accept": "ok", "acknowledge": "ok", "take_note": "ok",
    "request_extension": "rev", "dispute": "rev", "report": "rev", "grant_extension": "ok",
    "refuse_extension": "late", "send_back": "late",
}  # fmt: skip
ICONS = {
    "climb": "esc", "escalate": "esc", "accept": "done", "acknowledge": "done", "take_note": "done",
    "request_extension": "cal2", "grant_extension": "cal2", "report": "doc", "issue": "send", "draft": "doc",
    "send_back": "back", "return_to_issuer": "back", "reminder": "mail", "refuse_extension": "x",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line of the timeline. `sort` orders by instant; mails of a night come at that night."""

    sort: tuple[datetime, int]
    on: date
    at: datetime | None
    icon: str
    dot: str
    title: Texts
    by: str | None
    why: Texts | None
    said: str | None
    files: list[Attachment]


@dataclass(frozen=True)
class Rung:
    """One level of the ladder: `css` is past, on or todo-step."""

    level: int
    css: str
    holders: Texts
    after: int
    on: date


@dataclass(frozen=True)
class Found:
    directive: Directive
    supervision: Supervision
    conclusion: Conclusion | None
    lead: Organization | None


@dataclass(frozen=True)
class Sheet:
    directive: Directive
    supervision: Supervision
    conclusion: Conclusion | None
    lead: Organization | None
    owed: list[Owed]
    steps: list[Step]
    files: list[Attachment]
    rungs: list[Rung]
    policy: Texts | None

    @property
    def coordinating(self) -> list[str]:
        """Names of those who contribute, or did."""
        lasting = [one for one in self.owed if one.obligation.status is not ObligationStatus.VOID]
        return sorted({one.by for one in lasting if one.obligation.kind is ObligationKind.CONTRIBUTE})

    @property
    def is_asked(self) -> bool:
        """Does a request wait for a decision?"""
        return any(
            one.obligation.kind is ObligationKind.DECIDE and one.obligation.status is ObligationStatus.RUNNING
            for one in self.owed
        )


def find(db: Session, actor: Actor, code: str) -> Found:
    """The directive and what surrounds it; raises NotFound for what is not this actor's to see."""
    columns: tuple[Any, ...] = (Directive, Supervision, Conclusion, Organization)
    query = (
        select(*columns)
        .select_from(Directive)
        .join(Supervision, col(Supervision.id) == col(Directive.supervision_id))
        .outerjoin(Conclusion, col(Conclusion.id) == col(Directive.conclusion_id))
        .outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
        .where(col(Directive.code) == code, visible(actor))
    )
    found = db.execute(query).first()
    if found is None:
        raise NotFound(what={"vi": "nhiệm vụ", "en": "Directive"}, code=code)
    return Found(*found)


def sheet(db: Session, actor: Actor, found: Found, rules: Rules, titles: dict[str, Texts]) -> Sheet:
    """`titles` are the lifecycle's names of acts. The directive was found through access."""
    directive = found.directive
    journal = events.of_directive(db, directive)
    has_files = any((event.detail or {}).get("evidence") for event in journal)
    files = events.files_of(db, directive) if has_files else []
    owed = obligations.of_directive(db, directive)
    told = tellings.of_directive(db, actor, directive.id)
    kinds = {one.obligation.id: one.obligation.kind for one in owed}
    steps = [_act(event, files, titles, kinds) for event in journal]
    steps += _mails(told, journal)
    return Sheet(
        directive, found.supervision, found.conclusion, found.lead, owed, sorted(steps, key=lambda step: step.sort, reverse=True),
        files, *_ladder(owed, rules),
    )  # fmt: skip


def _act(
    event: Event, files: list[Attachment], titles: dict[str, Texts], kinds: dict[int, ObligationKind]
) -> Step:
    title = ACTS.get(event.act) or titles.get(event.act) or pair(event.act, event.act)
    if event.level is not None:
        owed = OBLIGATIONS[kinds.get(event.obligation_id or 0, ObligationKind.DELIVER)]
        title = pair(
            f"Lên cấp {event.level}: {owed['vi'].lower()}", f"Level {event.level}: {owed['en'].lower()}"
        )
    said = (event.detail or {}).get("text")
    return Step(
        sort=(event.at, event.id),
        on=event.on,
        at=event.at,
        icon=ICONS.get(event.act, "info"),
        dot=DOTS.get(event.act, ""),
        title=title,
        by=None if event.person_id is None and event.actor == "system" else event.actor,
        why=_why(event),
        said=str(said) if said else None,
        files=[file for file in files if file.event_id == event.id],
    )


def _why(event: Event) -> Texts | None:
    if event.reason:
        return pair(event.reason, event.reason)
    if event.act in ("issue", "grant_extension", "send_back", "reopen", "resume") and event.due_on:
        return pair(f"Thời hạn {event.due_on:%d/%m/%Y}.", f"Due {event.due_on:%d/%m/%Y}.")
    return None


def _mails(told: list[Telling], journal: list[Event]) -> list[Step]:
    """Mails of the clock, one line a night and kind. They stand where their night began."""
    groups: dict[tuple[date, Any], list[Telling]] = {}
    for one in told:
        if not one.is_act and one.status is NoticeStatus.WANTED:
            groups.setdefault((one.night_on, one.kind), []).append(one)
    zone = journal[0].at.tzinfo if journal else None
    return [_mail(night, kind, lines, zone) for (night, kind), lines in groups.items()]


def _mail(night: date, kind: Any, lines: list[Telling], zone: Any) -> Step:
    names = ", ".join(
        f"{one.person} ({MESSAGES[MessageStatus(one.message_status)]['vi']})"
        if one.message_status
        else str(one.person)
        for one in lines
    )
    english = ", ".join(
        f"{one.person} ({MESSAGES[MessageStatus(one.message_status)]['en']})"
        if one.message_status
        else str(one.person)
        for one in lines
    )
    lost = any(one.message_status in FAILED for one in lines)
    start = datetime(night.year, night.month, night.day, tzinfo=zone)
    return Step(
        sort=(start, 0), on=night, at=None, icon="mail", dot="late" if lost else "",
        title=NOTICES[kind], by=None, why=pair(f"Gửi {names}.", f"To {english}."), said=None, files=[],
    )  # fmt: skip


def _ladder(owed: list[Owed], rules: Rules) -> tuple[list[Rung], Texts | None]:
    """Of the delivery that runs, or ran last."""
    deliveries = [one.obligation for one in owed if one.obligation.kind is ObligationKind.DELIVER]
    running = [one for one in deliveries if one.status is ObligationStatus.RUNNING]
    if not deliveries:
        return [], None
    obligation = (running or deliveries)[-1]
    policy = rules.policies[obligation.policy_id]
    steps = timetable(
        policy.ladders[obligation.ladder], policy.counted(rules.calendar), obligation.opened_on,
        obligation.due_on, obligation.span_days,
    )  # fmt: skip
    rungs = [_rung(step, obligation) for step in steps if step.level is not None]
    return rungs, policy.title


def _rung(step: Any, obligation: Obligation) -> Rung:
    level = step.level
    names = {
        locale: ", ".join(POSITIONS[one.position][locale] for one in level.to) for locale in ("vi", "en")
    }
    css = (
        "todo-step" if level.level > obligation.level else "past" if level.level < obligation.level else "on"
    )
    return Rung(level.level, css, names, level.after, step.on)
