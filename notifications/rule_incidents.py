"""What administrators are told about the rules: a ledger that differs, a year nobody has confirmed."""

from datetime import date
from zoneinfo import ZoneInfo

from notifications.payload import Locale, Operations
from workflow.models.event import Event

Told = dict[Locale, Operations]


def ledger_differs(event: Event, _: ZoneInfo) -> Told:
    night, count = f"{date.fromisoformat(event.reason or ''):%d/%m/%Y}", (event.detail or {})["differences"]
    return {
        "vi": Operations(
            f"Sổ đêm {night} có {count} sai khác",
            "Kiểm tra độc lập tính lại những gì đáng lẽ đã báo và thấy sổ không khớp.",
            "Có thể thiếu hoặc thừa lời nhắc, báo cáo cấp; chưa có gì được sửa tự động.",
            "dondoc sweep audit",
        ),
        "en": Operations(
            f"The ledger of {night} holds {count} differences",
            "An independent reading of the rules does not agree with what was written.",
            "Reminders or escalations may be missing or doubled; nothing was repaired by itself.",
            "dondoc sweep audit",
        ),
    }


def year_unconfirmed(event: Event, _: ZoneInfo) -> Told:
    year = event.reason
    return {
        "vi": Operations(
            f"Lịch năm {year} chưa được xác nhận",
            f"Ngày nghỉ, ngày hoán đổi của năm {year} mới là dự kiến theo danh sách chung.",
            "Hạn rơi vào năm ấy có thể dời khi có quyết định về ngày nghỉ.",
            f"dondoc calendar confirm {year} --source VĂN_BẢN",
        ),
        "en": Operations(
            f"The calendar of {year} is not confirmed",
            f"Holidays and exchanged days of {year} are provisional, taken from the common list.",
            "Due days of that year may still move when the days off are decreed.",
            f"dondoc calendar confirm {year} --source DECREE",
        ),
    }
