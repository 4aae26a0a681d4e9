"""Correcting a draft: what changed, from what to what, goes into the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow import effects, recurrence
from workflow.desk import Desk
from workflow.drafts import shortened
from workflow.errors import InputWrong
from workflow.inputs import Inputs
from workflow.intake import Unclear
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.organization import OrganizationKind
from workflow.urgency import check_urgency


@dataclass(frozen=True)
class Correction:
    """Only what is given changes. `due_on` and `rhythm` replace each other; an empty `urgency` takes it off."""

    text: str | None = None
    title: str | None = None
    product: str | None = None
    lead: str | None = None
    coordinating: tuple[str, ...] | None = None
    due_on: date | None = None
    rhythm: str | None = None
    incomplete_reason: str | None = None
    urgency: str | None = None


def correct_draft(desk: Desk, code: str, correction: Correction, *, version: int | None = None) -> Event:
    """The lifecycle's `correct`: raises MoveNotAllowed for what is issued already."""
    directive = desk.locked(code)
    before = _facts(directive)
    _apply(desk, directive, correction)
    changes = [
        f"{name}: {_said(before[name])} → {_said(value)}"
        for name, value in _facts(directive).items()
        if before[name] != value
    ]
    if correction.coordinating is not None:
        changes.append(f"coordinating: {', '.join(correction.coordinating) or '-'}")
    if not changes:
        why = {"vi": "Không có gì thay đổi.", "en": "Nothing changes."}
        raise InputWrong(field="directive", value=code, why=why)
    return desk.move(code, "correct", Inputs(reason="; ".join(changes)), version=version)


def fill_missing(desk: Desk, lacking: Iterable[Unclear], *, due_on: date | None, product: str | None) -> int:
    """What several drafts lack alike; what one of them says already stays. Returns how many were filled."""
    filled = 0
    for one in lacking:
        correction = Correction(
            due_on=due_on if "time" in one.missing else None,
            product=product if "product" in one.missing else None,
        )
        if correction != Correction():
            correct_draft(desk, one.code, correction)
            filled += 1
    return filled


def _apply(desk: Desk, directive: Directive, correction: Correction) -> None:
    if correction.due_on is not None and correction.rhythm is not None:
        why = {"vi": "Chỉ chọn thời hạn hoặc kỳ báo cáo.", "en": "Give a due date or a rhythm, not both."}
        raise InputWrong(field="rhythm", value=correction.rhythm, why=why)
    if correction.text is not None:
        directive.title = shortened(correction.text)
    if correction.urgency is not None:
        directive.urgency = check_urgency(correction.urgency)
    for name in ("text", "title", "product", "incomplete_reason"):
        if (value := getattr(correction, name)) is not None:
            setattr(directive, name, value)
    if correction.due_on is not None:
        directive.due_on, directive.rhythm, directive.due_is_express = correction.due_on, None, True
    if correction.rhythm is not None:
        directive.due_on, directive.rhythm = None, recurrence.check_rhythm(correction.rhythm)
    if correction.lead is not None:
        directive.lead_id = _lead(desk, correction.lead)
    if correction.coordinating is not None:
        effects.set_coordinating(desk.db, directive, correction.coordinating)
    desk.db.add(directive)
    desk.db.flush()


def _lead(desk: Desk, code: str) -> int:
    found = effects.organization(desk.db, code)
    if found.kind is OrganizationKind.DELEGATION:
        why = {"vi": "Đoàn giám sát không thể tự chủ trì.", "en": "A delegation cannot be the lead."}
        raise InputWrong(field="lead", value=code, why=why)
    return found.id


def _facts(directive: Directive) -> dict[str, Any]:
    names = ("title", "text", "product", "lead_id", "due_on", "rhythm", "incomplete_reason", "urgency")
    return {name: getattr(directive, name) for name in names}


def _said(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "-" if value is None else str(value)
