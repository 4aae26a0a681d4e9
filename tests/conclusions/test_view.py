from hypothesis import given
from hypothesis import strategies as st

from tests.conclusions import corpus
from workflow.conclusions.folding import nfc
from workflow.conclusions.view import make_view


def blocks(text: str) -> list[str]:
    view = make_view(text)
    return [view.text[block.start : block.end] for block in view.blocks]


def test_a_sentence_broken_over_lines_and_a_page_is_whole_again() -> None:
    lines = (
        "1. Sở Y tế chủ trì rà soát toàn bộ cơ sở khám bệnh trên địa bàn tỉnh, bố trí\n"
        "                           2\n"
        "các đội cơ động tại những nơi có nguy cơ cao, báo cáo kết quả về Ủy ban nhân\n"
        "dân tỉnh.\n"
        "2. Sở Tài chính bố trí kinh phí theo phân cấp ngân sách nhà nước hiện hành\n"
        "trong năm.\n"
    )
    assert blocks(lines) == [
        "Sở Y tế chủ trì rà soát toàn bộ cơ sở khám bệnh trên địa bàn tỉnh, bố trí các đội cơ động tại những nơi có "
        "nguy cơ cao, báo cáo kết quả về Ủy ban nhân dân tỉnh.",
        "Sở Tài chính bố trí kinh phí theo phân cấp ngân sách nhà nước hiện hành trong năm.",
    ]


def test_a_year_alone_on_a_line_is_no_page_number() -> None:
    assert blocks("Lam Giang, ngày 08 tháng 10 năm\n          2025\nTHÔNG BÁO") == [
        "Lam Giang, ngày 08 tháng 10 năm 2025",
        "THÔNG BÁO",
    ]


def test_a_running_head_beside_the_page_number_is_left_out() -> None:
    text = "Phần mở đầu.\nThông báo số 9\nGiao Sở Y tế rà soát các\nThông báo số 9\n2\ncơ sở y tế.\n"
    assert blocks(text)[-1] == "Giao Sở Y tế rà soát các cơ sở y tế."


def test_items_nest_by_their_marks() -> None:
    view = make_view(
        "I. NHIỆM VỤ\n1. Sở Y tế:\na) Rà soát;\n- bổ sung.\nb) Báo cáo.\n2. Sở Tài chính:\nII. KHÁC\n"
    )
    assert [block.depth for block in view.blocks] == [1, 2, 3, 4, 3, 2, 1]


def test_invisible_characters_do_not_hide_a_word() -> None:
    assert make_view("Sở Công\u200b Thương").folded == "sở công thương"


def test_every_annotated_directive_is_one_stretch_of_the_view() -> None:
    for name in corpus.SETS:
        for path in corpus.files(name):
            document = f"{name}/{path.stem}"
            view = make_view(corpus.raw(document))
            for directive in corpus.gold(document)["directives"]:
                assert view.source[directive["start"] : directive["end"]] == directive["text"]
                assert directive["start"] in view.origin


@given(st.text(alphabet=st.sampled_from("aĐ .;:\n-1)(\u00a0\u200b\t\fé")))
def test_every_position_of_the_view_leads_back_to_its_character(text: str) -> None:
    view = make_view(text)
    assert view.source == nfc(text)
    assert len(view.text) == len(view.folded) == len(view.origin)
    for char, position in zip(view.text, view.origin, strict=True):
        assert char == view.source[position] or char in " \n"
    assert list(view.origin) == sorted(view.origin)
