from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.conclusions.dates import Anchor
from workflow.conclusions.deadlines import TimeExpression, find_times
from workflow.conclusions.folding import fold

ANCHOR = Anchor(date(2024, 11, 20), date(2024, 11, 18))


def only(text: str, anchor: Anchor = ANCHOR) -> TimeExpression:
    found = find_times(fold(text), anchor)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoàn thành trước ngày 30/12/2024", "2024-12-30"),
        ("xong trước 31/01", "2025-01-31"),
        ("chậm nhất là ngày 31/3", "2025-03-31"),
        ("chậm nhất vào ngày 20 tháng 3 năm 2025", "2025-03-20"),
        ("muộn nhất ngày 5/12", "2024-12-05"),
        ("phấn đấu đến hết ngày 31/01/2025", "2025-01-31"),
        ("trước 17 giờ 00 ngày 11/12/2024", "2024-12-11"),
        ("trước 16h30 ngày 11/12", "2024-12-11"),
        ("Thời hạn: 15/12/2024", "2024-12-15"),
        ("trong tháng 12", "2024-12-31"),
        ("đến hết tháng 2/2025", "2025-02-28"),
        ("cuối tháng 9/2025", "2025-09-30"),
        ("tại phiên họp thường kỳ tháng 1/2025", "2025-01-31"),
        ("giữa tháng 4/2025", "2025-04-15"),
        ("trong tuần đầu tháng 12", "2024-12-07"),
        ("trong quý I", "2025-03-31"),
        ("đến hết quý IV năm 2024", "2024-12-31"),
        ("Thời hạn hoàn thành: quý III năm 2025", "2025-09-30"),
        ("trong 6 tháng đầu năm 2025", "2025-06-30"),
        ("ra toàn huyện trong năm 2025", "2025-12-31"),
        ("đến cuối năm 2025", "2025-12-31"),
        ("ngay trong tuần này", "2024-11-24"),
        ("trong tháng này", "2024-11-30"),
        ("không để kéo dài sang tháng 6", "2025-05-31"),
        ("không để kéo dài sang quý II/2025", "2025-03-31"),
        ("vận hành từ ngày 01/7/2025", "2025-07-01"),
        ("trong vòng 20 ngày kể từ ngày ban hành Thông báo này", "2024-12-10"),
        ("trong thời hạn 10 ngày làm việc kể từ ngày ký", "2024-12-04"),
        ("trong thời hạn 15 ngày", "2024-12-05"),
        ("trong vòng 02 tháng kể từ ngày 01/12/2024", "2025-02-01"),
    ],
)
def test_a_stated_time_becomes_its_day(text: str, day: str) -> None:
    assert str(only(text).due_on) == day


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("báo cáo hằng ngày", "FREQ=DAILY"),
        ("bảo đảm hai lần mỗi ngày", "FREQ=DAILY"),
        ("định kỳ mỗi tháng một lần", "FREQ=MONTHLY"),
        ("hàng quý", "FREQ=MONTHLY;INTERVAL=3"),
        ("03 tháng/lần", "FREQ=MONTHLY;INTERVAL=3"),
        ("định kỳ 6 tháng", "FREQ=MONTHLY;INTERVAL=6"),
        ("hai tuần một lần", "FREQ=WEEKLY;INTERVAL=2"),
        ("mỗi năm một lần", "FREQ=YEARLY"),
        ("thứ Sáu hằng tuần", "FREQ=WEEKLY;BYDAY=FR"),
        ("thứ Hai và thứ Năm hằng tuần", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("trước 16 giờ Chủ nhật hằng tuần", "FREQ=WEEKLY;BYDAY=SU"),
        ("trước ngày 25 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=25"),
        ("vào các ngày 15 và 30 hằng tháng", "FREQ=MONTHLY;BYMONTHDAY=15,30"),
        ("hằng tháng gửi số liệu trước ngày 10", "FREQ=MONTHLY;BYMONTHDAY=10"),
        ("trước ngày 15 của tháng cuối quý", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=15"),
        ("tháng đầu quý", "FREQ=YEARLY;BYMONTH=1,4,7,10"),
        ("trước ngày 05 tháng 12 hằng năm", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=5"),
        ("tháng 3 và tháng 9 hằng năm", "FREQ=YEARLY;BYMONTH=3,9"),
    ],
)
def test_a_stated_rhythm_becomes_its_rule(text: str, rule: str) -> None:
    assert only(text).rrule == rule


@pytest.mark.parametrize("text", ["thường xuyên kiểm tra", "bảo đảm liên tục", "trong suốt mùa khô"])
def test_a_standing_duty_has_no_day(text: str) -> None:
    assert (only(text).kind, only(text).due_on) == ("ongoing", None)


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết số 21/NQ-TU ngày 25/1/2022 của Tỉnh ủy",
        "quy hoạch mạng lưới chợ đến năm 2030",
        "giai đoạn 2026-2030",
        "dự toán năm 2025, kế hoạch hằng năm",
        "tính đến ngày 30/11",
        "các nhiệm vụ được giao trong năm 2024",
        "chi thường xuyên",
        "thu, chi ngân sách tháng 11 và nhiệm vụ tháng 12 năm 2024",
        "tiếp tục, kịp thời, sớm, khẩn trương",
    ],
)
def test_dates_of_papers_horizons_and_haste_are_no_deadline(text: str) -> None:
    assert find_times(fold(text), ANCHOR) == []


@pytest.mark.parametrize(
    "text",
    ["tại kỳ họp cuối năm", "trước Tết Nguyên đán", "trong vòng 5 ngày kể từ ngày nhận được tờ trình của Sở"],
)
def test_an_event_without_a_day_stays_open(text: str) -> None:
    assert (only(text).kind, only(text).due_on, only(text).problem) == ("date", None, None)


def test_a_year_is_never_invented() -> None:
    assert only("trước ngày 20/6", Anchor(None, None)).due_on is None
    assert str(only("trước ngày 20/6/2025", Anchor(None, None)).due_on) == "2025-06-20"


@pytest.mark.parametrize(
    "text", ["trước ngày 30/2/2025", "trước ngày 31/4", "trước ngày 00/01", "chậm nhất ngày 1/13"]
)
def test_an_impossible_day_is_reported_and_not_repaired(text: str) -> None:
    time = only(text)
    assert time.due_on is None
    assert time.problem


def test_a_reference_keeps_the_label_it_points_to() -> None:
    assert only("thời hạn như điểm a").refers_to == "a"
    assert only("cùng thời hạn với mục (iii)").refers_to == "(iii)"


@given(
    st.lists(
        st.sampled_from(
            [
                "trước",
                "ngày",
                "1/2",
                "hằng",
                "tháng",
                "quý",
                "III",
                "năm",
                "2025",
                "trong",
                "đến",
                "hết",
                "tuần",
                "31/4",
                ",",
                ";",
                ".",
            ]
        )
    )
)
def test_found_times_are_ordered_and_apart(words: list[str]) -> None:
    text = " ".join(words)
    behind = 0
    for time in find_times(fold(text), ANCHOR):
        assert behind <= time.start < time.end <= len(text)
        behind = time.end
