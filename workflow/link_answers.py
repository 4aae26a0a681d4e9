"""An answer given through a link: signed by whoever gives it, counted once, made at the agency's desk."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import links
from workflow.desk import Desk
from workflow.errors import InputWrong, WorkflowError
from workflow.inputs import Inputs
from workflow.links import Opened
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.link import AnswerLink, LinkAnswer
from workflow.possible import lifecycle_of
from workflow.rulebook import active_policy, local_day
from workflow.statements import changed, insert_new
from workflow.words import Texts

LONGEST = 100
ANSWERS = ("acknowledge", "progress", "report", "request_extension", "dispute", "contribute")
DECISIONS = ("grant_extension", "refuse_extension", "keep", "send_back", "accept", "take_note", "reopen")


class AnsweredOtherwise(WorkflowError):
    """This very form was sent before, with other contents."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Trang này đã gửi một trả lời khác lúc {at}, đã được ghi. Nội dung mới vẫn còn trong ô; gửi lại nếu muốn bổ sung.",
        "en": "This page already sent another answer at {at}, which was saved. Your new text is still in the fields; send it again to add it.",
    }


class DateMoved(WorkflowError):
    """The due date changed between reading and answering."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Thời hạn của {code} vừa thay đổi. Trang này đã hiện thời hạn mới; nội dung vẫn còn trong ô, gửi lại nếu vẫn đúng.",
        "en": "The due date of {code} has just changed. This page shows the new one; your text is still there, send it again if it holds.",
    }


class CodeNeeded(WorkflowError):
    """A secret directive opens to who also reads the registered mailbox."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Nội dung chỉ hiện sau khi nhập mã gửi tới hộp thư đã đăng ký.",
        "en": "The content is shown after entering a code sent to the registered mailbox.",
    }
    http_status = 403


class NotSigned(WorkflowError):
    """An answer without its author."""

    sentences: ClassVar[dict[str, str]] = {"vi": "Chưa ghi {field}.", "en": "{field} is not filled in."}
    http_status = 422


@dataclass(frozen=True)
class Signature:
    """Who answers, in words: the agency knows its people, we do not."""

    name: str
    post: str

    def checked(self) -> "Signature":
        """Raises NotSigned or InputWrong for the first that is empty or too long."""
        return Signature(_filled("name", self.name), _filled("post", self.post))


def _filled(field: str, text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise NotSigned(field=FIELDS[field])
    if len(line) > LONGEST:
        why = {"vi": f"Nhiều nhất {LONGEST} ký tự.", "en": f"At most {LONGEST} characters."}
        raise InputWrong(field=FIELDS[field], value=f"{line[:40]}…", why=why)
    return line


@dataclass(frozen=True)
class Said:
    """One move on one directive; `due_version` is the one the person saw."""

    code: str
    move: str
    due_version: int
    inputs: Inputs


def answer(
    db: Session, token: str, form_key: str, signature: Signature, said: Sequence[Said], now: datetime, *, proven: bool = False
) -> LinkAnswer:  # fmt: skip
    """All moves of one form in this transaction, or none; the same form again gives its first answer.

    Raises the refusals of links, of the lifecycle, and DateMoved or AnsweredOtherwise.
    """
    signed = signature.checked()
    link = links.find(db, token, locked=True)
    zone = active_policy(db).zone
    opened = links.open_link(db, link, local_day(now, zone), proven=proven)
    digest = _digest(signed, said)
    if not _first(db, link, form_key, digest, signed, now):
        return _given(db, link, form_key, digest, ZoneInfo(zone))
    link.name, link.post = signed.name, signed.post
    actor = replace(opened.actor, name=f"{signed.name}, {signed.post}")
    desk = Desk(db, actor, now)
    events = [_made(desk, opened, one, proven=proven) for one in said]
    desk.finish()
    given = _by_key(db, form_key)
    given.event_ids = [event.id for event in events]
    db.flush()
    return given


def given_before(
    db: Session, token: str, form_key: str, signature: Signature, said: Sequence[Said]
) -> LinkAnswer | None:
    """The answer this form gave already; raises AnsweredOtherwise when it now says something else."""
    before = db.scalar(select(LinkAnswer).where(col(LinkAnswer.form_key) == form_key))
    if before is None:
        return None
    zone = ZoneInfo(active_policy(db).zone)
    return _given(db, links.find(db, token), form_key, _digest(signature.checked(), said), zone)


def _made(desk: Desk, opened: Opened, said: Said, *, proven: bool) -> Event:
    directive = opened.directive(said.code)
    if directive.is_secret and not proven:
        raise CodeNeeded
    if desk.locked(directive.code).due_version != said.due_version:
        raise DateMoved(code=said.code)
    return desk.move(said.code, said.move, said.inputs)


def _first(
    db: Session, link: AnswerLink, form_key: str, digest: str, signed: Signature, now: datetime
) -> bool:
    row = {
        "link_id": link.id, "form_key": form_key, "digest": digest, "at": now, "name": signed.name,
        "post": signed.post, "event_ids": [],
    }  # fmt: skip
    return changed(db, insert_new(db, LinkAnswer).values(row)) == 1


def _given(db: Session, link: AnswerLink, form_key: str, digest: str, zone: ZoneInfo) -> LinkAnswer:
    before = _by_key(db, form_key)
    if before.link_id != link.id:
        raise links.LinkUnknown
    if before.digest != digest:
        raise AnsweredOtherwise(at=f"{before.at.astimezone(zone):%H:%M}")
    return before


def _by_key(db: Session, form_key: str) -> LinkAnswer:
    return db.scalars(select(LinkAnswer).where(col(LinkAnswer.form_key) == form_key)).one()


def _digest(signed: Signature, said: Sequence[Said]) -> str:
    """Of everything a person wrote; files count by their own digest."""
    whole = [
        [
            one.code, one.move, one.inputs.text, one.inputs.reason, str(one.inputs.due_on),
            sorted([file.name, file.sha256] for file in one.inputs.evidence),
        ]
        for one in said
    ]  # fmt: skip
    packed = json.dumps([signed.name, signed.post, whole], ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


@dataclass(frozen=True)
class Part:
    """One directive of a receipt: what was done, said and attached."""

    directive: Directive
    event: Event
    files: list[Attachment]
    title: Texts


@dataclass(frozen=True)
class Receipt:
    given: LinkAnswer
    parts: list[Part]


def receipt(db: Session, opened: Opened, answer_id: int) -> Receipt:
    """Raises LinkUnknown for an answer given through another link."""
    given = db.get(LinkAnswer, answer_id)
    if given is None or given.link_id != opened.link.id:
        raise links.LinkUnknown
    parts = []
    for event in db.scalars(select(Event).where(col(Event.id).in_(given.event_ids)).order_by(col(Event.id))):
        files = select(Attachment).where(col(Attachment.event_id) == event.id).order_by(col(Attachment.id))
        directive = db.get_one(Directive, event.directive_id)
        parts.append(Part(directive, event, list(db.scalars(files)), _title(db, directive, event)))
    return Receipt(given, parts)


def history(db: Session, opened: Opened, directive: Directive) -> list[Part]:
    """Answers of this agency and what the delegation decided on them, oldest first."""
    leads = directive.lead_id in {one.id for one in opened.agencies}
    acts = (*ANSWERS, *DECISIONS) if leads else ("contribute",)
    query = select(Event).where(col(Event.directive_id) == directive.id, col(Event.act).in_(acts))
    if not leads:
        query = query.where(col(Event.person_id) == opened.person.id)
    files: dict[int | None, list[Attachment]] = {}
    for file in db.scalars(select(Attachment).where(col(Attachment.directive_id) == directive.id)):
        files.setdefault(file.event_id, []).append(file)
    events = db.scalars(query.order_by(col(Event.id)))
    return [Part(directive, event, files.get(event.id, []), _title(db, directive, event)) for event in events]


def _title(db: Session, directive: Directive, event: Event) -> Texts:
    """What the act was called in the state it was made in."""
    lifecycle = lifecycle_of(db, directive)
    named = [move for move in lifecycle.moves_from(event.from_state or "") if move.name == event.act]
    return named[0].title if named else lifecycle.move_title(event.act)


FIELDS = {
    "name": {"vi": "họ và tên người trả lời", "en": "Your name"},
    "post": {"vi": "chức vụ, đơn vị", "en": "Your post and unit"},
}
