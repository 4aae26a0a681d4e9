"""Why a line of a sweep was written, or was not sent: one sentence in both languages."""

from datetime import date

from workflow.calendar import WorkingCalendar
from workflow.kinds import NoticeKind
from workflow.ladder import ObligationKind
from workflow.models.notice import NoticeStatus
from workflow.store.tellings import Telling
from workflow.words import Texts, pair

SILENT: dict[str, Texts] = {
    "nearer_rung": pair("đã gộp vào mốc gần hạn hơn", "merged into a rung nearer to the due date"),
    "nobody_reachable": pair(
        "không có ai nhận được thư ở vị trí này", "nobody in this position can be reached"
    ),
    "obligation_met": pair("đã thực hiện trước giờ gửi", "done before the hour of sending"),
    "obligation_void": pair("nghĩa vụ không còn hiệu lực", "the obligation is void"),
    "obligation_paused": pair("nhiệm vụ đang tạm dừng", "the directive is suspended"),
    "due_date_moved": pair("hạn đã thay đổi", "the due date was moved"),
    "directive_closed": pair("nhiệm vụ đã kết thúc", "the directive is closed"),
}
WAITED = (ObligationKind.REVIEW, ObligationKind.DECIDE)


def why(telling: Telling, calendar: WorkingCalendar) -> Texts:
    """`calendar` counts as the policy of the installation does."""
    if telling.status is not NoticeStatus.WANTED:
        return SILENT.get(telling.reason or "", pair(telling.reason or "", telling.reason or ""))
    if telling.is_act:
        return pair("báo việc vừa thực hiện", "tells an act just made")
    if telling.is_weekly:
        return pair("đã qua cấp cuối, chỉ còn tổng hợp mỗi tuần", "past the last level: one line a week")
    days = _days(telling, calendar)
    if telling.level is not None:
        return _climbed(telling, -days)
    return _reminded(telling, days)


def _days(telling: Telling, calendar: WorkingCalendar) -> int:
    due_on: date | None = telling.due_on
    return calendar.count(telling.night_on, due_on) if due_on is not None else 0


def _climbed(telling: Telling, late: int) -> Texts:
    if telling.kind is NoticeKind.ESCALATION_COPY:
        return pair("báo cho cơ quan khi lên cấp", "tells the agency that it climbed")
    level = telling.level
    return pair(
        f"quá hạn {late} ngày làm việc, lên cấp {level}",
        f"{late} working days overdue, level {level} reached",
    )


def _reminded(telling: Telling, days: int) -> Texts:
    rung = telling.rung if telling.rung is not None else 0
    if telling.obligation in WAITED:
        return pair(
            f"bên giao chậm {-days} ngày làm việc, mốc {rung:+d}",
            f"the deciding side is {-days} working days late, rung {rung:+d}",
        )
    if days <= 0 and rung == 0:
        return pair("đến hạn, trùng mốc 0", "due, rung 0")
    return pair(f"còn {days} ngày làm việc, trùng mốc {-rung}", f"{days} working days left, rung {-rung}")
