"""Every kind under its own name, and beside it the shapes that read differently."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from notifications.kinds import MailKind
from notifications.payload import Letter, Locale
from notifications.sample_lines import (
    TODAY,
    agency_name,
    in_words,
    late_line,
    late_mining_line,
    letter_of,
    line_of,
    reminded_line,
)
from notifications.samples import (
    answered,
    escalation,
    extension_decision,
    paused,
    receipt,
    released,
    sample,
    waiting_for_us,
)


def shapes(locale: Locale) -> dict[str, Letter]:
    """Every kind under its own name, and beside it the shapes that read differently."""
    plain = {kind.value: sample(kind, locale) for kind in MailKind}
    return plain | {name: make(locale) for name, make in _SHAPES.items()}


def _unacknowledged_above(locale: Locale) -> Letter:
    """The second call: the secretary of the delegation reads it too."""
    kind = MailKind.UNACKNOWLEDGED
    lines = (line_of(locale, 5, kind, date(2023, 10, 9), -1, obligation="acknowledge"),)
    body = in_words(locale, "Đoàn giám sát", "The supervision delegation")
    return letter_of(locale, kind, lines, addressee=body, needs_login=True, reply_to=None)


def _last_day(locale: Locale) -> Letter:
    kind = MailKind.UNACKNOWLEDGED
    return letter_of(locale, kind, (line_of(locale, 5, kind, TODAY, 0, obligation="acknowledge"),))


def _disputed(locale: Locale) -> Letter:
    letter = waiting_for_us(locale, MailKind.DECISION_LATE)
    return replace(letter, lines=(replace(letter.lines[0], extension_wanted_on=None),))


def _receipts(locale: Locale) -> Letter:
    first = receipt(locale)
    second = line_of(locale, 7, MailKind.RECEIPT, date(2023, 10, 16), 4)
    return replace(first, lines=(*first.lines, second))


def _head_of_the_agency(locale: Locale) -> Letter:
    """At a high level the agency's own head reads along; nothing is asked of him but a report."""
    return replace(escalation(locale, level=4), addressee=agency_name(locale), recipient_title=None)


def _by_hand(locale: Locale) -> Letter:
    letter = escalation(locale)
    why = in_words(locale, "cần kết quả trước kỳ họp tháng 11.", "the result is needed before the session.")
    return replace(letter, lines=(replace(letter.lines[0], reason=why),))


def _bundle(locale: Locale) -> Letter:
    lines = (reminded_line(locale), line_of(locale, 7, MailKind.REMINDER, date(2023, 10, 16), 4))
    return letter_of(locale, MailKind.REMINDER, lines)


def _long_list(locale: Locale) -> Letter:
    first = late_mining_line(locale)
    lines = tuple(replace(first, code=f"GS14-{number:02}") for number in range(1, 26))
    return letter_of(locale, MailKind.OVERDUE, lines, max_shown=3)


def _partly_secret(locale: Locale) -> Letter:
    lines = (late_line(locale), replace(late_mining_line(locale), secret=True))
    return letter_of(locale, MailKind.OVERDUE, lines)


def _all_secret(locale: Locale) -> Letter:
    """As one is packed: nothing that names the directive, also not where to answer."""
    line = reminded_line(locale, secret=True)
    return letter_of(locale, MailKind.REMINDER, (line,), reply_to=None, calendar_attached=False)


def _coordinating(locale: Locale) -> Letter:
    line = reminded_line(locale, obligation="contribute", extension_wanted_on=date(2023, 10, 20))
    return letter_of(locale, MailKind.REMINDER, (line,))


def _deputy(locale: Locale) -> Letter:
    return replace(_bundle(locale), stands_for=("Trần Thị Mẫu",), stands_for_all=False)


def _next_in_line(locale: Locale) -> Letter:
    whom = in_words(locale, "đầu mối cơ quan", "the agency's contact")
    absent = replace(_bundle(locale), recipient_title=in_words(locale, "Phó Giám đốc", "Deputy director"))
    return replace(absent, stands_for=("Trần Thị Mẫu",), instead_of=(whom,))


def _state_body(locale: Locale) -> Letter:
    return replace(escalation(locale), address="Ông/Bà")


_SHAPES: dict[str, Callable[[Locale], Letter]] = {
    "answered-extension": partial(answered, extension=True),
    "decision-late-dispute": _disputed,
    "escalation-1": partial(escalation, level=1),
    "escalation-2": partial(escalation, level=2),
    "escalation-4": partial(escalation, level=4),
    "escalation-4-own-head": _head_of_the_agency,
    "escalation-by-hand": _by_hand,
    "escalation-state-body": _state_body,
    "extension-refused": partial(extension_decision, granted=False),
    "overdue-long": _long_list,
    "overdue-partly-secret": _partly_secret,
    "reminder-bundle": _bundle,
    "reminder-coordinating": _coordinating,
    "reminder-deputy": _deputy,
    "reminder-next-in-line": _next_in_line,
    "reminder-secret": _all_secret,
    "receipt-of-several": _receipts,
    "resumed": partial(paused, suspended=False),
    "unacknowledged-last-day": _last_day,
    "unacknowledged-to-the-secretary": _unacknowledged_above,
    "withdrawn": partial(released, withdrawn=True),
}
