"""Why a received mail was held, refused or left alone, in the words of its readers."""

from workflow.models.inbound import InboundOutcome
from workflow.words import Texts, pair

OUTCOMES: dict[InboundOutcome, Texts] = {
    InboundOutcome.APPLIED: pair("đã ghi", "recorded"),
    InboundOutcome.REFUSED: pair("quy tắc không cho phép", "refused by a rule"),
    InboundOutcome.ASKED: pair("đã hỏi lại", "asked again"),
    InboundOutcome.HELD: pair("chờ ghép", "held"),
    InboundOutcome.AUTOMATIC: pair("thư tự động", "automatic"),
    InboundOutcome.BOUNCED: pair("thư bị trả lại", "bounce"),
    InboundOutcome.MATCHED: pair("đã ghép", "matched"),
    InboundOutcome.DISCARDED: pair("đã bỏ", "discarded"),
}
REASONS: dict[str, Texts] = {
    "no_tag": pair(
        "Thư không gửi tới địa chỉ trả lời của một nhiệm vụ.",
        "It was not sent to the reply address of a directive.",
    ),
    "bad_token": pair(
        "Địa chỉ trả lời bị sửa hoặc không do hệ thống này cấp.",
        "The reply address was changed, or is none of ours.",
    ),
    "not_theirs": pair(
        "Cơ quan trả lời không còn chủ trì hay phối hợp nhiệm vụ này.",
        "The organisation no longer leads or contributes to this directive.",
    ),
    "unknown_sender": pair(
        "Người gửi không phải đầu mối đã đăng ký của cơ quan.",
        "The sender is no registered contact of the organisation.",
    ),
    "authentication": pair(
        "Máy chủ thư cho biết địa chỉ người gửi có thể bị giả mạo (DMARC, SPF).",
        "The mail server says the sender's address may be forged (DMARC, SPF).",
    ),
    "automatic": pair(
        "Thư mang dấu hiệu tự động nhưng có nội dung trả lời.",
        "It is marked as automatic, and yet it reads like an answer.",
    ),
    "too_many": pair(
        "Quá 03 thư trong một giờ về cùng nhiệm vụ từ cùng người gửi.",
        "More than 3 mails within an hour on one directive from one sender.",
    ),
    "no_keyword": pair(
        "Dòng đầu không có từ khóa, chưa rõ muốn báo cáo gì.",
        "The first line has no keyword, so what is reported is not clear.",
    ),
    "which": pair(
        "Thư trả lời nhiều nhiệm vụ mà không nêu mã nhiệm vụ.",
        "It answers a mail about several directives without naming one.",
    ),
    "other_code": pair(
        "Mã nhiệm vụ ghi trong thư khác với địa chỉ trả lời.",
        "The code in the text is not that of the reply address.",
    ),
    "winmail": pair(
        "Tệp kèm bị đóng gói winmail.dat, không mở được.",
        "The attachments are wrapped in winmail.dat, which cannot be opened.",
    ),
    "no_message_id": pair("Thư không có Message-ID.", "It has no Message-ID."),
    "same_id": pair(
        "Trùng Message-ID với một thư khác nhưng nội dung khác.",
        "Another mail with other content carried the same Message-ID.",
    ),
    "too_large": pair("Thư lớn hơn 30 MB.", "It is larger than 30 MB."),
    "too_deep": pair("Thư lồng quá nhiều lớp.", "It is nested too deeply."),
    "too_many_parts": pair("Thư có quá nhiều phần.", "It has too many parts."),
    "too_complex": pair("Thư quá phức tạp để đọc.", "It is too complex to be read."),
    "damaged": pair("Thư hỏng, không đọc được.", "It is damaged and cannot be read."),
    "broken": pair(
        "Hệ thống gặp lỗi khi xử lý thư này; thư được giữ nguyên.",
        "Something went wrong over this mail; it was kept as it came.",
    ),
    "empty": pair("Thư trống.", "It is empty."),
    "rule": pair("Quy tắc không cho phép.", "A rule refused it."),
    "auto_submitted": pair("Thư tự động (Auto-Submitted).", "Automatic (Auto-Submitted)."),
    "report": pair("Báo cáo của máy chủ thư.", "A report of a mail server."),
    "null_sender": pair("Thư của máy chủ, không có người gửi.", "From a server, without a sender."),
    "precedence": pair("Thư hàng loạt (Precedence).", "Bulk mail (Precedence)."),
    "autoreply_header": pair("Thư trả lời tự động.", "An automatic reply."),
    "robot": pair("Địa chỉ máy, không phải người.", "The address of a machine."),
    "subject": pair("Thư báo vắng mặt.", "An absence notice."),
    "return_address": pair(
        "Gửi tới địa chỉ nhận thư trả lại, không phải báo cáo của máy chủ.",
        "Sent to the return address, but no report of a server.",
    ),
    "bounce_unsigned": pair(
        "Báo trả lại không có chữ ký của hệ thống, không tính.",
        "A bounce without our signature counts for nothing.",
    ),
    "bounce_hard": pair("Địa chỉ không nhận thư.", "The address takes no mail."),
    "bounce_soft": pair("Lần này không giao được.", "It could not be delivered this time."),
    "bounce_delayed": pair("Máy chủ báo giao chậm.", "The server reports a delay."),
    "bounce_other": pair(
        "Báo trả lại nêu địa chỉ khác với nơi đã gửi, không tính.",
        "The bounce names another address than we wrote to; it counts for nothing.",
    ),
}


def reason_text(reason: str | None, locale: str) -> str:
    return REASONS[reason][locale] if reason in REASONS else reason or ""
