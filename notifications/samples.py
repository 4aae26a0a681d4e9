"""Invented letters, one for every kind and locale.

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
    Locale,
    Operations,
    Pause,
    Receipt,
    ReceivedFile,
    Release,
    Upcoming,
    Verdict,
    Waiting,
    Weekly,
)
from notifications.sample_lines import (
    BASE_URL,
    HOLDERS,
    TITLES,
    TODAY,
    agency_name,
    in_words,
    late_line,
    late_mining_line,
    letter_of,
    line_of,
    reminded_line,
)


def sample(kind: MailKind, locale: Locale) -> Letter:
    return _SAMPLES[kind](locale)


def _issued(locale: Locale) -> Letter:
    kind = MailKind.ISSUED
    lines = (
        line_of(locale, 3, kind, date(2023, 9, 26), 27),
        line_of(locale, 5, kind, date(2023, 10, 12), 39),
        replace(line_of(locale, 6, kind, date(2023, 9, 29), 0), due_on=None, original_due_on=None),
        line_of(
            locale, 7, kind, date(2023, 10, 25), 48, rhythm=in_words(locale, "hằng tháng", "every month")
        ),
    )
    return letter_of(locale, kind, lines)


def _unacknowledged(locale: Locale) -> Letter:
    kind = MailKind.UNACKNOWLEDGED
    lines = tuple(
        line_of(locale, number, kind, date(2023, 10, 9), -1, obligation="acknowledge") for number in (1, 5)
    )
    return letter_of(locale, kind, lines)


def _reminder(locale: Locale) -> Letter:
    return letter_of(locale, MailKind.REMINDER, (reminded_line(locale),))


def _due_today(locale: Locale) -> Letter:
    line = line_of(locale, 5, MailKind.DUE_TODAY, TODAY, 0, acknowledged_on=date(2023, 8, 22))
    return letter_of(locale, MailKind.DUE_TODAY, (line,))


def _overdue(locale: Locale) -> Letter:
    lines = (late_line(locale), late_mining_line(locale), reminded_line(locale))
    return letter_of(locale, MailKind.OVERDUE, lines)


def escalation(locale: Locale, level: int = 3) -> Letter:
    line = late_line(locale, MailKind.ESCALATION, level=level, reached=late_line(locale).reached[: level - 1])
    return letter_of(
        locale,
        MailKind.ESCALATION,
        (line,),
        recipient_title=in_words(locale, *HOLDERS[level]),
        addressee=agency_name(locale) if level == 1 else None,
        answer_url=f"{BASE_URL}/nhiem-vu/GS14-03{'/cong-van' if level == 2 else ''}",
        needs_login=level > 1,
        reply_to=None,
    )


def _escalation_copy(locale: Locale) -> Letter:
    return letter_of(locale, MailKind.ESCALATION_COPY, (late_line(locale, MailKind.ESCALATION_COPY),))


def extension_decision(locale: Locale, granted: bool = True) -> Letter:
    kept = date(2023, 9, 26)
    due_on = date(2023, 10, 20) if granted else kept
    line = line_of(locale, 3, MailKind.EXTENSION_DECISION, due_on, 8, original_due_on=kept)
    reason = (
        None if granted else in_words(locale, "số liệu đã có từ tháng 8.", "the data is there since May.")
    )
    decision = Decision(granted, due_on, kept, reason)
    return letter_of(locale, MailKind.EXTENSION_DECISION, (line,), decision=decision)


def _verdict(locale: Locale, accepted: bool) -> Letter:
    kind = MailKind.ACCEPTED if accepted else MailKind.SENT_BACK
    due_on = date(2023, 10, 16) if accepted else date(2023, 10, 20)
    line = line_of(locale, 7, kind, due_on, 8, original_due_on=date(2023, 10, 16))
    missing = in_words(locale, "biên bản kiểm tra của hai chợ.", "the inspection records of two markets.")
    verdict = Verdict(True, on_time=True) if accepted else Verdict(False, reason=missing, due_on=due_on)
    return letter_of(locale, kind, (line,), verdict=verdict)


def waiting_for_us(locale: Locale, kind: MailKind) -> Letter:
    review = kind is MailKind.REVIEW_LATE
    facts: dict[str, Any] = (
        {"obligation": "review", "reported_on": date(2023, 9, 26)}
        if review
        else {"obligation": "decide", "extension_wanted_on": date(2023, 10, 20)}
    )
    line = line_of(locale, 7 if review else 3, kind, date(2023, 10, 3), -5, **facts)
    return letter_of(
        locale,
        kind,
        (line,),
        recipient_title=in_words(locale, *HOLDERS[3]),
        addressee=None,
        answer_url=line.url,
        needs_login=True,
        reply_to=None,
    )


def answered(locale: Locale, extension: bool = False) -> Letter:
    facts: dict[str, Any] = {"obligation": "deliver", "reported_on": TODAY}
    if extension:
        facts = {"obligation": "deliver", "extension_wanted_on": date(2023, 10, 20)}
    line = line_of(locale, 5, MailKind.ANSWERED, date(2023, 10, 12), 2, **facts)
    said = in_words(locale, "Sở đã xem lại 12 cụm công nghiệp.", "12 clusters looked at.")
    waiting = in_words(locale, "còn chờ số liệu của hai huyện.", "two districts still owe data.")
    answer = Answer("extension", _CLERK, waiting) if extension else Answer("report", _CLERK, said)
    return letter_of(
        locale,
        MailKind.ANSWERED,
        (line,),
        answer=answer,
        recipient_title=in_words(locale, *HOLDERS[2]),
        addressee=None,
        answer_url=line.url,
        needs_login=True,
        reply_to=None,
    )


def _dispute_refused(locale: Locale) -> Letter:
    kind = MailKind.DISPUTE_REFUSED
    why = in_words(locale, "cụm công nghiệp thuộc phần việc của Sở.", "clusters are the department's field.")
    line = line_of(locale, 5, kind, date(2023, 10, 12), 2)
    return letter_of(locale, kind, (line,), answer=Answer("dispute_refused", "Lê Văn Mẫu", why))


_CLERK = "Nguyễn Thị Mẫu"


def released(locale: Locale, withdrawn: bool = False) -> Letter:
    kind = MailKind.REASSIGNED_OR_WITHDRAWN
    new_agency = None if withdrawn else in_words(locale, "Sở Tài nguyên Mẫu", "Department of Resources")
    reason = in_words(locale, "không thuộc thẩm quyền của Sở.", "it was not within the department's remit.")
    line = line_of(locale, 6, kind, date(2023, 11, 15), 26)
    release = Release(reason, new_agency)
    return letter_of(locale, kind, (line,), release=release, reply_to=None)


def paused(locale: Locale, suspended: bool = True) -> Letter:
    kind = MailKind.SUSPENDED_OR_RESUMED
    reason = in_words(locale, "chờ văn bản của cấp trên.", "a ruling from above is awaited.")
    pause = Pause(suspended, reason, date(2023, 12, 1))
    line = line_of(locale, 1, kind, date(2023, 12, 1), 38, original_due_on=date(2023, 10, 13))
    return letter_of(locale, kind, (line,), pause=pause)


def receipt(locale: Locale) -> Letter:
    hanoi = timezone(timedelta(hours=7))
    receipt = Receipt(
        "GS14-05",
        datetime(2023, 10, 10, 9, 12, tzinfo=hanoi),
        in_words(locale, "Sở đã xem lại 12 cụm, còn 02 cụm.", "12 clusters looked at, 2 remain."),
        (ReceivedFile("bao-cao-05.pdf", "9f86d081884c7d659a2feaa0c55ad015" * 2, 248_310),),
    )
    line = line_of(locale, 5, MailKind.RECEIPT, date(2023, 10, 12), 2, quote=None)
    return letter_of(locale, MailKind.RECEIPT, (line,), receipt=receipt)


def _weekly(locale: Locale) -> Letter:
    weekly = Weekly(
        week=41,
        as_of=date(2023, 10, 9),
        figures=tuple(Figure(name, count, f"{BASE_URL}/nhiem-vu?{name}") for name, count in _FIGURES),
        changes=(Change("GS14-02", in_words(locale, "hoàn thành đúng hạn", "done, on time")),),
        waiting=(
            Waiting("GS14-07", *_waits(locale, "báo cáo chờ duyệt", "report to review"), date(2023, 10, 3)),
            Waiting("GS14-03", *_waits(locale, "xin gia hạn", "extension"), date(2023, 10, 6), True),
        ),
        upcoming=(
            Upcoming("GS14-05", in_words(locale, *TITLES[5]), agency_name(locale), date(2023, 10, 12)),
        ),
        agencies=(AgencyRow(agency_name(locale), 8, 2, 1),),
    )
    return letter_of(
        locale,
        MailKind.WEEKLY,
        (),
        weekly=weekly,
        addressee=None,
        recipient_title=in_words(locale, *HOLDERS[4]),
        answer_url=f"{BASE_URL}/bao-cao/tuan/41",
        needs_login=True,
        reply_to=None,
        unsubscribe_url=f"{BASE_URL}/thoi-nhan/w4.k7q2",
    )


_FIGURES = (("overdue", 2), ("due_soon", 2), ("waiting", 1), ("in_time", 2), ("done", 1))


def _waits(locale: Locale, vi: str, en: str) -> tuple[str, str]:
    return in_words(locale, vi, en), in_words(locale, "Phó Trưởng Đoàn giám sát", "the deputy head")


def _operations(locale: Locale) -> Letter:
    operations = Operations(
        fact=in_words(locale, "Lượt quét 10/10/2023 chưa chạy", "Sweep of 10/10/2023 has not run"),
        detail=in_words(locale, "Lượt gần nhất là 09/10/2023, 01:30.", "The last one was 09/10/2023, 01:30."),
        not_sent=in_words(locale, "04 thư của đêm 10/10/2023.", "4 mails of the night of 10/10/2023."),
        command="dondoc sweep run --date 10/10/2023",
    )
    return letter_of(
        locale,
        MailKind.OPERATIONS,
        (),
        operations=operations,
        addressee=None,
        recipient_title=in_words(locale, "Quản trị hệ thống", "System administrator"),
        answer_url=f"{BASE_URL}/luot-quet",
        needs_login=True,
        reply_to=None,
    )


_SAMPLES: dict[MailKind, Callable[[Locale], Letter]] = {
    MailKind.ISSUED: _issued,
    MailKind.UNACKNOWLEDGED: _unacknowledged,
    MailKind.REMINDER: _reminder,
    MailKind.DUE_TODAY: _due_today,
    MailKind.OVERDUE: _overdue,
    MailKind.ESCALATION: escalation,
    MailKind.ESCALATION_COPY: _escalation_copy,
    MailKind.EXTENSION_DECISION: extension_decision,
    MailKind.ACCEPTED: partial(_verdict, accepted=True),
    MailKind.SENT_BACK: partial(_verdict, accepted=False),
    MailKind.WEEKLY: _weekly,
    MailKind.RECEIPT: receipt,
    MailKind.REVIEW_LATE: partial(waiting_for_us, kind=MailKind.REVIEW_LATE),
    MailKind.DECISION_LATE: partial(waiting_for_us, kind=MailKind.DECISION_LATE),
    MailKind.ANSWERED: answered,
    MailKind.DISPUTE_REFUSED: _dispute_refused,
    MailKind.OPERATIONS: _operations,
    MailKind.REASSIGNED_OR_WITHDRAWN: released,
    MailKind.SUSPENDED_OR_RESUMED: paused,
}
