import unicodedata
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.intent import Intent, Wish, read_wish


@pytest.mark.parametrize(
    ("line", "intent"),
    [
        ("ĐÃ NHẬN", Intent.ACKNOWLEDGE),
        ("Đã nhận.", Intent.ACKNOWLEDGE),
        ("da nhan", Intent.ACKNOWLEDGE),
        ("*DA NHAN*", Intent.ACKNOWLEDGE),
        ("TIẾN ĐỘ:", Intent.PROGRESS),
        ("tien do", Intent.PROGRESS),
        ("HOÀN THÀNH", Intent.DONE),
        ("Hoàn  thành!", Intent.DONE),
        ("hoan thanh - xem tệp", Intent.DONE),
        ("KHÔNG THUỘC THẨM QUYỀN", Intent.NOT_OURS),
        ("khong thuoc tham quyen, de nghi chuyen", Intent.NOT_OURS),
        ("“ĐÃ NHẬN”", Intent.ACKNOWLEDGE),
    ],
)
def test_the_first_line_says_what_is_meant(line: str, intent: Intent) -> None:
    assert read_wish(f"{line}\nNội dung.").intent is intent


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_count_alike_in_either_form(form: Literal["NFC", "NFD"]) -> None:
    assert read_wish(unicodedata.normalize(form, "HOÀN THÀNH")).intent is Intent.DONE


@pytest.mark.parametrize(
    "line",
    [
        "Hoàn thành 50% công việc",
        "Đã nhận được thư nhưng chưa rõ",
        "Chưa hoàn thành",
        "Tiến độ đạt 50%",
        "Hoàn thànhh",
        "Kính gửi Đoàn giám sát",
        "",
    ],
)
def test_a_sentence_that_begins_like_a_keyword_is_left_to_a_person(line: str) -> None:
    assert read_wish(line) == Wish(Intent.UNCLEAR, line)


@pytest.mark.parametrize(
    "line",
    [
        "GIA HẠN 20/10/2023",
        "Gia hạn: 20/10/2023",
        "gia han den 20.10.2023",
        "GIA HẠN đến ngày 20-10-2023",
        "gia hạn tới ngày 20/10/2023.",
    ],
)
def test_an_extension_names_its_date(line: str) -> None:
    wish = read_wish(f"{line}\nCòn chờ số liệu.")
    assert (wish.intent, wish.extension_on, wish.text) == (
        Intent.EXTENSION,
        date(2023, 10, 20),
        "Còn chờ số liệu.",
    )


def test_the_reason_may_stand_on_the_same_line() -> None:
    assert (
        read_wish("GIA HẠN 20/10/2023 vì còn chờ số liệu\ncủa hai huyện").text
        == "vì còn chờ số liệu\ncủa hai huyện"
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("GIA HẠN", "no_date"),
        ("GIA HẠN cuối quý", "no_date"),
        ("GIA HẠN 20/10", "no_date"),
        ("GIA HẠN 20/10/23", "no_date"),
        ("GIA HẠN 20/10/20236", "no_date"),
        ("GIA HẠN 30/02/2023", "bad_date"),
        ("GIA HẠN 1/13/2023", "bad_date"),
        ("GIA HẠN 00/01/2023", "bad_date"),
    ],
)
def test_a_date_is_asked_for_rather_than_guessed(line: str, problem: str) -> None:
    wish = read_wish(line)
    assert (wish.intent, wish.extension_on, wish.problem) == (Intent.EXTENSION, None, problem)


def test_the_text_keeps_its_accents() -> None:
    assert read_wish("HOÀN THÀNH: Sở đã gửi báo cáo số 12.").text == "Sở đã gửi báo cáo số 12."


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read_wish(text), Wish)
