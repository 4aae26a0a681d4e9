import time

import pytest

from notifications.quotation import own_words

OWN = "HOÀN THÀNH\nSở đã gửi báo cáo."
QUOTED = "> --- Trả lời phía trên dòng này ---\n> ĐOÀN GIÁM SÁT\n> Nhiệm vụ: GS14-05"


@pytest.mark.parametrize(
    "opening",
    [
        "Vào Th 3, 10 thg 10, 2023 vào lúc 08:00 Đoàn giám sát <dondoc@giamsat.example> đã viết:",
        "Vào Th 3, 10 thg 10, 2023 vào lúc 08:00 Đoàn giám sát <\ndondoc@giamsat.example> đã viết:",
        "Vào 08:00 10/10/2023, Đoàn giám sát viết:",
        "Vao Th 3, 10 thg 10, 2023 Doan giam sat da viet:",
        "Ngày 10/10/2023 08:00, Đoàn giám sát đã viết:",
        "On Tue, Oct 10, 2023 at 8:00 AM Doan giam sat <dondoc@giamsat.example> wrote:",
        "On Tue, Oct 10, 2023 at 8:00 AM Doan giam sat\n<dondoc@giamsat.example> wrote:",
        "-----Original Message-----",
        "----- Thư gốc -----",
        "---------- Forwarded message ---------",
        "________________________________",
        "From: Doan giam sat <dondoc@giamsat.example>\nSent: Tuesday, October 10, 2023\nTo: Van thu\nSubject: x",
        "Từ: Đoàn giám sát <dondoc@giamsat.example>\nĐã gửi: 10/10/2023\nTới: Văn thư\nChủ đề: x",
        "*From:* Doan\n*Sent:* Tuesday\n*To:* Van thu",
        "--- Trả lời phía trên dòng này ---",
        "-- ",
        "Được gửi từ iPhone của tôi",
        "Sent from my Galaxy",
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_answer_ends_where_the_quotation_begins(opening: str, ending: str) -> None:
    assert own_words(f"{OWN}\n\n{opening}\n\n{QUOTED}\n".replace("\n", ending)) == OWN


def test_an_unmarked_quotation_is_cut_as_well() -> None:
    text = f"{OWN}\n\n-----Original Message-----\nFrom: Doan\nHOÀN THÀNH là một từ khóa"
    assert own_words(text) == OWN


def test_an_answer_below_the_quotation_counts() -> None:
    text = f"Vào Th 3, Đoàn giám sát đã viết:\n{QUOTED}\n\n{OWN}\n"
    assert own_words(text) == OWN


def test_a_mail_that_only_quotes_says_nothing() -> None:
    assert own_words(f"\n\nVào Th 3, Đoàn giám sát đã viết:\n{QUOTED}\n") == ""


@pytest.mark.parametrize(
    "line",
    [
        "Vào ngày 10/10/2023 Sở đã họp với hai địa phương.",
        "Từ: hai địa phương có số liệu khác nhau.",
        "Gửi kèm báo cáo số 12.",
        "--- phụ lục ---",
        "On the whole it is done.",
    ],
)
def test_ordinary_sentences_are_not_taken_for_quotations(line: str) -> None:
    assert own_words(f"TIẾN ĐỘ\n{line}\nHết.") == f"TIẾN ĐỘ\n{line}\nHết."


@pytest.mark.parametrize(
    "pattern",
    ["On ", "\n", "On <a@b> ", "> ", "From: a\n", "wrote:\n", "vào \n", "_", "-- \n", "a\n\n", "Vào Vào "],
)
def test_hostile_text_costs_next_to_nothing(pattern: str) -> None:
    text = pattern * (400_000 // len(pattern))
    began = time.process_time()
    own_words(text)
    own_words(text[:1400])
    assert time.process_time() - began < 2
