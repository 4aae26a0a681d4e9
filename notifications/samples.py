"""Invented letters, one for every kind and locale, and the shapes a kind can take.

They feed the tests, the preview on the command line and on the page, and the check of edited templates.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Any

from notifications.kinds import MailKind
from notifications.payload import (
    AgencyRow,
    Answer,
    Change,
    Decision,
    Figure,
    Letter,
    Line,
    Locale,
    Operations,
    Pause,
    Reached,
    Receipt,
    ReceivedFile,
    Release,
    Upcoming,
    Verdict,
    Waiting,
    Weekly,
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


def _unacknowledged_above(locale: Locale) -> Letter:
    """The second call: the secretary of the delegation reads it too."""
    kind = MailKind.UNACKNOWLEDGED
    lines = (_line(locale, 5, kind, date(2023, 10, 9), -1, obligation="acknowledge"),)
    body = _said(locale, "Đoàn giám sát", "The supervision delegation")
    return _letter(locale, kind, lines, addressee=body, needs_login=True, reply_to=None)


def _last_day(locale: Locale) -> Letter:
    kind = MailKind.UNACKNOWLEDGED
    return _letter(locale, kind, (_line(locale, 5, kind, TODAY, 0, obligation="acknowledge"),))


def _disputed(locale: Locale) -> Letter:
    letter = _waiting_for_us(locale, MailKind.DECISION_LATE)
    return replace(letter, lines=(replace(letter.lines[0], extension_wanted_on=None),))


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
        addressee=_agency(locale) if level == 1 else None,
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


def _verdict(locale: Locale, accepted: bool) -> Letter:
    kind = MailKind.ACCEPTED if accepted else MailKind.SENT_BACK
    due_on = date(2023, 10, 16) if accepted else date(2023, 10, 20)
    line = _line(locale, 7, kind, due_on, 8, original_due_on=date(2023, 10, 16))
    missing = _said(locale, "biên bản kiểm tra của hai chợ.", "the inspection records of two markets.")
    verdict = Verdict(True, on_time=True) if accepted else Verdict(False, reason=missing, due_on=due_on)
    return _letter(locale, kind, (line,), verdict=verdict)


def _waiting_for_us(locale: Locale, kind: MailKind) -> Letter:
    review = kind is MailKind.REVIEW_LATE
    facts: dict[str, Any] = (
        {"obligation": "review", "reported_on": date(2023, 9, 26)}
        if review
        else {"obligation": "decide", "extension_wanted_on": date(2023, 10, 20)}
    )
    line = _line(locale, 7 if review else 3, kind, date(2023, 10, 3), -5, **facts)
    return _letter(
        locale,
        kind,
        (line,),
        recipient_title=_said(locale, *_HOLDERS[3]),
        addressee=None,
        answer_url=line.url,
        needs_login=True,
        reply_to=None,
    )


def _answered(locale: Locale, extension: bool = False) -> Letter:
    facts: dict[str, Any] = {"obligation": "deliver", "reported_on": TODAY}
    if extension:
        facts = {"obligation": "deliver", "extension_wanted_on": date(2023, 10, 20)}
    line = _line(locale, 5, MailKind.ANSWERED, date(2023, 10, 12), 2, **facts)
    said = _said(locale, "Sở đã xem lại 12 cụm công nghiệp.", "12 clusters looked at.")
    waiting = _said(locale, "còn chờ số liệu của hai huyện.", "two districts still owe data.")
    answer = Answer("extension", _CLERK, waiting) if extension else Answer("report", _CLERK, said)
    return _letter(
        locale,
        MailKind.ANSWERED,
        (line,),
        answer=answer,
        recipient_title=_said(locale, *_HOLDERS[2]),
        addressee=None,
        answer_url=line.url,
        needs_login=True,
        reply_to=None,
    )


def _dispute_refused(locale: Locale) -> Letter:
    kind = MailKind.DISPUTE_REFUSED
    why = _said(locale, "cụm công nghiệp thuộc phần việc của Sở.", "clusters are the department's field.")
    line = _line(locale, 5, kind, date(2023, 10, 12), 2)
    return _letter(locale, kind, (line,), answer=Answer("dispute_refused", "Lê Văn Mẫu", why))


def _receipts(locale: Locale) -> Letter:
    first = _receipt(locale)
    second = _line(locale, 7, MailKind.RECEIPT, date(2023, 10, 16), 4)
    return replace(first, lines=(*first.lines, second))


def _head_of_the_agency(locale: Locale) -> Letter:
    """At a high level the agency's own head reads along; nothing is asked of him but a report."""
    return replace(_escalation(locale, level=4), addressee=_agency(locale), recipient_title=None)


def _by_hand(locale: Locale) -> Letter:
    letter = _escalation(locale)
    why = _said(locale, "cần kết quả trước kỳ họp tháng 11.", "the result is needed before the session.")
    return replace(letter, lines=(replace(letter.lines[0], reason=why),))


_CLERK = "Nguyễn Thị Mẫu"


def _released(locale: Locale, withdrawn: bool = False) -> Letter:
    kind = MailKind.REASSIGNED_OR_WITHDRAWN
    new_agency = None if withdrawn else _said(locale, "Sở Tài nguyên Mẫu", "Department of Resources")
    reason = _said(locale, "không thuộc thẩm quyền của Sở.", "it was not within the department's remit.")
    line = _line(locale, 6, kind, date(2023, 11, 15), 26)
    release = Release(reason, new_agency)
    return _letter(locale, kind, (line,), release=release, reply_to=None)


def _paused(locale: Locale, suspended: bool = True) -> Letter:
    kind = MailKind.SUSPENDED_OR_RESUMED
    reason = _said(locale, "chờ văn bản của cấp trên.", "a ruling from above is awaited.")
    pause = Pause(suspended, reason, date(2023, 12, 1))
    line = _line(locale, 1, kind, date(2023, 12, 1), 38, original_due_on=date(2023, 10, 13))
    return _letter(locale, kind, (line,), pause=pause)


def _receipt(locale: Locale) -> Letter:
    hanoi = timezone(timedelta(hours=7))
    receipt = Receipt(
        "GS14-05",
        datetime(2023, 10, 10, 9, 12, tzinfo=hanoi),
        _said(locale, "Sở đã xem lại 12 cụm, còn 02 cụm.", "12 clusters looked at, 2 remain."),
        (ReceivedFile("bao-cao-05.pdf", "9f86d081884c7d659a2feaa0c55ad015" * 2, 248_310),),
    )
    line = _line(locale, 5, MailKind.RECEIPT, date(2023, 10, 12), 2, quote=None)
    return _letter(locale, MailKind.RECEIPT, (line,), receipt=receipt)


def _weekly(locale: Locale) -> Letter:
    weekly = Weekly(
        week=41,
        as_of=date(2023, 10, 9),
        figures=tuple(Figure(name, count, f"{BASE_URL}/nhiem-vu?{name}") for name, count in _FIGURES),
        changes=(Change("GS14-02", _said(locale, "hoàn thành đúng hạn", "done, on time")),),
        waiting=(
            Waiting("GS14-07", *_waits(locale, "báo cáo chờ duyệt", "report to review"), date(2023, 10, 3)),
            Waiting("GS14-03", *_waits(locale, "xin gia hạn", "extension"), date(2023, 10, 6), True),
        ),
        upcoming=(Upcoming("GS14-05", _said(locale, *_TITLES[5]), _agency(locale), date(2023, 10, 12)),),
        agencies=(AgencyRow(_agency(locale), 8, 2, 1),),
    )
    return _letter(
        locale,
        MailKind.WEEKLY,
        (),
        weekly=weekly,
        addressee=None,
        recipient_title=_said(locale, *_HOLDERS[4]),
        answer_url=f"{BASE_URL}/bao-cao/tuan/41",
        needs_login=True,
        reply_to=None,
    )


_FIGURES = (("overdue", 2), ("due_soon", 2), ("waiting", 1), ("in_time", 2), ("done", 1))


def _waits(locale: Locale, vi: str, en: str) -> tuple[str, str]:
    return _said(locale, vi, en), _said(locale, "Phó Trưởng Đoàn giám sát", "the deputy head")


def _operations(locale: Locale) -> Letter:
    operations = Operations(
        fact=_said(locale, "Lượt quét 10/10/2023 chưa chạy", "Sweep of 10/10/2023 has not run"),
        detail=_said(locale, "Lượt gần nhất là 09/10/2023, 01:30.", "The last one was 09/10/2023, 01:30."),
        not_sent=_said(locale, "04 thư của đêm 10/10/2023.", "4 mails of the night of 10/10/2023."),
        command="dondoc sweep run --date 10/10/2023",
    )
    return _letter(
        locale,
        MailKind.OPERATIONS,
        (),
        operations=operations,
        addressee=None,
        recipient_title=_said(locale, "Quản trị hệ thống", "System administrator"),
        answer_url=f"{BASE_URL}/luot-quet",
        needs_login=True,
        reply_to=None,
    )


def _bundle(locale: Locale) -> Letter:
    lines = (_reminded(locale), _line(locale, 7, MailKind.REMINDER, date(2023, 10, 16), 4))
    return _letter(locale, MailKind.REMINDER, lines)


def _long_list(locale: Locale) -> Letter:
    first = _late_mining(locale)
    lines = tuple(replace(first, code=f"GS14-{number:02}") for number in range(1, 26))
    return _letter(locale, MailKind.OVERDUE, lines, max_shown=3)


def _partly_secret(locale: Locale) -> Letter:
    lines = (_late(locale), replace(_late_mining(locale), secret=True))
    return _letter(locale, MailKind.OVERDUE, lines)


def _all_secret(locale: Locale) -> Letter:
    return _letter(locale, MailKind.REMINDER, (_reminded(locale, secret=True),))


def _coordinating(locale: Locale) -> Letter:
    line = _reminded(locale, obligation="contribute", extension_wanted_on=date(2023, 10, 20))
    return _letter(locale, MailKind.REMINDER, (line,))


def _state_body(locale: Locale) -> Letter:
    return replace(_escalation(locale), address="Ông/Bà")


_SAMPLES: dict[MailKind, Callable[[Locale], Letter]] = {
    MailKind.ISSUED: _issued,
    MailKind.UNACKNOWLEDGED: _unacknowledged,
    MailKind.REMINDER: _reminder,
    MailKind.DUE_TODAY: _due_today,
    MailKind.OVERDUE: _overdue,
    MailKind.ESCALATION: _escalation,
    MailKind.ESCALATION_COPY: _escalation_copy,
    MailKind.EXTENSION_DECISION: _extension_decision,
    MailKind.ACCEPTED: partial(_verdict, accepted=True),
    MailKind.SENT_BACK: partial(_verdict, accepted=False),
    MailKind.WEEKLY: _weekly,
    MailKind.RECEIPT: _receipt,
    MailKind.REVIEW_LATE: partial(_waiting_for_us, kind=MailKind.REVIEW_LATE),
    MailKind.DECISION_LATE: partial(_waiting_for_us, kind=MailKind.DECISION_LATE),
    MailKind.ANSWERED: _answered,
    MailKind.DISPUTE_REFUSED: _dispute_refused,
    MailKind.OPERATIONS: _operations,
    MailKind.REASSIGNED_OR_WITHDRAWN: _released,
    MailKind.SUSPENDED_OR_RESUMED: _paused,
}

_SHAPES: dict[str, Callable[[Locale], Letter]] = {
    "answered-extension": partial(_answered, extension=True),
    "decision-late-dispute": _disputed,
    "escalation-1": partial(_escalation, level=1),
    "escalation-2": partial(_escalation, level=2),
    "escalation-4": partial(_escalation, level=4),
    "escalation-4-own-head": _head_of_the_agency,
    "escalation-by-hand": _by_hand,
    "escalation-state-body": _state_body,
    "extension-refused": partial(_extension_decision, granted=False),
    "overdue-long": _long_list,
    "overdue-partly-secret": _partly_secret,
    "reminder-bundle": _bundle,
    "reminder-coordinating": _coordinating,
    "reminder-secret": _all_secret,
    "receipt-of-several": _receipts,
    "resumed": partial(_paused, suspended=False),
    "unacknowledged-last-day": _last_day,
    "unacknowledged-to-the-secretary": _unacknowledged_above,
    "withdrawn": partial(_released, withdrawn=True),
}
