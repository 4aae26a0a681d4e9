import io
import unicodedata
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.conclusions import corpus, papers
from workflow.conclusions import errors
from workflow.conclusions.docx import text_of as docx_text
from workflow.conclusions.html import text_of as html_text
from workflow.conclusions.intake import LIMIT_MB, read_pasted, read_source

SAMPLE = "Đồng chí yêu cầu Sở Công Thương rà soát, báo cáo kết quả trước ngày 30/9/2024.\n"
_ABOVE_HALF = "\u0300\u0301\u0303\u0309\u0323"


def archive(entries: dict[str, bytes], packed: bool = True) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as bundle:
        for name, content in entries.items():
            bundle.writestr(name, content)
    return file.getvalue()


def windows_1258(text: str) -> bytes:
    """Base letters with their shape composed, tones as combining marks: as the code page wants it."""
    written: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        if char in _ABOVE_HALF or not written:
            written.append(char)
        elif unicodedata.combining(char):
            tones = [written.pop()] if written[-1] in _ABOVE_HALF else []
            written[-1] = unicodedata.normalize("NFC", written[-1] + char)
            written += tones
        else:
            written.append(char)
    return "".join(written).encode("cp1258")


@pytest.mark.parametrize(
    "data",
    [
        SAMPLE.encode(),
        SAMPLE.encode("utf-8-sig"),
        SAMPLE.encode("utf-16"),
        SAMPLE.encode("utf-16-be"),
        SAMPLE.encode("utf-16-le"),
        unicodedata.normalize("NFD", SAMPLE).encode(),
        windows_1258(SAMPLE),
        SAMPLE.replace("\n", "\r\n").encode(),
    ],
)
def test_text_in_any_known_encoding_is_the_same_nfc_text(data: bytes) -> None:
    assert read_source(data, "a.txt").text == SAMPLE


def test_the_encoding_found_is_told() -> None:
    assert read_source(windows_1258(corpus.text("dev/notice01")), "a.txt").encoding == "windows-1258"


def test_text_in_tcvn3_is_refused_rather_than_kept_as_mojibake() -> None:
    with pytest.raises(errors.EncodingUnknown, match="TCVN3"):
        read_source("céng hoµ x· héi chñ nghÜa viÖt nam ®éc lËp tù do h¹nh phóc".encode("latin-1"), "a.txt")


@pytest.mark.parametrize("data", [b"", b"  \n\t\r\n", b"\x00\x00"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(errors.SourceEmpty) as refusal:
        read_source(data, "a.txt")
    assert refusal.value.text("vi") == "Tệp rỗng, không có nội dung để đọc."


def test_a_file_over_the_limit_names_the_limit() -> None:
    with pytest.raises(errors.SourceTooLarge) as refusal:
        read_source(b"a" * (LIMIT_MB * 1024 * 1024 + 1), "a.txt")
    assert "20 MB" in refusal.value.text("vi")
    assert refusal.value.http_status == 413


def test_control_and_hidden_characters_are_removed_and_counted() -> None:
    source = read_source("Giao S\u200bở\u202e Y\x00 tế\x07 rà soát.".encode(), "a.txt")
    assert (source.text, source.removed) == ("Giao Sở Y tế rà soát.", 4)


def test_pasted_text_may_hold_lone_surrogates() -> None:
    assert read_pasted("Giao Sở \ud800Y tế").text == "Giao Sở Y tế"


def test_markdown_signs_do_not_reach_the_text() -> None:
    assert read_source("## Kết luận\n**Giao** Sở Y tế\n".encode(), "a.md").text == "Kết luận\nGiao Sở Y tế\n"


def test_an_archive_bomb_is_refused() -> None:
    bomb = archive({"word/document.xml": b"\0" * (101 * 1024 * 1024)})
    assert len(bomb) < 200_000
    with pytest.raises(errors.ArchiveAbnormal) as refusal:
        read_source(bomb, "a.docx")
    assert refusal.value.text("vi").startswith("Tệp nén bất thường")


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "a/../../b"])
def test_an_archive_that_climbs_out_is_refused(name: str) -> None:
    with pytest.raises(errors.ArchiveAbnormal):
        read_source(archive({"word/document.xml": b"<x/>", name: b""}), "a.docx")


def test_an_archive_of_thousands_of_entries_is_refused() -> None:
    with pytest.raises(errors.ArchiveAbnormal):
        read_source(archive({f"word/{i}": b"" for i in range(2001)}, packed=False), "a.docx")


def test_an_external_entity_is_not_opened() -> None:
    sound = papers.docx_of("XXX\nGiao Sở Y tế rà soát.")
    with zipfile.ZipFile(io.BytesIO(sound)) as bundle:
        entries = {name: bundle.read(name) for name in bundle.namelist()}
    entity = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    xml = entries["word/document.xml"]
    head = xml.index(b"?>") + 2
    entries["word/document.xml"] = xml[:head] + entity + xml[head:].replace(b"XXX", b"&secret;")
    assert read_source(archive(entries), "a.docx").text == "Giao Sở Y tế rà soát."


def test_a_word_file_with_a_password_is_told_apart() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(errors.SourceEncrypted) as refusal:
        read_source(ole, "a.docx")
    assert refusal.value.text("vi") == "Tệp có mật khẩu; hãy gỡ mật khẩu rồi tải lại."


def test_a_scan_without_text_is_not_called_a_document_without_directives() -> None:
    with pytest.raises(errors.SourceWithoutText) as refusal:
        read_source(papers.pdf_of([""]), "a.pdf")
    assert refusal.value.text("vi").startswith("Không thấy chữ trong tệp (ảnh quét).")


def test_a_pdf_with_a_password_is_told_apart() -> None:
    locked = papers.pdf_of(["Giao Sở Y tế rà soát các cơ sở."]).replace(
        b"/Root 1 0 R", b"/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <" + b"41" * 32
        + b"> /U <" + b"42" * 32 + b"> >>",
    )  # fmt: skip
    with pytest.raises(errors.SourceEncrypted):
        read_source(locked, "a.pdf")


@pytest.mark.parametrize(("data", "name"), [(b"%PDF-1.7 nothing", "a.pdf"), (b"PK\x03\x04nothing", "a.docx")])
def test_a_damaged_file_is_refused_in_words(data: bytes, name: str) -> None:
    with pytest.raises(errors.SourceDamaged) as refusal:
        read_source(data, name)
    assert "bị hỏng" in refusal.value.text("vi")


def test_a_page_dressed_as_pdf_is_refused() -> None:
    with pytest.raises(errors.SourceNameMisleads) as refusal:
        read_source(b"<html><body>x</body></html>", "ketluan.pdf")
    assert ".pdf" in refusal.value.text("vi")


@pytest.mark.parametrize("data", [b"MZ\x90\x00", b"\x7fELF\x02", b"{\\rtf1 x}", b"\x89PNG\r\n"])
def test_programs_and_pictures_are_refused_whatever_their_name(data: bytes) -> None:
    for name in ("a.txt", "a.pdf", "a.docx"):
        with pytest.raises(errors.SourceKindRefused):
            read_source(data + b"\0" * 50, name)


def test_a_pdf_of_more_than_five_hundred_pages_is_too_complex() -> None:
    pages = papers.pdf_of(["Giao Sở Y tế."] * (45 * 501))
    with pytest.raises(errors.SourceTooComplex) as refusal:
        read_source(pages, "a.pdf")
    assert "quá phức tạp" in refusal.value.text("vi")


def test_deleted_words_are_gone_and_inserted_words_are_there() -> None:
    document = Document()
    paragraph = document.add_paragraph("Giao Sở Y tế ")
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:t>không </w:t></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>rà soát.</w:t></w:r></w:ins>"))
    assert docx_text(papers.saved(document)) == "Giao Sở Y tế rà soát."


def test_automatic_numbers_of_a_word_list_are_written_out() -> None:
    document = Document()
    for line in ("Sở Y tế", "Sở Tài chính"):
        document.add_paragraph(line, style="List Number")
    document.add_paragraph("rà soát", style="List Bullet")
    assert docx_text(papers.saved(document)) == "1. Sở Y tế\n2. Sở Tài chính\n- rà soát"


def test_a_table_of_tasks_reads_as_items_with_fields() -> None:
    document = Document()
    rows = [
        ("STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"),
        ("1", "Lập danh sách cơ sở khám bệnh", "Sở Y tế", "Công an tỉnh", "Trước 30/6/2024"),
    ]
    table = document.add_table(rows=2, cols=5)
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    assert docx_text(papers.saved(document)) == (
        "1. Lập danh sách cơ sở khám bệnh. Cơ quan chủ trì: Sở Y tế. Cơ quan phối hợp: Công an tỉnh. "
        "Thời hạn: Trước 30/6/2024."
    )


def test_only_what_a_page_shows_is_read() -> None:
    page = "<body><script>x</script><p>Kết luận:</p><ol start=3><li>Giao <b>Sở Y tế</b> rà soát.</li></ol><ul><li>b</li></ul>"
    assert html_text(page.encode()) == "Kết luận:\n3. Giao Sở Y tế rà soát.\n- b"


def test_a_page_of_a_hundred_thousand_open_tags_is_read() -> None:
    assert read_source(
        b"<html><body>" + b"<ul><li>" * 50_000 + "Giao Sở Y tế".encode(), "a.html"
    ).text.endswith("Sở Y tế")
