import pytest

from tests.conclusions import corpus
from workflow.conclusions.explanation import explain, explain_draft, flag_text
from workflow.conclusions.lexicon import data
from workflow.conclusions.reader import read
from workflow.conclusions.reading import Flag


def test_every_value_names_its_rule_and_its_passage() -> None:
    reading = read(corpus.raw("dev/notice01"), corpus.register())
    lines = explain_draft(reading.directives[0], 1)
    assert lines[0].startswith("Nhiệm vụ 1 (mục 2/a): Tập trung hoàn thành kiểm đếm")
    assert any(line.startswith("  Chủ trì: UBND huyện Tân Lộc [kế thừa") for line in lines)
    assert any('2024-09-30 "trước ngày 30/9/2024" [trước giờ ngày' in line for line in lines)


def test_an_explanation_speaks_both_languages() -> None:
    reading = read(corpus.raw("own/insurance_news"), corpus.register())
    assert "! Buổi làm việc ngày 12/8: văn bản không nêu năm. Hãy cho biết năm." in explain(reading, "vi")
    assert "! Session on 12/8: the document gives no year. Which year is it?" in explain(reading, "en")


def test_passages_that_give_no_instruction_are_labelled() -> None:
    reading = read(corpus.raw("dev/notice05"), corpus.register())
    labels = {passage.label for passage in reading.passages}
    assert {"khen, đánh giá hoặc mong muốn", "câu mở đầu danh sách hoặc câu chung"} <= labels


@pytest.mark.parametrize("code", sorted(data("sentences")["flags"]))
def test_every_flag_can_be_said_in_both_languages(code: str) -> None:
    facts = dict.fromkeys(("day", "text", "due", "issued", "name", "near", "choices"), "x")
    assert {"vi", "en"} == {locale for locale in ("vi", "en") if flag_text(Flag(code, facts), locale)}
