import pytest

from tests.conclusions.corpus import register
from workflow.conclusions.material import Material
from workflow.conclusions.parties import PartyReader
from workflow.conclusions.scope import Scope
from workflow.conclusions.sentences import clauses, instructions, sentences
from workflow.conclusions.view import make_view


def prepared(text: str) -> Material:
    return Material(make_view(text), register())


def split(text: str) -> list[str]:
    material = prepared(text)
    return [material.view.text[a:b] for a, b in instructions(material, 0, len(material.folded))]


def test_abbreviations_and_numbers_do_not_end_a_sentence() -> None:
    folded = prepared("Thu 1.284.560 đồng tại TP. Lam Thành trong năm 2025. Rà soát lại.").folded
    assert [folded[a:b] for a, b in sentences(folded, 0, len(folded))] == [
        "thu 1.284.560 đồng tại tp. lam thành trong năm 2025",
        "rà soát lại",
    ]


def test_semicolons_inside_brackets_do_not_split() -> None:
    material = prepared("rà soát chợ (hạng I; hạng II); báo cáo kết quả, đồng thời đề nghị Sở Y tế kiểm tra")
    parties = PartyReader(material, Scope(register()))
    pieces = [material.folded[a:b].strip() for a, b in clauses(material, parties, 0, len(material.folded))]
    assert pieces == ["rà soát chợ (hạng i; hạng ii)", "báo cáo kết quả", "đề nghị sở y tế kiểm tra"]


def test_a_noun_that_looks_like_an_order_does_not_split() -> None:
    material = prepared("tiếp nhận phản ánh, kiến nghị của người dân")
    parties = PartyReader(material, Scope(register()))
    assert len(clauses(material, parties, 0, len(material.folded))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "rà soát, tổng hợp, đề xuất phương án sử dụng trụ sở dôi dư",
        "xử lý dứt điểm các điểm tồn lưu rác, báo cáo kết quả trước ngày 30/9",
        "ngăn chặn tình trạng lấn chiếm, xây dựng trái phép trong khu vực bảo vệ",
        "đẩy mạnh công tác tuyên truyền, vận động nhân dân tham gia giữ gìn vệ sinh",
        "giám sát chặt chẽ nguồn nước nhằm bảo đảm cấp đủ nước, nâng cao hiệu quả tưới tiêu",
    ],
)
def test_steps_chains_and_purposes_stay_one_instruction(text: str) -> None:
    assert split(text) == [text]


def test_a_second_verb_with_its_own_object_is_a_second_instruction() -> None:
    assert split("rà soát quy hoạch mạng lưới chợ, tăng cường kiểm tra an toàn thực phẩm tại chợ") == [
        "rà soát quy hoạch mạng lưới chợ",
        "tăng cường kiểm tra an toàn thực phẩm tại chợ",
    ]
