"""What an answer by mail asks for becomes a move of its directive: same rules, same refusals."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import ClassVar

from sqlmodel import Session

from config import attachments, file_kinds
from notifications.intent import Intent, Wish
from notifications.replies import Attachment
from workflow.access import Actor, person_as_actor
from workflow.desk import Desk
from workflow.errors import WorkflowError
from workflow.inputs import Evidence, Inputs
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.person import Person

NO_EVIDENCE = ("signature", "calendar", "vcard", "ms-tnef", "rfc822")
PROOF = re.compile(r"^\s*(?:minh chứng|minh chung|evidence)\s*:\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
MOVES = {
    Intent.ACKNOWLEDGE: "acknowledge",
    Intent.PROGRESS: "progress",
    Intent.DONE: "report",
    Intent.EXTENSION: "request_extension",
    Intent.NOT_OURS: "dispute",
}


class AnswerIncomplete(WorkflowError):
    """The keyword is clear, but what belongs to it is missing: the sentence says what."""

    sentences: ClassVar[dict[str, str]] = {"vi": "{why}", "en": "{why}"}
    http_status = 422


@dataclass(frozen=True)
class Kept:
    """`left_out` names files that cannot be evidence; they stay in the received mail."""

    evidence: tuple[Evidence, ...] = ()
    left_out: tuple[str, ...] = ()


def keep(home: Path, files: Iterable[Attachment]) -> Kept:
    """Files go to the store first; whoever is refused afterwards must `forget` them."""
    kept: list[Evidence] = []
    left_out: list[str] = []
    try:
        for file in files:
            if any(word in file.content_type for word in NO_EVIDENCE):
                continue
            try:
                file_kinds.check(file.name, file.content)
                kept.append(attachments.keep(home, file.name, BytesIO(file.content)))
            except (file_kinds.KindRefused, attachments.FileRefused):
                left_out.append(file.name)
    except BaseException:
        forget(home, kept)
        raise
    return Kept(tuple(kept), tuple(left_out))


def forget(home: Path, evidence: Iterable[Evidence]) -> None:
    for one in evidence:
        if one.stored_as is not None:
            attachments.forget(home, one.stored_as)


def actor_of(db: Session, person: Person, organization_id: int) -> Actor:
    """The person as a member of the organisation that was written to, and as nothing else."""
    whole = person_as_actor(db, person)
    posts = tuple(post for post in whole.posts if post.organization_id == organization_id)
    return Actor(whole.name, whole.person_id, None, posts, whole.locale)


def perform(desk: Desk, directive: Directive, organization_id: int, wish: Wish, kept: Kept) -> Event:
    """Raises a WorkflowError and changes nothing when a rule refuses."""
    name = MOVES[wish.intent]
    if wish.intent is Intent.DONE and organization_id != directive.lead_id:
        name = "contribute"
    return desk.move(directive.code, name, _inputs(name, wish, kept))


def _inputs(name: str, wish: Wish, kept: Kept) -> Inputs:
    evidence = (*kept.evidence, *(Evidence(said.strip()[:200]) for said in PROOF.findall(wish.text)))
    text = wish.text or None
    if name in ("request_extension", "dispute"):
        _check_reason(name, wish)
        return Inputs(reason=text, due_on=wish.extension_on, evidence=evidence)
    if name == "progress" and text is None:
        raise AnswerIncomplete(why=NO_PROGRESS)
    if name == "report" and not evidence:
        raise AnswerIncomplete(why=_no_evidence(kept))
    if name in ("report", "contribute"):
        return Inputs(text=text or "Hoàn thành", evidence=evidence)
    return Inputs(text=text, evidence=evidence)


def _check_reason(name: str, wish: Wish) -> None:
    if name == "request_extension" and wish.extension_on is None:
        raise AnswerIncomplete(why=BAD_DATE if wish.problem == "bad_date" else NO_DATE)
    if not wish.text:
        raise AnswerIncomplete(why=NO_REASON)


def _no_evidence(kept: Kept) -> dict[str, str]:
    if kept.left_out:
        refused = file_kinds.KindRefused(name=", ".join(kept.left_out))
        return {locale: refused.text(locale) for locale in ("vi", "en")}
    return NO_EVIDENCE_SAID


NO_PROGRESS = {
    "vi": "Chưa có nội dung tiến độ. Đề nghị ghi nội dung sau từ TIẾN ĐỘ.",
    "en": "The progress itself is missing. Please write it after the word TIẾN ĐỘ.",
}
NO_EVIDENCE_SAID = {
    "vi": "Báo cáo hoàn thành cần minh chứng: đính kèm tệp, hoặc ghi một dòng bắt đầu bằng “Minh chứng:” nêu số văn bản.",
    "en": "A report of completion needs evidence: attach a file, or write a line beginning with “Minh chứng:” "
    "that names a document.",
}
NO_DATE = {
    "vi": "Chưa rõ ngày gia hạn. Đề nghị ghi, ví dụ: GIA HẠN 20/10/2026 và lý do.",
    "en": "The date wanted is missing. Please write, for example: GIA HẠN 20/10/2026 and the reason.",
}
BAD_DATE = {
    "vi": "Ngày gia hạn đã ghi không có trong lịch. Đề nghị ghi lại theo dạng GIA HẠN ngày/tháng/năm.",
    "en": "The date wanted does not exist. Please write it as GIA HẠN day/month/year.",
}
NO_REASON = {
    "vi": "Chưa nêu lý do. Đề nghị ghi lý do ngay sau từ khóa hoặc ở dòng dưới.",
    "en": "The reason is missing. Please write it after the keyword or on the next line.",
}
