"""The parts of a letter that come from one act: decisions, verdicts, receipts, releases, pauses."""

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from notifications.kinds import MailKind
from notifications.payload import (
    Answer,
    Decision,
    Locale,
    Pause,
    Reached,
    Receipt,
    ReceivedFile,
    Release,
    Said,
    Verdict,
)
from workflow.ladder import Ladder, Level, Position, Step
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event

HOLDERS: dict[Position, dict[Locale, str]] = {
    Position.CLERK: {"vi": "đầu mối cơ quan", "en": "the agency's contact"},
    Position.DEPUTY_HEAD: {"vi": "phó thủ trưởng cơ quan", "en": "the agency's deputy head"},
    Position.HEAD: {"vi": "thủ trưởng cơ quan", "en": "the agency's head"},
    Position.SECRETARY: {"vi": "Thư ký Đoàn giám sát", "en": "the secretary of the delegation"},
    Position.DEPUTY_CHAIR: {"vi": "Phó Trưởng Đoàn giám sát", "en": "the deputy chair of the delegation"},
    Position.CHAIR: {"vi": "Trưởng Đoàn giám sát", "en": "the chair of the delegation"},
}

SAID: dict[str, Said] = {
    "report": "report",
    "contribute": "contribution",
    "dispute": "dispute",
    "request_extension": "extension",
    "keep": "dispute_refused",
}


def parts(
    kind: MailKind,
    event: Event | None,
    directive: Directive,
    files: list[Attachment],
    new_agency: Callable[[Directive], str | None],
    zone: ZoneInfo,
) -> dict[str, Any]:
    """The typed part this kind of letter needs, as keyword arguments of `Letter`."""
    if event is None:
        return {}
    if kind is MailKind.EXTENSION_DECISION:
        return {"decision": _decision(event, directive)}
    if kind in (MailKind.ACCEPTED, MailKind.SENT_BACK):
        return {"verdict": _verdict(kind, event, directive)}
    if kind in (MailKind.ANSWERED, MailKind.DISPUTE_REFUSED):
        return {"answer": Answer(SAID[event.act], event.actor, _words(event))}
    if kind is MailKind.RECEIPT:
        return {"receipt": _receipt(event, directive, files, zone)}
    if kind is MailKind.REASSIGNED_OR_WITHDRAWN:
        moved = new_agency(directive) if event.act == "reassign" else None
        return {"release": Release(event.reason or "", moved)}
    if kind is MailKind.SUSPENDED_OR_RESUMED:
        return {"pause": Pause(event.act == "suspend", event.reason or "", _until(event))}
    return {}


def _decision(event: Event, directive: Directive) -> Decision:
    due_on = event.due_on or directive.due_on or event.on
    return Decision(event.act == "grant_extension", due_on, directive.original_due_on or due_on, event.reason)


def _verdict(kind: MailKind, event: Event, directive: Directive) -> Verdict:
    accepted = kind is MailKind.ACCEPTED
    return Verdict(
        accepted, accepted and is_on_time(directive), event.reason, None if accepted else event.due_on
    )


def is_on_time(directive: Directive) -> bool:
    """On time iff the accepted report came on or before the revised due day (a rhythm has its own days)."""
    if directive.due_on is None or directive.reported_on is None:
        return True
    return directive.reported_on <= directive.due_on


def _receipt(event: Event, directive: Directive, files: list[Attachment], zone: ZoneInfo) -> Receipt:
    received = tuple(ReceivedFile(file.name, file.sha256, file.size) for file in files)
    return Receipt(directive.code, event.at.astimezone(zone), _words(event), received)


def _words(event: Event) -> str:
    detail = event.detail or {}
    return event.reason or str(detail.get("text", ""))


def _until(event: Event) -> date | None:
    detail = event.detail or {}
    stated = detail.get("resume_on")
    return date.fromisoformat(stated) if stated else event.due_on


def reached(climbs: list[Event], ladder: Ladder, until: int, locale: Locale) -> tuple[Reached, ...]:
    """Levels up to `until` that were told, to whom and when."""
    names = {level.level: holders(level, locale) for level in ladder.levels}
    return tuple(
        Reached(event.level, names.get(event.level, ""), event.on)
        for event in climbs
        if event.level is not None and event.level <= until
    )


def holders(level: Level, locale: Locale) -> str:
    return ", ".join(HOLDERS[audience.position][locale] for audience in level.to)


def next_text(step: Step, locale: Locale) -> str:
    """What the next step is, without its date."""
    if step.level is None:
        return {"vi": "nhắc lần sau", "en": "next reminder"}[locale]
    level, whom = step.level.level, holders(step.level, locale)
    return {"vi": f"lên cấp {level}, báo cáo {whom}", "en": f"level {level}, told to {whom}"}[locale]
