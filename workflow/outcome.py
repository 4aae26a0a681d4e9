"""What became of the lines of one step: sent, waiting, held, merged, unreachable, dropped."""

from collections.abc import Sequence
from datetime import datetime

from workflow.ledger import Line
from workflow.models.message import MessageStatus
from workflow.models.notice import NoticeStatus
from workflow.reasons import SILENT
from workflow.words import MESSAGES, Texts, pair

UNDELIVERED = (MessageStatus.REJECTED, MessageStatus.EXPIRED, MessageStatus.PARKED, MessageStatus.CANCELLED)


def outcome(lines: Sequence[Line], before: datetime) -> tuple[str, Texts]:
    """The fate of the whole step: the best any of its recipients had. What came later than `before` is not known yet."""
    sent = [one for one in lines if one.handed_over_at is not None and one.handed_over_at < before]
    if sent:
        return "sent", _said_sent(sent)
    if all(one.status is NoticeStatus.MERGED for one in lines):
        return "merged", pair(
            "đã gộp vào mốc gần hơn (lượt quét bị lỡ)", "merged into a nearer step (nights were missed)"
        )
    if all(one.person is None for one in lines):
        return "nobody_reachable", pair("không có người nhận được thư", "nobody could be reached")
    mailed = [one for one in lines if one.person is not None]
    if any(one.message_status is MessageStatus.HELD for one in mailed):
        return "held", pair("đang giữ: vượt mức trần thư một đêm", "held: over the cap of one night")
    if all(one.status is NoticeStatus.DROPPED for one in mailed):
        return "dropped", _said_dropped(mailed[0])
    failed = [one for one in mailed if one.message_status in UNDELIVERED]
    if len(failed) == len(mailed):
        return "undelivered", _said_undelivered(failed[0])
    return "pending", pair("đã lập, chờ gửi", "written, waiting to be sent")


def _said_sent(sent: Sequence[Line]) -> Texts:
    names = ", ".join(dict.fromkeys(one.person or "" for one in sent))
    day, number = sent[0].night, ", ".join(str(one.message_id) for one in _by_message(sent))
    return pair(
        f"đã gửi {names} ({day:%d/%m/%Y}, thư {number})",
        f"sent to {names} ({day:%d/%m/%Y}, message {number})",
    )


def _by_message(sent: Sequence[Line]) -> list[Line]:
    return list({one.message_id: one for one in sent}.values())


def _said_dropped(line: Line) -> Texts:
    why = SILENT.get(line.reason or "", pair("nghĩa vụ đã khép lại", "settled"))
    return pair(f"không gửi: {why['vi']}", f"not sent: {why['en']}")


def _said_undelivered(line: Line) -> Texts:
    assert line.message_status is not None
    word = MESSAGES[line.message_status]
    return pair(f"đã lập nhưng không đến được: {word['vi']}", f"written but not delivered: {word['en']}")
