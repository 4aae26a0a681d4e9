from datetime import date

import pytest

from workflow import terms
from workflow.calendar import WorkingCalendar
from workflow.terms import Term


def test_the_day_of_the_event_is_not_counted() -> None:
    """15 days from 21 August: 22 August is the first, 5 September the fifteenth."""
    assert terms.days_after(date(2026, 8, 21), 15).due_on == date(2026, 9, 5)
    assert terms.weeks_after(date(2026, 8, 21), 2).due_on == date(2026, 9, 4)


def test_a_last_day_on_a_weekend_ends_with_the_next_working_day(vn: WorkingCalendar) -> None:
    """5 September 2026 is a Saturday."""
    term = terms.days_after(date(2026, 8, 21), 15).rolled(vn)
    assert (term.nominal_on, term.due_on) == (date(2026, 9, 5), date(2026, 9, 7))
    assert term.sentence["vi"] == (
        "15 ngày kể từ 21/08/2026: không tính 21/08/2026, ngày cuối là 05/09/2026. "
        "Ngày 05/09/2026 là ngày nghỉ (Ngày nghỉ cuối tuần) nên hạn là hết ngày làm việc tiếp theo, 07/09/2026."
    )


def test_a_last_day_in_tet_moves_past_the_whole_of_tet(vn: WorkingCalendar) -> None:
    term = terms.month_middle(2026, 2).rolled(vn)
    assert term.due_on == date(2026, 2, 23)
    assert "Weekend" in term.sentence["en"]
    assert terms.days_after(date(2026, 2, 7), 10).rolled(vn).due_on == date(2026, 2, 23)


def test_a_last_day_that_is_open_stays_and_needs_no_further_word(vn: WorkingCalendar) -> None:
    term = terms.days_after(date(2026, 3, 2), 9)
    assert term.rolled(vn) == term


def test_a_day_the_conclusion_names_is_never_moved(vn: WorkingCalendar) -> None:
    term = terms.named_day(date(2026, 2, 17)).rolled(vn)
    assert term.due_on == date(2026, 2, 17)
    assert "đích danh ngày 17/02/2026" in term.sentence["vi"]


def test_working_days_skip_tet_and_count_the_exchanged_saturday(vn: WorkingCalendar) -> None:
    """From 8 January 2026: 9/1 is one, Saturday 10/1 is two, 12/1 is three."""
    assert terms.working_days_after(date(2026, 1, 8), 3, vn).due_on == date(2026, 1, 12)
    assert terms.working_days_after(date(2026, 2, 12), 2, vn).due_on == date(2026, 2, 23)


@pytest.mark.parametrize(
    ("event_on", "n", "end", "rule"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15), "months"),
        (date(2026, 1, 31), 1, date(2026, 2, 28), "months_clamped"),
        (date(2024, 1, 31), 1, date(2024, 2, 29), "months_clamped"),
        (date(2026, 11, 30), 3, date(2027, 2, 28), "months_clamped"),
        (date(2026, 8, 31), 4, date(2026, 12, 31), "months"),
        (date(2026, 12, 1), 1, date(2027, 1, 1), "months"),
        (date(2024, 2, 29), 12, date(2025, 2, 28), "months_clamped"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_day_of_the_month(
    event_on: date, n: int, end: date, rule: str
) -> None:
    term = terms.months_after(event_on, n)
    assert (term.due_on, term.rule) == (end, rule)


def test_a_year_is_twelve_months() -> None:
    assert terms.years_after(date(2026, 8, 21), 1).due_on == date(2027, 8, 21)


@pytest.mark.parametrize(
    ("term", "end", "words"),
    [
        (terms.month_start(2026, 10), date(2026, 10, 1), "Đầu tháng"),
        (terms.month_middle(2026, 10), date(2026, 10, 15), "Giữa tháng"),
        (terms.month_end(2028, 2), date(2028, 2, 29), "Cuối tháng"),
        (terms.year_middle(2026), date(2026, 6, 30), "Giữa năm"),
        (terms.year_end(2026), date(2026, 12, 31), "Cuối năm"),
    ],
)
def test_the_phrases_of_the_civil_code_have_their_legal_meaning(term: Term, end: date, words: str) -> None:
    assert term.due_on == term.nominal_on == end
    assert term.sentence["vi"].startswith(words)
    assert f"{end:%d/%m/%Y}" in term.sentence["en"]
