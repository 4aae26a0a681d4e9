"""What the system writes back to one received mail: why, what was kept, how to answer so that it is read."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from notifications.addresses import BadAddress, checked_address
from notifications.mime import Mailbox
from notifications.receiving_rules import Origin
from notifications.rendering import one_line
from notifications.replies import Reply
from workflow.models.inbound import InboundMail, InboundOutcome, MailAnswer

Texts = dict[str, str]
_PLAIN_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Writer:
    """Who answers: the sender of all mails, the host of their Message-IDs."""

    sender: Mailbox
    host: str
    zone: ZoneInfo

    def answer(
        self, row: InboundMail, reply: Reply, found: Origin, said: Texts, reply_to: str | None, now: datetime
    ) -> MailAnswer | None:
        """None for a sender nothing can be sent to."""
        try:
            recipient = checked_address(reply.sender)
        except BadAddress:
            return None
        locale = found.person.locale if found.person is not None else "vi"
        header_id = f"<tra-loi-thu.{row.id}@{self.host}>"
        mail = EmailMessage(policy=_PLAIN_POLICY)
        for name, value in self._headers(row, reply, found, header_id, locale, now):
            mail[name] = value
        mail["To"] = recipient
        if reply_to is not None:
            mail["Reply-To"] = reply_to
        mail.set_content(self._text(row, found, said, locale), cte="base64")
        return MailAnswer(
            inbound_id=row.id, created_at=now, address=recipient, header_id=header_id,
            mime=mail.as_bytes(), next_attempt_at=now,
        )  # fmt: skip

    def _headers(
        self, row: InboundMail, reply: Reply, found: Origin, header_id: str, locale: str, now: datetime
    ) -> list[tuple[str, str]]:
        name = one_line(self.sender.name).replace('"', "")
        headers = [
            ("From", f'"{name}" <{self.sender.address}>' if name else self.sender.address),
            ("Subject", one_line(_subject(row, found, locale))),
            ("Date", format_datetime(now)),
            ("Message-ID", header_id),
            ("Auto-Submitted", "auto-replied"),
            ("X-Auto-Response-Suppress", "All"),
        ]
        if reply.message_id is not None:
            headers += [("In-Reply-To", reply.message_id), ("References", reply.message_id)]
        return headers

    def _text(self, row: InboundMail, found: Origin, said: Texts, locale: str) -> str:
        at = f"{row.received_at.astimezone(self.zone):%H:%M, %d/%m/%Y}"
        names = ", ".join(row.facts.get("files", []))
        kept = _KEPT_WITH_FILES if names else _KEPT
        lines = [
            _MARKER[locale],
            _DEAR[locale].format(name=_who(row, found)),
            said[locale],
            kept[locale].format(at=at, names=names) + _STATE[row.outcome is InboundOutcome.APPLIED][locale],
            _HOW[locale],
            _CLOSING[locale],
        ]
        if locale == "vi":
            lines.append(f"English summary. {said['en']}")
        return "\n\n".join(lines) + "\n"


def _subject(row: InboundMail, found: Origin, locale: str) -> str:
    what = _SUBJECTS[row.outcome][locale]
    code = f"[{found.directives[0].code}] " if found.is_member and found.directives else ""
    return f"{code}{what}"


def _who(row: InboundMail, found: Origin) -> str:
    return one_line(found.person.name if found.person is not None else row.sender_name or row.sender)


_SUBJECTS = {
    InboundOutcome.REFUSED: {"vi": "Chưa ghi được trả lời", "en": "Your answer was not recorded"},
    InboundOutcome.ASKED: {"vi": "Đề nghị ghi nội dung trả lời", "en": "Please write your answer"},
    InboundOutcome.HELD: {"vi": "Đã nhận thư, chờ thư ký xem", "en": "Your mail waits for the secretary"},
    InboundOutcome.APPLIED: {"vi": "Một số tệp không được nhận", "en": "Some files were not taken"},
}
_MARKER = {"vi": "--- Trả lời phía trên dòng này ---", "en": "--- Please answer above this line ---"}
_DEAR = {"vi": "Kính gửi: {name}", "en": "Dear {name},"}
_KEPT = {"vi": "Đã giữ nguyên thư nhận lúc {at}.", "en": "Your mail of {at} was kept as it came."}
_KEPT_WITH_FILES = {
    "vi": "Đã giữ nguyên thư nhận lúc {at} cùng tệp kèm: {names}.",
    "en": "Your mail of {at} was kept as it came, with its files: {names}.",
}
_STATE = {
    False: {"vi": " Tình trạng nhiệm vụ chưa thay đổi.", "en": " Nothing of the directive has changed."},
    True: {"vi": " Phần còn lại của thư đã được ghi.", "en": " The rest of it was recorded."},
}
_HOW = {
    "vi": "Cách trả lời: trả lời thư nhắc hoặc thư giao nhiệm vụ, dòng đầu ghi một trong các từ ĐÃ NHẬN, TIẾN ĐỘ, "
    "HOÀN THÀNH, GIA HẠN dd/mm/yyyy, KHÔNG THUỘC THẨM QUYỀN, rồi ghi nội dung và đính kèm tệp (nếu có).",
    "en": "How to answer: reply to the mail about the directive; begin the first line with one of ĐÃ NHẬN (received), "
    "TIẾN ĐỘ (progress), HOÀN THÀNH (done), GIA HẠN dd/mm/yyyy (extension), KHÔNG THUỘC THẨM QUYỀN (not our remit), "
    "then write your text and attach files, if any.",
}
_CLOSING = {"vi": "Trân trọng./.", "en": "Yours faithfully"}
