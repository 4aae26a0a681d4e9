"""The invented supervision of which every sample tells: its directives, people and dates."""

from datetime import date
from typing import Any

from notifications.kinds import MailKind
from notifications.payload import Letter, Line, Locale, Reached

TODAY = date(2023, 10, 10)


BASE_URL = "https://dondoc.example"


TITLES = {
    1: ("Thực hiện Nghị quyết 21-NQ/TU", "Carry out resolution 21"),
    3: ("Khó khăn, vướng mắc và nguyên nhân", "Difficulties and their causes"),
    5: ("Hạ tầng cụm công nghiệp", "Infrastructure of industrial clusters"),
    6: ("Khai thác khoáng sản", "Mining of minerals"),
    7: ("Môi trường tại các chợ", "Environment at the markets"),
}


QUOTES = {
    1: "Tiếp tục quán triệt, triển khai thực hiện nghị quyết đến cơ sở.",
    3: "Làm rõ khó khăn, vướng mắc và nguyên nhân, từ đó nêu giải pháp khắc phục.",
    5: "Xem lại hạ tầng các cụm công nghiệp và nêu giải pháp nâng cấp để thu hút đầu tư.",
    6: "Tăng cường kiểm tra việc khai thác khoáng sản trên địa bàn.",
    7: "Phối hợp giải quyết vấn đề môi trường tại các chợ.",
}


HOLDERS = {
    1: ("Giám đốc Sở Công Thương", "Director of the department"),
    2: ("Thư ký Đoàn giám sát", "Secretary of the delegation"),
    3: ("Phó Trưởng Đoàn giám sát", "Deputy head of the delegation"),
    4: ("Trưởng Đoàn giám sát", "Head of the delegation"),
}


def in_words(locale: Locale, vi: str, en: str) -> str:
    return vi if locale == "vi" else en


def letter_of(locale: Locale, kind: MailKind, lines: tuple[Line, ...], **facts: Any) -> Letter:
    one = lines[0].code if len(lines) == 1 else "GS14"
    common: dict[str, Any] = {
        "recipient_name": "Nguyễn Văn Mẫu",
        "recipient_title": in_words(locale, "Văn thư", "Records officer"),
        "addressee": agency_name(locale),
        "delegation_name": in_words(locale, "Đoàn giám sát", "The supervision delegation"),
        "parent_name": in_words(locale, "Ban Thường vụ Tỉnh ủy", "Standing Board of the Province"),
        "supervision_code": "GS14",
        "subject": in_words(locale, "thực hiện nghị quyết về công nghiệp", "the industry resolution"),
        "session_on": date(2023, 8, 18),
        "answer_url": f"{BASE_URL}/t/k7q2m9xf3hztk7q2m9xf3h",
        "list_url": f"{BASE_URL}/nhiem-vu?giam-sat=GS14",
        "contact": in_words(
            locale,
            "Thư ký Đoàn giám sát, điện thoại 0000 000 000.",
            "Secretary of the delegation, telephone 0000 000 000.",
        ),
        "calendar_attached": kind.has_calendar_entry,
        "reply_to": f"tra-loi+{one.lower()}.k7q2m9xf3hztk7q2m9xf3h@giamsat.example",
    }
    return Letter(kind=kind, locale=locale, today=TODAY, lines=lines, **(common | facts))


def agency_name(locale: Locale) -> str:
    return in_words(locale, "Sở Công Thương", "Department of Industry and Trade")


def line_of(locale: Locale, number: int, kind: MailKind, due_on: date, days: int, **facts: Any) -> Line:
    code = f"GS14-{number:02}"
    common: dict[str, Any] = {
        "obligation": "deliver",
        "agency": agency_name(locale),
        "url": f"{BASE_URL}/nhiem-vu/{code}",
        "quote": QUOTES[number],
        "original_due_on": due_on,
    }
    title = in_words(locale, *TITLES[number])
    return Line(code=code, title=title, kind=kind, due_on=due_on, days=days, **(common | facts))


def reminded_line(locale: Locale, **facts: Any) -> Line:
    known: dict[str, Any] = {
        "rung": "R3",
        "acknowledged_on": date(2023, 8, 22),
        "next_on": date(2023, 10, 12),
        "next_text": in_words(locale, "nhắc lần cuối vào ngày đến hạn", "the last reminder, on the due date"),
    }
    return line_of(locale, 5, MailKind.REMINDER, date(2023, 10, 12), 2, **(known | facts))


def late_line(locale: Locale, kind: MailKind = MailKind.OVERDUE, **facts: Any) -> Line:
    known: dict[str, Any] = {
        "level": 3,
        "reached": (
            Reached(1, in_words(locale, "Lãnh đạo Sở", "Head of the department"), date(2023, 9, 27)),
            Reached(2, in_words(locale, "Thư ký Đoàn", "Secretary"), date(2023, 10, 3)),
            Reached(3, in_words(locale, "Phó Trưởng Đoàn giám sát", "the deputy head"), TODAY),
        ),
        "extension_wanted_on": date(2023, 10, 20),
        "extension_asked_on": date(2023, 10, 6),
        "extension_reason": in_words(
            locale, "còn chờ số liệu của hai huyện.", "two districts still owe data."
        ),
        "next_on": date(2023, 10, 24),
        "next_text": in_words(
            locale, "báo cáo cấp 4, Trưởng Đoàn giám sát", "level 4, the head of delegation"
        ),
    }
    return line_of(locale, 3, kind, date(2023, 9, 26), -10, **(known | facts))


def late_mining_line(locale: Locale) -> Line:
    return line_of(locale, 6, MailKind.OVERDUE, date(2023, 9, 29), -7, level=2)
