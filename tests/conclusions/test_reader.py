import json
import textwrap
import time
import unicodedata
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.reading.scoring import Tally, score
from tests.conclusions import corpus, papers
from workflow.conclusions.folding import nfc, squeeze
from workflow.conclusions.intake import read_source
from workflow.conclusions.reader import read
from workflow.conclusions.reading import Reading

NOTICE = "THÔNG BÁO\nKết luận tại cuộc họp\nNgày 02/5/2024, Chủ tịch UBND tỉnh chủ trì cuộc họp về việc chung. Sau khi nghe báo cáo, kết luận:\n"


def measured(names: Iterable[str]) -> dict[str, float]:
    total = Tally()
    for name in names:
        for path in corpus.files(name):
            document = f"{name}/{path.stem}"
            answer = read(corpus.raw(document), corpus.register()).to_gold()
            total += score(corpus.text(document), corpus.gold(document), answer)
    return total.as_row()


def directives(body: str) -> Reading:
    return read(NOTICE + body, corpus.register())


@pytest.mark.parametrize("name", corpus.SETS)
def test_a_reading_agrees_with_the_annotation_as_well_as_promised(name: str) -> None:
    figures = measured([name])
    assert figures["f1"] >= 0.93
    assert figures["lead"] >= 0.93
    assert figures["deadline"] >= 0.94
    assert figures["complete"] >= 0.80
    assert figures["fields"] >= 0.95
    assert figures["wrong_dates"] == 0


def test_a_document_without_instructions_yields_none() -> None:
    for name in ("dev/nodir01", "own/visit_news", "own2/b2_none_news"):
        reading = read(corpus.raw(name), corpus.register())
        assert reading.directives == ()
        assert "nothing_found" in [flag.code for flag in reading.flags]


def told(reading: Reading) -> list[tuple[str, list[str], str, str | None]]:
    """What the drafts say, wherever they stand."""
    return [
        (squeeze(d.text), d.to_gold()["lead"], d.deadline.kind, d.deadline.due_on) for d in reading.directives
    ]


@pytest.mark.parametrize("name", ["dev/notice01", "dev/news03", "dev/inspection01", "own/health_notice"])
def test_one_conclusion_gives_the_same_drafts_in_every_file_format(name: str) -> None:
    text = corpus.text(name)
    expected = told(read(text, corpus.register()))
    wrapped = [part for line in text.split("\n") for part in (textwrap.wrap(line, 110) or [""])]
    sources = {
        "a.txt": text.encode(),
        "nfd.txt": unicodedata.normalize("NFD", text).encode(),
        "utf16.txt": text.encode("utf-16"),
        "a.md": text.encode("utf-8-sig"),
        "a.docx": papers.docx_of(text),
        "a.html": papers.html_of(text),
        "a.pdf": papers.pdf_of(wrapped),
    }
    for file, data in sources.items():
        assert told(read(read_source(data, file).text, corpus.register())) == expected, file


def test_positions_refer_to_the_nfc_text_of_a_decomposed_file() -> None:
    raw = corpus.raw("own/traffic_notice")
    assert raw != nfc(raw)
    for directive in read(raw, corpus.register()).directives:
        assert nfc(raw)[directive.start : directive.end] == directive.text


def test_the_gold_form_is_json_with_exactly_the_agreed_keys() -> None:
    answer = json.loads(json.dumps(read(corpus.raw("dev/notice01"), corpus.register()).to_gold()))
    assert set(answer) == {"document", "directives"}
    assert set(answer["directives"][0]) == {
        "start",
        "end",
        "text",
        "lead",
        "coordinating",
        "deadline",
        "output",
    }
    assert set(answer["directives"][0]["deadline"]) == {"kind", "due_on", "rrule", "text"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Các thành viên đề nghị Sở Y tế làm rõ việc mua sắm thuốc.",
        "Giám đốc Sở Y tế cho biết sẽ hoàn thành trước ngày 30/6.",
        "Sở Y tế đã rà soát toàn bộ cơ sở khám bệnh.",
        "Ghi nhận Sở Y tế đã chủ động phòng, chống dịch.",
        "Đoàn giám sát sẽ tổng hợp, báo cáo Thường trực HĐND tỉnh.",
        "Thống nhất chủ trương đầu tư trung tâm y tế.",
        "Văn phòng UBND tỉnh thông báo để các đơn vị biết, thực hiện./.",
        "Yêu cầu các đơn vị nghiêm túc triển khai thực hiện.",
    ],
)
def test_what_is_no_instruction_is_left_out(sentence: str) -> None:
    assert directives(sentence + "\n").directives == ()


def test_a_bare_item_inherits_the_addressee_of_its_heading() -> None:
    found = directives(
        "1. Sở Y tế:\na) Rà soát các cơ sở khám bệnh;\nb) Báo cáo kết quả trước ngày 30/6/2024.\n"
    )
    assert [[party.name for party in d.lead] for d in found.directives] == [["Sở Y tế"], ["Sở Y tế"]]
    assert all(party.inherited for d in found.directives for party in d.lead)


def test_a_common_deadline_holds_for_every_instruction_of_its_item() -> None:
    found = directives(
        "1. Sở Y tế:\n- Rà soát các cơ sở khám bệnh;\n- Bố trí đủ thuốc điều trị.\n"
        "Các nội dung tại mục 1 hoàn thành trong quý III/2024.\n"
    )
    assert [d.deadline.due_on for d in found.directives] == ["2024-09-30", "2024-09-30"]


def test_labelled_fields_fill_the_item_they_stand_in() -> None:
    found = directives(
        "1. Xây dựng kế hoạch truyền thông về dân số. Cơ quan chủ trì: Sở Y tế. "
        "Cơ quan phối hợp: Báo Lam Giang. Thời hạn: trước 30/6/2024.\n"
    )
    (draft,) = found.directives
    assert draft.to_gold()["lead"] == ["Sở Y tế"]
    assert draft.to_gold()["coordinating"] == ["Báo Lam Giang"]
    assert draft.deadline.due_on == "2024-06-30"


def test_a_reference_takes_the_deadline_of_the_item_it_names() -> None:
    found = directives(
        "1. Sở Y tế:\na) Lập danh sách, xong trước 20/7/2024;\nb) Công khai trên báo, thời hạn như điểm a.\n"
    )
    assert [d.deadline.due_on for d in found.directives] == ["2024-07-20", "2024-07-20"]


def test_an_impossible_day_is_flagged_for_a_person() -> None:
    (draft,) = directives("1. Sở Y tế rà soát các cơ sở khám bệnh trước ngày 30/2/2025.\n").directives
    assert draft.deadline.due_on is None
    assert [flag.code for flag in draft.flags] == ["no_such_day"]


def test_an_unknown_agency_is_proposed_and_not_made_up() -> None:
    (draft,) = directives(
        "1. Giao Hội Khuyến học huyện vận động quỹ học bổng cho học sinh nghèo.\n"
    ).directives
    assert draft.to_gold()["lead"] == []
    assert [party.registered for party in draft.lead] == [False]
    assert draft.flags[0].code in {"unknown_agency", "near_agency"}


def test_a_name_in_foreign_letters_is_flagged_and_not_merged() -> None:
    reading = directives("1. Giao S\u043e\u0309 \u0421ông Thương rà soát các chợ trên địa bàn tỉnh.\n")
    assert "Sở Công Thương" not in {
        party.name for d in reading.directives for party in d.lead if party.registered
    }


def test_a_name_with_a_cyrillic_letter_names_its_twin() -> None:
    reading = directives("1. Giao Sở \u0421ông Thương rà soát các chợ trên địa bàn tỉnh.\n")
    assert [flag.facts["near"] for flag in reading.flags if flag.code == "lookalike"] == ["Sở Công Thương"]


def test_every_draft_says_which_clarities_are_missing() -> None:
    (draft,) = directives("1. Sở Y tế xây dựng kế hoạch tiêm chủng, trình trước ngày 30/6/2024.\n").directives
    states = {clarity.name: clarity.status for clarity in draft.clarities}
    assert states == {
        "người": "stated", "việc": "stated", "thời gian": "stated", "trách nhiệm": "stated",
        "sản phẩm": "stated", "thẩm quyền": "missing",
    }  # fmt: skip


def test_a_longer_conclusion_costs_in_proportion() -> None:
    page = corpus.text("dev/notice04")
    read(page, corpus.register())
    body = page[page.index("II. NHIỆM VỤ") : page.index("Văn phòng UBND tỉnh thông báo")]

    def cost(copies: int) -> float:
        """The least of three: what disturbs a run only ever adds."""
        took = []
        for _ in range(3):
            began = time.process_time()
            read(page + body * copies, corpus.register())
            took.append(time.process_time() - began)
        return min(took)

    assert cost(20) < 30 * cost(2)  # some nine times the text; a square would be eighty times the work


@pytest.mark.parametrize(
    "unit", ["a", "1", "-", "“", "A. ", "các sở, ", "rà soát, ", "hằng năm ", "không để ", "Số: 1/", "a\n"]
)
def test_one_endless_repetition_costs_no_more_than_its_length(unit: str) -> None:
    text = NOTICE + "1. Giao " + unit * (20_000 // len(unit))
    began = time.process_time()
    read(text, corpus.register())
    assert time.process_time() - began < 4


OFFICIAL = """
Giao Sở Y tế UBND các huyện thành phố chủ trì phối hợp với yêu cầu đề nghị cần phải đồng chí rà soát báo cáo
trước ngày 30/6/2024 hằng tháng quý III năm 2025 trong vòng 5 kết luận: ; . , ( ) “ ” - 1. a) I. Thời hạn:
các sở: mục 1 thời hạn như điểm a sẽ đã không để THÔNG BÁO Số: 1/TB và nhằm
"""
WORDS = [*OFFICIAL.split(), "\n"]


def assert_sound(text: str) -> None:
    source = nfc(text)
    reading = read(text, corpus.register())
    behind = 0
    for directive in reading.directives:
        assert behind <= directive.start < directive.end <= len(source)
        assert source[directive.start : directive.end] == directive.text
        assert directive.text.strip() == directive.text
        behind = directive.end
    for fact in reading.facts.values():
        assert fact.evidence.start is None or 0 <= fact.evidence.start <= len(source)


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    assert_sound(text)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join))
def test_any_heap_of_official_words_gives_valid_spans(text: str) -> None:
    assert_sound(NOTICE + text)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_piece_of_a_real_conclusion_gives_valid_spans(data: st.DataObject) -> None:
    text = corpus.text("dev/hard01")
    start = data.draw(st.integers(0, len(text)))
    assert_sound(text[start : data.draw(st.integers(start, len(text)))])


def leads_of(reading: Reading) -> list[list[str]]:
    return [draft.to_gold()["lead"] for draft in reading.directives]


def test_heads_named_one_after_another_are_all_leads() -> None:
    found = directives(
        "1. Giám đốc các Sở: Tài chính, Xây dựng; Chủ tịch UBND các huyện, thị xã, thành phố rà soát các dự án.\n"
    )
    assert leads_of(found) == [["Sở Tài chính", "Sở Xây dựng", "UBND các huyện, thị xã, thành phố"]]


def test_a_new_addressee_after_a_semicolon_takes_over() -> None:
    found = directives(
        "1. Sở Y tế phải rà soát các cơ sở; UBND huyện Bắc Lâm hoàn thành trước ngày 20/6/2024.\n"
    )
    assert leads_of(found) == [["Sở Y tế"], ["UBND huyện Bắc Lâm"]]


def test_below_a_heading_an_order_to_another_is_the_addressees_own_work() -> None:
    found = directives("1. UBND thành phố Lam Thành:\na) Giao UBND phường Vân Đông vận động từng hộ dân.\n")
    (draft,) = found.directives
    assert (draft.to_gold()["lead"], draft.to_gold()["coordinating"]) == (
        ["UBND thành phố Lam Thành"],
        ["UBND phường Vân Đông"],
    )


def test_below_a_collective_heading_single_agencies_are_charged_themselves() -> None:
    found = directives("Yêu cầu các sở, ngành thực hiện:\n1. Giao Sở Y tế rà soát các cơ sở khám bệnh.\n")
    assert leads_of(found) == [["Sở Y tế"]]


def test_an_order_told_of_an_earlier_visit_is_no_directive() -> None:
    text = (
        "Làm việc với Sở Y tế\n05/6/2024\n\nNgày 4/6, đồng chí Hà Mai Lan, Phó Chủ tịch HĐND tỉnh chủ trì buổi làm việc "
        "với Sở Y tế về công tác dược.\nKết luận buổi làm việc, đồng chí Hà Mai Lan yêu cầu Sở Y tế rà soát các nhà thuốc.\n"
        "Trước đó, đồng chí đã kiểm tra một kho thuốc, yêu cầu chủ kho bảo đảm an toàn lao động.\n"
    )
    assert [draft.text for draft in read(text, corpus.register()).directives] == ["rà soát các nhà thuốc"]


def test_a_general_noun_means_what_was_named_before_it_and_not_after() -> None:
    found = directives(
        "1. Sở Y tế phối hợp các sở, ngành, địa phương tuyên truyền.\n2. UBND huyện Bắc Lâm rà soát các chợ.\n"
    )
    assert found.directives[0].to_gold()["coordinating"] == [
        "các sở, ban, ngành tỉnh",
        "UBND các huyện, thị xã, thành phố",
    ]


def test_a_product_named_with_works_or_a_programme_is_not_cut_in_the_middle() -> None:
    text = (
        "Đoàn giám sát làm việc với Sở Xây dựng\n\nKết luận buổi làm việc, đồng chí Trưởng đoàn yêu cầu Sở Xây dựng "
        "lập danh mục công trình chậm tiến độ trước ngày 20/11/2026; lập kế hoạch trình UBND tỉnh trước ngày 30/11/2026."
    )
    products = [one.output and one.output.text for one in read(text, corpus.register()).directives]
    assert products == ["danh mục công trình chậm tiến độ", "kế hoạch"]
