import pytest

from tests.conclusions import corpus
from workflow.conclusions.reader import read


@pytest.mark.parametrize(
    "document", [f"{name}/{path.stem}" for name in corpus.SETS for path in corpus.files(name)]
)
def test_the_facts_of_a_document_are_those_annotated(document: str) -> None:
    wanted = corpus.gold(document)["document"]
    found = read(corpus.raw(document), corpus.register()).to_gold()["document"]
    for name in ("kind", "number", "issued_on", "session_on", "supervised_agency"):
        assert found[name] == wanted[name], name


def test_a_session_without_a_year_is_asked_for_and_not_guessed() -> None:
    reading = read(corpus.raw("own/insurance_news"), corpus.register())
    assert reading.facts["session_on"].value is None
    assert reading.facts["session_on"].proposal == "12/8"
    assert [flag.code for flag in reading.flags] == ["year_missing"]


def test_a_session_before_new_year_belongs_to_the_year_before_the_article() -> None:
    text = "Giám sát tại Sở Y tế\n03/01/2025\n\nSáng 30/12, đồng chí Lý Thạch Thảo chủ trì buổi làm việc với Sở Y tế về thuốc."
    assert read(text, corpus.register()).facts["session_on"].value == "2024-12-30"


def test_an_impossible_day_of_session_is_not_repaired() -> None:
    text = "Giám sát tại Sở Y tế\n03/03/2025\n\nSáng 30/02, đồng chí Lý Thạch Thảo chủ trì buổi làm việc với Sở Y tế về thuốc."
    fact = read(text, corpus.register()).facts["session_on"]
    assert fact.value is None
    assert "không tồn tại" in fact.evidence.rule


def test_the_deadline_of_an_order_is_no_day_of_session_and_hides_no_order_before_it() -> None:
    text = (
        "Số: 77/TB-ĐGS\nLam Giang, ngày 03 tháng 11 năm 2026\n\nTHÔNG BÁO\nKết luận của Trưởng Đoàn giám sát\n\n"
        "1. Giao Sở Công Thương rà soát các điểm sạt lở ven sông, báo cáo kết quả trước ngày 20/11/2026.\n\n"
        "2. Giao Sở Y tế kiểm tra môi trường tại các chợ trung tâm của tỉnh, hoàn thành trước ngày 15/12/2026.\n"
    )
    reading = read(text, corpus.register())
    assert reading.facts["session_on"].value is None
    assert len(reading.directives) == 2
