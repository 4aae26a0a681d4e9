import pytest

from workflow.rhythm_words import rhythm_in_words


@pytest.mark.parametrize(
    ("rhythm", "vi", "en"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=25", "hằng tháng, ngày 25", "every month, day 25"),
        ("FREQ=MONTHLY", "hằng tháng", "every month"),
        ("FREQ=MONTHLY;INTERVAL=3", "hằng quý", "every quarter"),
        ("FREQ=MONTHLY;INTERVAL=6", "6 tháng một lần", "every 6 months"),
        ("FREQ=MONTHLY;INTERVAL=2", "2 tháng một lần", "every 2 months"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "hằng tuần, thứ Hai, thứ Năm", "every week, Monday, Thursday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "hằng tháng, ngày cuối tháng", "every month, last day of the month"),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15", "hằng năm", "every year"),
        ("FREQ=MONTHLY;BYDAY=1MO", "hằng tháng", "every month"),
    ],
)
def test_a_rhythm_is_said_in_words_and_never_as_a_rule(rhythm: str, vi: str, en: str) -> None:
    assert rhythm_in_words(rhythm) == {"vi": vi, "en": en}
