"""Letters a person signs: when each may be drafted, and keeping the signed copy. Nothing here is ever sent."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from workflow import audit
from workflow.access import Actor, roles_in
from workflow.desk import Desk
from workflow.drafts import DRAFTING_ROLES
from workflow.errors import InputWrong, RoleNotAllowed, WorkflowError
from workflow.inputs import Evidence
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.extension import Extension, ExtensionStatus
from workflow.models.obligation import Obligation
from workflow.words import Texts, pair

DRAFTED, SIGNED = "letter.draft", "letter.signed"


class LetterKind(StrEnum):
    URGE = "urge"
    EXPLAIN = "explain"
    CRITICISE = "criticise"
    EXTENSION = "extension"
    TRANSFER = "transfer"


LETTERS: dict[LetterKind, Texts] = {
    LetterKind.URGE: pair("Công văn đôn đốc", "Letter urging action"),
    LetterKind.EXPLAIN: pair("Yêu cầu giải trình", "Request for an explanation"),
    LetterKind.CRITICISE: pair("Đề nghị phê bình", "Proposal of criticism"),
    LetterKind.EXTENSION: pair("Thông báo về gia hạn", "Decision on an extension"),
    LetterKind.TRANSFER: pair("Biên bản bàn giao nhiệm vụ", "Minutes of transfer"),
}
LEVELS = {LetterKind.URGE: 2, LetterKind.EXPLAIN: 3, LetterKind.CRITICISE: 4}


class LetterNotDue(WorkflowError):
    """The facts the letter would state are not there."""

    sentences = {
        "vi": "Chưa lập được '{letter}' cho {code}: {why}",
        "en": "'{letter}' cannot be drafted for {code} yet: {why}",
    }


@dataclass(frozen=True)
class Basis:
    """What a letter rests on: the level reached, the decision on an extension, or the handing over.

    Nobody is urged about what is closed, whatever level it had reached.
    """

    level: int
    closed_on: date | None
    extension: Extension | None
    transfer: Event | None


def basis(db: Session, directive: Directive) -> Basis:
    """`level` is the highest reached by the due version that runs now, or ran last."""
    level = select(func.max(col(Obligation.level))).where(
        col(Obligation.directive_id) == directive.id, col(Obligation.due_version) == directive.due_version
    )
    decided = select(Extension).where(
        col(Extension.directive_id) == directive.id,
        col(Extension.status).in_([ExtensionStatus.GRANTED, ExtensionStatus.REFUSED]),
    )
    moved = select(Event).where(col(Event.directive_id) == directive.id, col(Event.act) == "reassign")
    return Basis(
        level=db.scalar(level) or 0,
        closed_on=directive.closed_on,
        extension=db.scalar(decided.order_by(col(Extension.id).desc()).limit(1)),
        transfer=db.scalar(moved.order_by(col(Event.id).desc()).limit(1)),
    )


def possible(on: Basis) -> list[LetterKind]:
    return [kind for kind in LetterKind if _missing(kind, on) is None]


def draft(desk: Desk, code: str, kind: LetterKind) -> Directive:
    """Record that a draft was made. Raises LetterNotDue, or RoleNotAllowed: drafting is the delegation's."""
    directive = desk.locked(code)
    check_may_write(desk.db, desk.actor, directive, kind)
    if (why := _missing(kind, basis(desk.db, directive))) is not None:
        raise LetterNotDue(letter=LETTERS[kind], code=code, why=why)
    _record(desk, directive, DRAFTED, kind, {})
    return directive


def _missing(kind: LetterKind, on: Basis) -> Texts | None:
    if kind in LEVELS and on.closed_on is not None:
        return pair(
            f"nhiệm vụ đã kết thúc ngày {on.closed_on:%d/%m/%Y}.",
            f"the directive was closed on {on.closed_on:%d/%m/%Y}.",
        )
    if kind in LEVELS and on.level < LEVELS[kind]:
        needed = LEVELS[kind]
        return pair(
            f"cần đôn đốc đến cấp {needed}, nay là cấp {on.level}.",
            f"level {needed} is needed, it is at {on.level}.",
        )
    if kind is LetterKind.EXTENSION and on.extension is None:
        return pair("chưa có quyết định về gia hạn.", "no extension was decided.")
    if kind is LetterKind.TRANSFER and on.transfer is None:
        return pair("nhiệm vụ chưa chuyển cho cơ quan khác.", "it was never given to another agency.")
    return None


def attach_signed(
    desk: Desk, code: str, kind: LetterKind, number: str, signed_on: date, scan: Evidence
) -> Event:
    """The signed copy comes back: number and date are the office's own."""
    directive = desk.locked(code)
    check_may_write(desk.db, desk.actor, directive, kind)
    if not number.strip():
        raise InputWrong(field="number", value="", why=pair("Ghi số văn bản.", "Give its number."))
    if signed_on > desk.today:
        why = pair("Ngày ký không thể ở tương lai.", "It cannot be signed in the future.")
        raise InputWrong(field="signed_on", value=f"{signed_on:%d/%m/%Y}", why=why)
    detail = {"number": number.strip(), "signed_on": signed_on.isoformat(), "evidence": [scan.name]}
    event = _record(desk, directive, SIGNED, kind, detail)
    desk.db.add(
        Attachment(
            directive_id=directive.id, event_id=event.id, name=scan.name, media_type=scan.media_type,
            size=scan.size, sha256=scan.sha256, stored_as=scan.stored_as or "", received_at=desk.now,
        )
    )  # fmt: skip
    return event


def check_may_write(db: Session, actor: Actor, directive: Directive, kind: LetterKind) -> None:
    if actor.is_system or roles_in(db, actor, directive) & {*DRAFTING_ROLES, "administrator"}:
        return
    raise RoleNotAllowed(
        actor=actor.name,
        move=LETTERS[kind],
        code=directive.code,
        allowed=pair("Thư ký, Phó Trưởng đoàn, Trưởng đoàn", "Secretary, Deputy chair, Chair"),
    )


def _record(desk: Desk, directive: Directive, act: str, kind: LetterKind, detail: dict[str, Any]) -> Event:
    said = LETTERS[kind]["vi"] + (f" số {detail['number']}" if "number" in detail else "")
    return audit.record(
        desk.db, desk.actor, act, at=desk.now, on=desk.today, directive_id=directive.id, reason=f"{said}.",
        detail={"letter": kind.value, **detail},
    )  # fmt: skip
