"""Drafts of letters: the directive's facts in the office's frame, and an annex of what was told when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from sqlmodel import Session

from reports import heads
from reports.document import Column, ColumnKind, Table, entries
from reports.making import MadeFile, Office
from reports.request import MEDIA, Format, Profile
from workflow import letters, rulebook
from workflow.access import SYSTEM, Actor
from workflow.figures.week import spoken
from workflow.letters import LetterKind
from workflow.models.extension import ExtensionStatus
from workflow.models.message import MessageStatus
from workflow.models.organization import Organization
from workflow.store import events, tellings
from workflow.views.sheet import Found, find
from workflow.words import MESSAGES, notice_title, pair

SHORT = {
    LetterKind.URGE: ("CV", "V/v đôn đốc thực hiện nhiệm vụ {code}"),
    LetterKind.EXPLAIN: ("CV", "V/v yêu cầu giải trình nhiệm vụ {code}"),
    LetterKind.CRITICISE: ("TTr", ""),
    LetterKind.EXTENSION: ("TB", ""),
    LetterKind.TRANSFER: ("BB", ""),
}
HEADINGS = {
    LetterKind.URGE: ("", ""),
    LetterKind.EXPLAIN: ("", ""),
    LetterKind.CRITICISE: ("TỜ TRÌNH", "Đề nghị xem xét việc chậm thực hiện nhiệm vụ {code}"),
    LetterKind.EXTENSION: ("THÔNG BÁO", "Ý kiến về đề nghị gia hạn nhiệm vụ {code}"),
    LetterKind.TRANSFER: ("BIÊN BẢN", "Bàn giao nhiệm vụ {code}"),
}


@dataclass(frozen=True)
class Facts:
    """What every letter may state; words of a secret directive are not among them."""

    found: Found
    on: letters.Basis
    today: date
    late: int

    @property
    def said(self) -> str:
        directive = self.found.directive
        if directive.is_secret:
            return f"nhiệm vụ {directive.code} (nội dung mật, xem trong hồ sơ)"
        return f"nhiệm vụ {directive.code}: “{directive.text.strip().rstrip('.')}”"

    @property
    def lead(self) -> str:
        return self.found.lead.name if self.found.lead else "……………"

    @property
    def source(self) -> str:
        supervision = self.found.supervision
        session = f" ngày {supervision.session_on:%d/%m/%Y}" if supervision.session_on else ""
        return f"kết luận buổi làm việc{session} ({supervision.subject.strip().rstrip('.')})"

    @property
    def due(self) -> str:
        directive = self.found.directive
        if directive.due_on is None:
            return "theo kỳ báo cáo đã giao"
        first = directive.original_due_on
        moved = f" (hạn gốc {first:%d/%m/%Y})" if first and first != directive.due_on else ""
        return f"ngày {directive.due_on:%d/%m/%Y}{moved}"


def letter(db: Session, actor: Actor, code: str, kind: LetterKind, office: Office, today: date) -> MadeFile:
    """The draft as a Word file. Number, day and signature are left to the office."""
    from reports import frames, paper  # loaded with the first letter that is made

    facts = _facts(db, actor, code, today)
    body = db.get_one(Organization, facts.found.supervision.delegation_id).name
    head = heads.renamed(office.head, body)
    own = frames.template(office.home, head.profile, "letter")
    short, summary = SHORT[kind]
    heading, title = HEADINGS[kind]
    context = {
        "number": f"Số: ……-{short}/……" if head.profile is Profile.PARTY else f"Số: ……/{short}-……",
        "summary": summary.format(code=code),
        "day": heads.day_line(head.place, today),
        "kind": heading,
        "title": title.format(code=code),
        "addressee": "" if kind is LetterKind.TRANSFER else _addressee(kind, facts),
        "paragraphs": PARAGRAPHS[kind](facts),
        "recipients": ["Như trên", "Trưởng Đoàn giám sát (để báo cáo)"],
        "signs": f"T/M {body.upper()}" if head.profile is Profile.PARTY else f"TM. {body.upper()}",
        "annex": f"Những việc đã thông báo và diễn biến của nhiệm vụ {code}, lập ngày {today:%d/%m/%Y}",
    }
    content = paper.filled(
        own or frames.letter_frame(head.profile), context, _annex(db, actor, facts), "vi", head
    )
    return MadeFile(f"{PurePath(code).name}-{kind.value}.docx", MEDIA[Format.DOCX], content)


def _facts(db: Session, actor: Actor, code: str, today: date) -> Facts:
    found = find(db, actor, code)
    due_on = found.directive.due_on
    policy_id = found.directive.policy_id
    policy = rulebook.policy(db, policy_id) if policy_id else rulebook.active_policy(db)
    calendar = policy.counted(rulebook.active_calendar(db))
    late = max(0, -calendar.count(today, due_on)) if due_on else 0
    return Facts(found, letters.basis(db, found.directive), today, late)


def _addressee(kind: LetterKind, facts: Facts) -> str:
    return "Ban Thường vụ (qua Trưởng Đoàn giám sát)" if kind is LetterKind.CRITICISE else facts.lead


def _urge(facts: Facts) -> list[str]:
    return [
        f"Thực hiện {facts.source}, {facts.lead} được giao chủ trì {facts.said}; thời hạn {facts.due}.",
        f"Đến ngày {facts.today:%d/%m/%Y}, nhiệm vụ đã quá hạn {facts.late:02d} ngày làm việc và chưa có báo cáo kết quả "
        "được chấp nhận. Các lần thông báo, nhắc việc được liệt kê tại phụ lục.",
        f"Đề nghị {facts.lead} tập trung thực hiện, báo cáo kết quả kèm minh chứng trước ngày ……/……/…………; nếu có "
        "vướng mắc, nêu rõ nguyên nhân, phần việc còn lại và kiến nghị.",
        "Trân trọng./.",
    ]


def _explain(facts: Facts) -> list[str]:
    return [
        f"Thực hiện {facts.source}, {facts.lead} được giao chủ trì {facts.said}; thời hạn {facts.due}.",
        f"Nhiệm vụ đã quá hạn {facts.late:02d} ngày làm việc tính đến ngày {facts.today:%d/%m/%Y}, đã được báo cáo đến "
        f"cấp {facts.on.level} và vẫn chưa có báo cáo kết quả được chấp nhận.",
        f"Yêu cầu {facts.lead} giải trình bằng văn bản trước ngày ……/……/…………: nguyên nhân chậm; trách nhiệm của "
        "tập thể, cá nhân được phân công; việc đã làm, việc còn lại; thời điểm hoàn thành cam kết.",
        "Trân trọng./.",
    ]


def _criticise(facts: Facts) -> list[str]:
    return [
        f"Theo {facts.source}, {facts.lead} chủ trì {facts.said}; thời hạn {facts.due}. Đến ngày "
        f"{facts.today:%d/%m/%Y} nhiệm vụ quá hạn {facts.late:02d} ngày làm việc, đã qua {facts.on.level} cấp đôn đốc.",
        "Việc thông báo, nhắc, đôn đốc và trả lời của cơ quan được ghi tại phụ lục để xem xét.",
        "Hình thức đề nghị: ……………………………………………… (do người có thẩm quyền quyết định).",
        "Kính trình xem xét, cho ý kiến./.",
    ]


def _extension(facts: Facts) -> list[str]:
    asked = facts.on.extension
    assert asked is not None
    decision = (
        f"đồng ý gia hạn đến ngày {asked.granted_on:%d/%m/%Y}"
        if asked.status is ExtensionStatus.GRANTED and asked.granted_on
        else f"không gia hạn; giữ thời hạn ngày {asked.due_on:%d/%m/%Y}"
    )
    reason = f" Lý do: {asked.decision_reason.strip().rstrip('.')}." if asked.decision_reason else ""
    return [
        f"Xét đề nghị ngày {asked.asked_on:%d/%m/%Y} của {facts.lead} về việc lùi thời hạn {facts.said} từ ngày "
        f"{asked.due_on:%d/%m/%Y} đến ngày {asked.wanted_on:%d/%m/%Y}, với lý do: {asked.reason.strip().rstrip('.')}.",
        f"Đoàn giám sát {decision}. Đây là lần đề nghị thứ {asked.number}.{reason}",
        "Hạn gốc vẫn được ghi trong các báo cáo; số liệu được tính theo cả hai thời hạn.",
        "Đoàn giám sát thông báo để các cơ quan biết, thực hiện./.",
    ]


def _transfer(facts: Facts) -> list[str]:
    moved = facts.on.transfer
    assert moved is not None
    return [
        f"Hôm nay, ngày …… tháng …… năm ……, tại …………………, các bên lập biên bản bàn giao {facts.said}, "
        f"theo quyết định giao lại ngày {moved.on:%d/%m/%Y}. Lý do: {(moved.reason or '……').strip().rstrip('.')}.",
        "Bên giao: ………………………………………………",
        f"Bên nhận: {facts.lead}.",
        f"Thời hạn của nhiệm vụ: {facts.due}. Hồ sơ, tài liệu bàn giao và phần việc đã làm: ………………………………",
        "Biên bản được các bên thống nhất, ký tên.",
    ]


PARAGRAPHS: dict[LetterKind, Callable[[Facts], list[str]]] = {
    LetterKind.URGE: _urge,
    LetterKind.EXPLAIN: _explain,
    LetterKind.CRITICISE: _criticise,
    LetterKind.EXTENSION: _extension,
    LetterKind.TRANSFER: _transfer,
}
TOLD = (
    Column("on", pair("Ngày", "Day"), ColumnKind.DATE, 11),
    Column("what", pair("Nội dung thông báo", "What"), width=26),
    Column("whom", pair("Người nhận", "To"), width=24),
    Column("how", pair("Kết quả gửi", "Outcome"), width=14),
)
DONE = (
    Column("on", pair("Ngày", "Day"), ColumnKind.DATE, 11),
    Column("what", pair("Việc", "Act"), width=30),
    Column("who", pair("Người thực hiện", "Who"), width=24),
)


def _annex(db: Session, actor: Actor, facts: Facts) -> list[Table]:
    """Mails to people, then acts: both oldest first."""
    directive = facts.found.directive
    told = [one for one in tellings.of_directive(db, actor, directive.id) if one.person is not None]
    told.sort(key=lambda one: (one.night_on, one.person or ""))
    rows = [
        entries(
            one.night_on, notice_title(one.kind, one.level, "vi"), f"{one.person}, {one.organization or ''}".strip(", "),
            MESSAGES[MessageStatus(one.message_status)]["vi"] if one.message_status else "không gửi riêng",
        )
        for one in told
    ]  # fmt: skip
    acts = [
        entries(one.on, spoken(one)["vi"], "Hệ thống" if one.actor == SYSTEM.name else one.actor)
        for one in events.of_directive(db, directive)
    ]
    return [
        Table("told", pair("Đã thông báo", "What was told"), TOLD, rows),
        Table("acts", pair("Diễn biến", "What happened"), DONE, acts),
    ]
