"""Word and PDF files harmed at random, and templates of any text: words or a refusal, never an error of ours."""

import io
import re
import zipfile

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import editing
from tests.web.house import House
from workflow.conclusions import parsing
from workflow.conclusions.errors import SourceRefused
from workflow.conclusions.intake import read_source
from workflow.models.mail_template import MailTemplate

FIXED = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
KNOWN = {"damaged", "abnormal", "encrypted", "no_text", "too_complex"}
SUBJECT = "vi/reminder/subject.txt"


def _word() -> bytes:
    paper, out = Document(), io.BytesIO()
    paper.add_paragraph("Giao Sở Công Thương báo cáo trước ngày 30/9/2026.", style="List Number")
    table = paper.add_table(2, 3)
    for cell, words in zip(table.rows[0].cells, ("STT", "Nội dung", "Chủ trì"), strict=True):
        cell.text = words
    paper.save(out)
    return out.getvalue()


WORD = _word()
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 144]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 86>>stream\nBT /F1 8 Tf 10 50 Td (Giao So Cong Thuong bao cao ket qua xu ly truoc ngay 30/9/2026.) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
HARM = st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=0, max_size=6)), min_size=1, max_size=8)


def harmed(data: bytes, harm: list[tuple[float, bytes]]) -> bytes:
    """Each place, as a share of the length, is overwritten; nothing to write cuts the file there."""
    for share, written in harm:
        place = int(share * len(data))
        data = data[:place] + written + data[place + len(written) :] if written else data[:place]
    return data


def repacked(part: str, change: tuple[bytes, bytes]) -> bytes:
    """The Word file with this in the place of that, in one of its parts: a whole archive of broken sense."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, content.replace(*change) if entry == part else content)
    return out.getvalue()


def answers(kind: str, data: bytes) -> None:
    answer = parsing._answer(kind, data)
    assert answer.keys() in ({"text"}, {"refused"})
    assert answer.get("refused", "damaged") in KNOWN


def test_the_files_are_good_before_they_are_harmed() -> None:
    assert "Giao Sở Công Thương" in read_source(WORD, "a.docx").text
    assert "Giao So Cong Thuong" in read_source(PDF, "a.pdf").text


@settings(FIXED, max_examples=60)
@given(HARM)
def test_a_word_file_with_other_bytes_is_read_or_refused(harm: list[tuple[float, bytes]]) -> None:
    answers("docx", harmed(WORD, harm))


NAMES = st.sampled_from(re.findall(rb"w:\w+", zipfile.ZipFile(io.BytesIO(WORD)).read("word/document.xml")))
PUT = st.sampled_from([b"w:p", b"w:tbl", b"w:tc", b"x:y", b"", b"w:numId", b"&x;", b"w:val='9'"])


@settings(FIXED, max_examples=60)
@given(st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml"]), NAMES, PUT)
def test_a_word_file_of_broken_sense_is_read_or_refused(part: str, old: bytes, new: bytes) -> None:
    answers("docx", repacked(part, (old, new)))


def refused_or_read(data: bytes, name: str) -> str:
    try:
        return read_source(data, name).text
    except SourceRefused as refusal:
        said = [refusal.text(locale) for locale in ("vi", "en")]
        assert all(said)
        return said[0]


@settings(FIXED, max_examples=10)
@given(HARM)
def test_a_harmed_pdf_is_read_or_refused_even_if_it_ends_its_reader(harm: list[tuple[float, bytes]]) -> None:
    """In the child, as in life: what reads PDF is not written in Python and may fall."""
    assert refused_or_read(b"%PDF-1.4\n" + harmed(PDF, harm), "a.pdf")


@pytest.mark.parametrize("many", [b"999999999", b"-1"])
def test_a_table_of_a_thousand_million_columns_is_refused_in_words(many: bytes) -> None:
    wide = repacked("word/document.xml", (b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="' + many + b'"/>'))
    assert refused_or_read(wide, "a.docx")


TEXTS = st.text(
    alphabet=st.sampled_from("{}%#|()[].'\"_ aletrwods0\n\t\x00\ud800\u202e\ufeffđ<>&"),
    min_size=1,
    max_size=120,
)


@settings(FIXED, max_examples=5)
@given(TEXTS)
def test_any_text_for_a_template_is_proved_or_refused(source: str) -> None:
    proof = editing.prove({}, SUBJECT, source, "vi/reminder")
    assert proof.findings or proof.mail


BAD_TEMPLATES = (
    "{{",
    "{% for x in range(10**9) %}a{% endfor %}",
    "{{ words.codes(letter) }}\x00",
    "\x00",
    "a" * 70_000,
)


@pytest.mark.parametrize("unseen", ["\x00", "\x1b", "\ud800"])
def test_a_template_with_a_character_that_nothing_can_keep_is_refused_by_its_line(unseen: str) -> None:
    (finding,) = editing.prove({}, SUBJECT, f"\n{{{{ words.codes(letter) }}}}{unseen}").findings
    assert (finding.line, f"U+{ord(unseen):04X}" in finding.text("vi")) == (2, True)


def test_the_page_of_templates_refuses_every_bad_one_and_keeps_none(house: House) -> None:
    quan, page = house.enter("quan"), f"/quan-tri/mau-thu/sua?mau={SUBJECT}"
    for bad in BAD_TEMPLATES:
        for act in ("check", "publish"):
            answer = quan.send("/quan-tri/mau-thu/sua", page, mau=SUBJECT, source=bad, act=act)
            assert answer.status_code in (200, 303, 422), (bad[:40], act, answer.status_code)
    assert not any(
        "\x00" in row.source or len(row.source) > editing.LONGEST for row in house.world.rows(MailTemplate)
    )
