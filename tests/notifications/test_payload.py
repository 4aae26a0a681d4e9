from dataclasses import replace
from datetime import date

from notifications.kinds import MailKind
from notifications.payload import Letter, Line, worst_first
from notifications.samples import sample


def line(code: str, kind: MailKind, days: int, level: int | None = None) -> Line:
    return Line(
        code,
        "…",
        kind,
        "deliver",
        "Sở Mẫu",
        "https://dondoc.example",
        date(2023, 10, 1),
        days=days,
        level=level,
    )


def test_lines_stand_worst_first() -> None:
    lines = [
        line("e", MailKind.REMINDER, 2),
        line("b", MailKind.OVERDUE, -10),
        line("d", MailKind.DUE_TODAY, 0),
        line("a", MailKind.ESCALATION, -1, level=1),
        line("c", MailKind.OVERDUE, -2),
    ]
    assert [each.code for each in worst_first(lines)] == ["a", "b", "c", "d", "e"]


def test_a_higher_level_stands_before_a_longer_delay() -> None:
    low, high = line("a", MailKind.ESCALATION, -30, 1), line("b", MailKind.ESCALATION, -20, 4)
    assert [each.code for each in worst_first([low, high])] == ["b", "a"]


def letter_of(*lines: Line) -> Letter:
    return replace(sample(MailKind.OVERDUE, "vi"), lines=lines)


def test_a_secret_line_is_counted_but_never_among_what_may_be_shown() -> None:
    secret = replace(line("x", MailKind.OVERDUE, -1), secret=True)
    letter = letter_of(line("a", MailKind.OVERDUE, -3), secret)
    assert (letter.count, letter.secret_count) == (1, 1)
    assert [each.code for each in letter.shown] == ["a"]


def test_what_is_not_shown_is_counted() -> None:
    letter = replace(letter_of(*(line(str(n), MailKind.OVERDUE, -n) for n in range(1, 8))), max_shown=5)
    assert (letter.count, len(letter.shown), letter.more_count) == (7, 5, 2)


def test_lateness_is_never_negative() -> None:
    assert line("a", MailKind.REMINDER, 2).late_days == 0
    assert line("a", MailKind.OVERDUE, -2).late_days == 2
