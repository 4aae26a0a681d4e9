"""The field's words in both languages, for every place that shows a stored value to people."""

from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind, Position
from workflow.models.message import MessageStatus
from workflow.models.obligation import ObligationStatus
from workflow.models.organization import OrganizationKind
from workflow.models.person import Role
from workflow.models.sweep_run import SweepStatus

Texts = dict[str, str]


def pair(vi: str, en: str) -> Texts:
    return {"vi": vi, "en": en}


NOTICES: dict[NoticeKind, Texts] = {
    NoticeKind.OPERATIONS: pair("Vận hành", "Operations"),
    NoticeKind.WEEKLY: pair("Tổng hợp tuần", "Weekly digest"),
    NoticeKind.RECEIPT: pair("Biên nhận", "Receipt"),
    NoticeKind.ANSWERED: pair("Cơ quan đã trả lời", "The agency answered"),
    NoticeKind.DISPUTE_REFUSED: pair("Giữ nguyên cơ quan chủ trì", "The lead agency stays"),
    NoticeKind.ACCEPTED: pair("Đã duyệt kết quả", "Result accepted"),
    NoticeKind.REASSIGNED_OR_WITHDRAWN: pair("Thôi giao nhiệm vụ", "Withdrawn or reassigned"),
    NoticeKind.SUSPENDED_OR_RESUMED: pair("Tạm dừng hoặc tiếp tục", "Suspended or resumed"),
    NoticeKind.ISSUED: pair("Giao nhiệm vụ", "Issued"),
    NoticeKind.EXTENSION_DECISION: pair("Quyết định gia hạn", "Decision on an extension"),
    NoticeKind.SENT_BACK: pair("Đề nghị bổ sung", "Sent back"),
    NoticeKind.REMINDER: pair("Nhắc trước hạn", "Reminder"),
    NoticeKind.DUE_TODAY: pair("Đến hạn hôm nay", "Due today"),
    NoticeKind.DECISION_LATE: pair("Quyết định chậm", "Decision late"),
    NoticeKind.REVIEW_LATE: pair("Duyệt chậm", "Review late"),
    NoticeKind.UNACKNOWLEDGED: pair("Chưa tiếp nhận", "Not acknowledged"),
    NoticeKind.ESCALATION_COPY: pair("Báo cáo cấp, bản cơ quan", "Escalation, the agency's copy"),
    NoticeKind.OVERDUE: pair("Tổng hợp quá hạn", "Overdue"),
    NoticeKind.ESCALATION: pair("Báo cáo cấp", "Escalation"),
}
OBLIGATIONS: dict[ObligationKind, Texts] = {
    ObligationKind.ACKNOWLEDGE: pair("Tiếp nhận", "Acknowledge"),
    ObligationKind.DELIVER: pair("Báo cáo kết quả", "Deliver"),
    ObligationKind.CONTRIBUTE: pair("Phối hợp", "Contribute"),
    ObligationKind.REVIEW: pair("Duyệt báo cáo", "Review"),
    ObligationKind.DECIDE: pair("Quyết định", "Decide"),
}
OBLIGATION_STATUS: dict[ObligationStatus, Texts] = {
    ObligationStatus.RUNNING: pair("đang tính", "running"),
    ObligationStatus.PAUSED: pair("tạm dừng", "paused"),
    ObligationStatus.MET: pair("đã thực hiện", "met"),
    ObligationStatus.VOID: pair("không còn hiệu lực", "void"),
}
POSITIONS: dict[Position, Texts] = {
    Position.CLERK: pair("Đầu mối", "Contact"),
    Position.DEPUTY_HEAD: pair("Phó thủ trưởng", "Deputy head"),
    Position.HEAD: pair("Thủ trưởng", "Head"),
    Position.SECRETARY: pair("Thư ký", "Secretary"),
    Position.DEPUTY_CHAIR: pair("Phó Trưởng đoàn", "Deputy chair"),
    Position.CHAIR: pair("Trưởng đoàn", "Chair"),
}
ORGANIZATIONS: dict[OrganizationKind, Texts] = {
    OrganizationKind.AGENCY: pair("Cơ quan", "Agency"),
    OrganizationKind.DELEGATION: pair("Đoàn giám sát", "Delegation"),
    OrganizationKind.COMMITTEE: pair("Cấp ủy, ban", "Committee"),
}
ROLES: dict[Role, Texts] = {
    Role.ADMINISTRATOR: pair("Quản trị", "Administrator"),
    Role.LEADERSHIP: pair("Lãnh đạo", "Leadership"),
    Role.AUDITOR: pair("Kiểm tra", "Auditor"),
}
MESSAGES: dict[MessageStatus, Texts] = {
    MessageStatus.PENDING: pair("chờ gửi", "waiting"),
    MessageStatus.HELD: pair("đang giữ", "held"),
    MessageStatus.SENDING: pair("đang gửi", "being sent"),
    MessageStatus.HANDED_OVER: pair("đã giao", "handed over"),
    MessageStatus.CANCELLED: pair("đã hủy", "cancelled"),
    MessageStatus.REJECTED: pair("bị từ chối", "rejected"),
    MessageStatus.PARKED: pair("để riêng", "parked"),
    MessageStatus.EXPIRED: pair("quá hạn gửi", "expired"),
}
SWEEPS: dict[SweepStatus, Texts] = {
    SweepStatus.RUNNING: pair("đang chạy", "running"),
    SweepStatus.COMPLETED: pair("xong", "completed"),
    SweepStatus.OVERTAKEN: pair("đêm sau đã bao quát", "covered by a later night"),
}


def notice_title(kind: NoticeKind, level: int | None, locale: str) -> str:
    """An escalation names its level."""
    if kind is NoticeKind.ESCALATION and level:
        return {"vi": f"Báo cáo cấp {level}", "en": f"Escalation, level {level}"}[locale]
    if kind is NoticeKind.ESCALATION_COPY and level:
        return {"vi": f"Báo cáo cấp {level}, bản cơ quan", "en": f"Level {level}, the agency's copy"}[locale]
    return NOTICES[kind][locale]
