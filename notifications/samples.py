"""Invented letters, one for every kind and locale, and the shapes a kind can take.

They feed the tests, the preview on the command line and on the page, and the check of edited templates.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from notifications.kinds import MailKind
from notifications.payload import (
    Decision,
    Letter,
    Line,
    Locale,
    Reached,
)

TODAY = date(2023, 10, 10)
BASE_URL = "https://dondoc.example"


def sample(kind: MailKind, locale: Locale) -> Letter:
    return _SAMPLES[kind](locale)


def shapes(locale: Locale) -> dict[str, Letter]:
    """Every kind under its own name, and beside it the shapes that read differently."""
    plain = {kind.value: sample(kind, locale) for kind in MailKind}
    return plain | {name: make(locale) for name, make in _SHAPES.items()}


def _said(locale: Locale, vi: str, en: str) -> str:
    return vi if locale == "vi" else en


def _letter(locale: Locale, kind: MailKind, lines: tuple[Line, ...], **facts: Any) -> Letter:
    one = lines[0].code if len(lines) == 1 else "GS14"
    common: dict[str, Any] = {
        "recipient_name": "Nguyễn Văn Mẫu",
        "recipient_title": _said(locale, "Văn thư", "Records officer"),
        "addressee": _agency(locale),
        "delegation_name": _said(locale, "Đoàn giám sát", "The supervision delegation"),
        "parent_name": _said(locale, "Ban Thường vụ Tỉnh ủy", "Standing Board of the Province"),
        "supervision_code": "GS14",
        "subject": _said(locale, "thực hiện nghị quyết về công nghiệp", "the industry resolution"),
        "session_on": date(2023, 8, 18),
        "answer_url": f"{BASE_URL}/t/k7q2m9xf3hztk7q2m9xf3h",
        "list_url": f"{BASE_URL}/nhiem-vu?giam-sat=GS14",
        "contact": _said(
            locale,
            "Thư ký Đoàn giám sát, điện thoại 0000 000 000.",
            "Secretary of the delegation, telephone 0000 000 000.",
        ),
        "calendar_attached": kind.has_calendar_entry,
        "reply_to": f"tra-loi+{one.lower()}.k7q2m9xf3hztk7q2m9xf3h@giamsat.example",
    }
    return Letter(kind=kind, locale=locale, today=TODAY, lines=lines, **(common | facts))


def _agency(locale: Locale) -> str:
    return _said(locale, "Sở Công Thương", "Department of Industry and Trade")


_TITLES = {
    1: ("Thực hiện Nghị quyết 21-NQ/TU", "Carry out resolution 21"),
    3: ("Khó khăn, vướng mắc và nguyên nhân", "Difficulties and their causes"),
    5: ("Hạ tầng cụm công nghiệp", "Infrastructure of industrial clusters"),
    6: ("Khai thác khoáng sản", "Mining of minerals"),
    7: ("Môi trường tại các chợ", "Environment at the markets"),
}
_QUOTES = {
    1: "Tiếp tục quán triệt, triển khai thực hiện nghị quyết đến cơ sở.",
    3: "Làm rõ khó khăn, vướng mắc và nguyên nhân, từ đó nêu giải pháp khắc phục.",
    5: "Xem lại hạ tầng các cụm công nghiệp và nêu giải pháp nâng cấp để thu hút đầu tư.",
    6: "Tăng cường kiểm tra việc khai thác khoáng sản trên địa bàn.",
    7: "Phối hợp giải quyết vấn đề môi trường tại các chợ.",
}


def _line(locale: Locale, number: int, kind: MailKind, due_on: date, days: int, **facts: Any) -> Line:
    code = f"GS14-{number:02}"
    common: dict[str, Any] = {
        "obligation": "deliver",
        "agency": _agency(locale),
        "url": f"{BASE_URL}/nhiem-vu/{code}",
        "quote": _QUOTES[number],
        "original_due_on": due_on,
    }
    title = _said(locale, *_TITLES[number])
    return Line(code=code, title=title, kind=kind, due_on=due_on, days=days, **(common | facts))


def _reminded(locale: Locale, **facts: Any) -> Line:
    known: dict[str, Any] = {
        "rung": "R3",
        "acknowledged_on": date(2023, 8, 22),
        "next_on": date(2023, 10, 12),
        "next_text": _said(locale, "nhắc lần cuối vào ngày đến hạn", "the last reminder, on the due date"),
    }
    return _line(locale, 5, MailKind.REMINDER, date(2023, 10, 12), 2, **(known | facts))


def _late(locale: Locale, kind: MailKind = MailKind.OVERDUE, **facts: Any) -> Line:
    known: dict[str, Any] = {
        "level": 3,
        "reached": (
            Reached(1, _said(locale, "Lãnh đạo Sở", "Head of the department"), date(2023, 9, 27)),
            Reached(2, _said(locale, "Thư ký Đoàn", "Secretary"), date(2023, 10, 3)),
            Reached(3, _said(locale, "Phó Trưởng Đoàn giám sát", "the deputy head"), TODAY),
        ),
        "extension_wanted_on": date(2023, 10, 20),
        "extension_asked_on": date(2023, 10, 6),
        "extension_reason": _said(locale, "còn chờ số liệu của hai huyện.", "two districts still owe data."),
        "next_on": date(2023, 10, 24),
        "next_text": _said(locale, "báo cáo cấp 4, Trưởng Đoàn giám sát", "level 4, the head of delegation"),
    }
    return _line(locale, 3, kind, date(2023, 9, 26), -10, **(known | facts))


def _late_mining(locale: Locale) -> Line:
    return _line(locale, 6, MailKind.OVERDUE, date(2023, 9, 29), -7, level=2)


def _issued(locale: Locale) -> Letter:
    kind = MailKind.ISSUED
    lines = (
        _line(locale, 3, kind, date(2023, 9, 26), 27),
        _line(locale, 5, kind, date(2023, 10, 12), 39),
        replace(_line(locale, 6, kind, date(2023, 9, 29), 0), due_on=None, original_due_on=None),
        _line(locale, 7, kind, date(2023, 10, 25), 48, rhythm=_said(locale, "hằng tháng", "every month")),
    )
    return _letter(locale, kind, lines)


def _unacknowledged(locale: Locale) -> Letter:
    kind = MailKind.UNACKNOWLEDGED
    lines = tuple(
        _line(locale, number, kind, date(2023, 10, 9), -1, obligation="acknowledge") for number in (1, 5)
    )
    return _letter(locale, kind, lines)


def _reminder(locale: Locale) -> Letter:
    return _letter(locale, MailKind.REMINDER, (_reminded(locale),))


def _due_today(locale: Locale) -> Letter:
    line = _line(locale, 5, MailKind.DUE_TODAY, TODAY, 0, acknowledged_on=date(2023, 8, 22))
    return _letter(locale, MailKind.DUE_TODAY, (line,))


def _overdue(locale: Locale) -> Letter:
    lines = (_late(locale), _late_mining(locale), _reminded(locale))
    return _letter(locale, MailKind.OVERDUE, lines)


def _escalation(locale: Locale, level: int = 3) -> Letter:
    line = _late(locale, MailKind.ESCALATION, level=level, reached=_late(locale).reached[: level - 1])
    return _letter(
        locale,
        MailKind.ESCALATION,
        (line,),
        recipient_title=_said(locale, *_HOLDERS[level]),
        addressee=None,
        answer_url=f"{BASE_URL}/nhiem-vu/GS14-03",
        needs_login=level > 1,
        reply_to=None,
    )


_HOLDERS = {
    1: ("Giám đốc Sở Công Thương", "Director of the department"),
    2: ("Thư ký Đoàn giám sát", "Secretary of the delegation"),
    3: ("Phó Trưởng Đoàn giám sát", "Deputy head of the delegation"),
    4: ("Trưởng Đoàn giám sát", "Head of the delegation"),
}


def _escalation_copy(locale: Locale) -> Letter:
    return _letter(locale, MailKind.ESCALATION_COPY, (_late(locale, MailKind.ESCALATION_COPY),))


def _extension_decision(locale: Locale, granted: bool = True) -> Letter:
    kept = date(2023, 9, 26)
    due_on = date(2023, 10, 20) if granted else kept
    line = _line(locale, 3, MailKind.EXTENSION_DECISION, due_on, 8, original_due_on=kept)
    reason = None if granted else _said(locale, "số liệu đã có từ tháng 8.", "the data is there since May.")
    decision = Decision(granted, due_on, kept, reason)
    return _letter(locale, MailKind.EXTENSION_DECISION, (line,), decision=decision)


_SAMPLES: dict[MailKind, Callable[[Locale], Letter]] = {
    MailKind.ISSUED: _issued,
    MailKind.UNACKNOWLEDGED: _unacknowledged,
    MailKind.REMINDER: _reminder,
    MailKind.DUE_TODAY: _due_today,
    MailKind.OVERDUE: _overdue,
    MailKind.ESCALATION: _escalation,
    MailKind.ESCALATION_COPY: _escalation_copy,
    MailKind.EXTENSION_DECISION: _extension_decision,
}

_SHAPES: dict[str, Callable[[Locale], Letter]] = {}
