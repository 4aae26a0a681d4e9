"""A move of the lifecycle as a form: which fields it asks for, and what was typed into them."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from config import attachments
from web.files import checked
from web.form import Form
from workflow.inputs import Evidence, Inputs
from workflow.models.directive import Directive
from workflow.models.extension import Extension
from workflow.moves import Move
from workflow.possible import Possible
from workflow.words import Texts, pair

NOT_HERE = ("correct",)
TEXTS = ("note", "result", "progress")
OPTIONAL: dict[str, tuple[str, ...]] = {
    "issue": ("due_on",),
    "acknowledge": ("note",),
    "progress": ("evidence",),
    "request_extension": ("evidence",),
    "contribute": ("evidence",),
    "grant_extension": ("reason",),
    "accept": ("reason",),
    "take_note": ("reason",),
    "reassign": ("coordinating",),
    "resume": ("reason",),
}
HINTS: dict[str, Texts] = {
    "acknowledge": pair("Đã nhận và phân công thực hiện", "Received and assigned"),
    "progress": pair("Đang làm đến đâu, có vướng mắc gì", "How far it is, what stands in the way"),
    "report": pair("Kết quả và minh chứng, chờ duyệt", "Result and evidence, for review"),
    "request_extension": pair("Nêu ngày mới và lý do", "A new date and the reason"),
    "dispute": pair("Đề nghị chuyển cơ quan khác", "Ask for another agency"),
    "grant_extension": pair(
        "Ngừng đôn đốc, tính theo hạn mới. Hạn gốc vẫn được giữ trong báo cáo.",
        "Escalation stops and counts from the new date. The original date stays in reports.",
    ),
    "refuse_extension": pair("Giữ hạn hiện tại, tiếp tục đôn đốc.", "The date stays, escalation goes on."),
    "accept": pair(
        "Ghi nhận kết quả và kết thúc theo dõi.", "The result is accepted and the directive closed."
    ),
    "send_back": pair("Cơ quan bổ sung đến ngày mới.", "The agency completes it by a new date."),
    "take_note": pair("Kỳ này xong, kỳ sau tiếp tục.", "This period is done, the next goes on."),
    "keep": pair("Cơ quan chủ trì không đổi.", "The lead agency stays."),
    "return_to_issuer": pair("Về dự thảo để giao cơ quan khác.", "Back to draft, for another agency."),
    "issue": pair(
        "Giao cho cơ quan, bắt đầu tính hạn, gửi thư.", "Given to the agency; the clock starts; mails go."
    ),
    "contribute": pair("Gửi phần của cơ quan cho đơn vị chủ trì.", "Your part, for the lead agency."),
}
LABELS: dict[str, Texts] = {
    "reason": pair("Lý do", "Reason"),
    "note": pair("Nội dung", "Note"),
    "result": pair("Kết quả thực hiện", "Result"),
    "progress": pair("Tiến độ", "Progress"),
    "due_on": pair("Đến ngày", "New date"),
    "due_on_or_rhythm": pair("Thời hạn", "Due date"),
    "resume_on": pair("Dự kiến tiếp tục từ ngày", "Expected to go on from"),
    "lead": pair("Cơ quan chủ trì mới", "New lead agency"),
    "coordinating": pair("Cơ quan phối hợp", "Coordinating agencies"),
    "evidence": pair("Tệp minh chứng", "Evidence files"),
}


@dataclass(frozen=True)
class Field:
    """`name` is the requirement; in the form it is `move.name`."""

    name: str
    label: Texts
    required: bool
    kind: str
    value: str = ""


@dataclass(frozen=True)
class Choice:
    """One move this person may make, with its fields."""

    name: str
    title: Texts
    hint: Texts | None
    fields: list[Field]


@dataclass(frozen=True)
class Desk:
    """`first`: what waits for this person; `other`: what they could do besides."""

    first: list[Choice]
    other: list[Choice]


def desk_of(
    possible: list[Possible], directive: Directive, asked: Extension | None, typed: Form | None
) -> Desk:
    may = [one.move for one in possible if one.may and one.move.name not in NOT_HERE]
    first = _first(may)
    choices = {move.name: _choice(move, directive, asked, typed) for move in may}
    return Desk(
        [choices[move.name] for move in first],
        [choices[move.name] for move in may if move not in first],
    )


def _first(may: list[Move]) -> list[Move]:
    """Decisions somebody waits for; else the agency's own answers; else the issue of a draft."""
    return (
        [move for move in may if move.answers is not None]
        or [move for move in may if "review" in move.discharges]
        or [move for move in may if {"lead", "coordinating"} & set(move.by)]
        or [move for move in may if move.name == "issue"]
    )


def _choice(move: Move, directive: Directive, asked: Extension | None, typed: Form | None) -> Choice:
    required = [name for name in move.requires if not _has(name, directive)]
    optional = [name for name in OPTIONAL.get(move.name, ()) if name not in required]
    fields = [
        Field(name, LABELS[name], name in required, _kind(name), _value(move, name, asked, typed))
        for name in (*required, *optional)
    ]
    return Choice(move.name, move.title, HINTS.get(move.name), fields)


def _has(name: str, directive: Directive) -> bool:
    """A draft carries its lead and its clock already."""
    if name == "due_on_or_rhythm":
        return directive.due_on is not None or directive.rhythm is not None
    return name == "lead" and directive.state == "draft" and directive.lead_id is not None


def _kind(name: str) -> str:
    if name in ("due_on", "due_on_or_rhythm", "resume_on"):
        return "day"
    return {"evidence": "files", "lead": "agency", "coordinating": "agencies"}.get(name, "text")


def _value(move: Move, name: str, asked: Extension | None, typed: Form | None) -> str:
    key = f"{move.name}.{name}"
    if typed is not None and key in typed.values:
        return typed.text(key)
    if move.name == "grant_extension" and name == "due_on" and asked is not None:
        return f"{asked.wanted_on:%d/%m/%Y}"
    return ""


def read_inputs(form: Form, move: str, evidence: tuple[Evidence, ...]) -> Inputs:
    """What was typed into this move's fields; the fields of other moves are not looked at."""

    def text(name: str) -> str | None:
        return form.text(f"{move}.{name}") or None

    due_on = form.day(f"{move}.due_on") or form.day(f"{move}.due_on_or_rhythm")
    coordinating = f"{move}.coordinating"
    return Inputs(
        reason=text("reason"),
        text=next((said for name in TEXTS if (said := text(name))), None),
        due_on=due_on,
        resume_on=form.day(f"{move}.resume_on"),
        lead=text("lead"),
        coordinating=tuple(form.texts(coordinating)) if coordinating in form.values else None,
        evidence=evidence,
    )


def typed_words(form: Form) -> list[tuple[Texts, str]]:
    """What was typed for the chosen move, whether or not that move can still be made."""
    move = form.text("move")
    words = [
        (label, ", ".join(form.texts(f"{move}.{name}")))
        for name, label in LABELS.items()
        if form.texts(f"{move}.{name}")
    ]
    files = ", ".join(one.name for one in form.uploads if one.field == f"{move}.evidence")
    return [*words, (LABELS["evidence"], files)] if files else words


def kept_evidence(form: Form, move: str, home: Path) -> tuple[Evidence, ...]:
    """Files go to the store first; whoever is refused afterwards must `forget` them."""
    kept: list[Evidence] = []
    try:
        for upload in form.uploads:
            if upload.field == f"{move}.evidence":
                checked(upload)
                kept.append(attachments.keep(home, upload.name, BytesIO(upload.content)))
    except BaseException:
        forget(home, tuple(kept))
        raise
    if proof := form.text(f"{move}.proof"):
        kept.append(Evidence(proof))
    return tuple(kept)


def forget(home: Path, evidence: tuple[Evidence, ...]) -> None:
    for one in evidence:
        if one.stored_as is not None:
            attachments.forget(home, one.stored_as)
