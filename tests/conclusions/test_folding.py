import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workflow.conclusions.folding import fold, key, nfc, without_lookalikes


def test_both_ways_of_placing_a_tone_fold_to_the_same_word() -> None:
    assert fold("Hoà Thuận, Uỷ ban, thuỷ lợi, khoẻ") == fold("Hòa Thuận, Ủy ban, thủy lợi, khỏe")


def test_words_whose_tone_stands_right_are_left_alone() -> None:
    assert fold("toàn quý hoàng quỹ") == "toàn quý hoàng quỹ"


def test_decomposed_and_composed_text_have_one_key() -> None:
    assert key(unicodedata.normalize("NFD", "Sở  Công Thương")) == "sở công thương"


def test_cyrillic_letters_are_seen_through_only_when_asked() -> None:
    assert fold("Сông") != fold("Công")
    assert fold(without_lookalikes("Сông")) == fold("Công")


@given(st.text())
def test_folding_never_moves_a_position(text: str) -> None:
    assert len(fold(nfc(text))) == len(nfc(text))
