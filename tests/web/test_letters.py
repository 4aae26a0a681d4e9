"""Letters: drafted from a level on, signed by people, kept with the directive; nothing is ever sent."""

import io
from datetime import date

import docx
import pytest
from sqlalchemy import select
from sqlmodel import col

from config.database import reading
from tests.web.house import House
from workflow.models.event import Event
from workflow.models.message import Message

PAGE = "/nhiem-vu/GS14-01/cong-van"
SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def late(house: House) -> House:
    """Due on 1 September, twenty working days ago: every level was reached."""
    house.world.issue("GS14-01", date(2026, 9, 1))
    house.world.issue("GS14-02", date(2026, 12, 1))
    house.nights(date(2026, 10, 2))
    return house


def _words(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_a_letter_states_the_facts_and_what_was_told_when(late: House) -> None:
    ada = late.enter("ada")
    mails = len(late.world.messages())
    answer = ada.send(PAGE, PAGE, kind="urge", profile="nha-nuoc")
    assert answer.status_code == 200
    words = _words(answer.content)
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐOÀN GIÁM SÁT SỐ 14", "Kính gửi: Sở Công Thương", "GS14-01",
        "01/09/2026", "Nội dung GS14-01", "Báo cáo cấp 2", "20/08/2026", "Trân trọng./.",
    ):  # fmt: skip
        assert expected in words
    assert "{{" not in words
    assert len(late.world.rows(Message)) == mails


def test_the_party_writes_its_own_head(late: House) -> None:
    ada = late.enter("ada")
    words = _words(ada.send(PAGE, PAGE, kind="criticise", profile="dang").content)
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in words
    assert "CỘNG HÒA" not in words
    assert "Hình thức đề nghị: ……" in words  # the authority decides, the system proposes nothing


def test_no_letter_before_its_level_or_its_decision(late: House) -> None:
    ada, page = late.enter("ada"), "/nhiem-vu/GS14-02/cong-van"
    for kind in ("urge", "explain", "criticise", "extension", "transfer"):
        refused = ada.send(page, page, kind=kind)
        assert refused.status_code == 409
        assert "Chưa lập được" in refused.text


def test_nobody_is_urged_about_what_is_done(late: House) -> None:
    late.world.report("GS14-01")
    late.world.move("chi", "GS14-01", "accept")
    ada, today = late.enter("ada"), late.world.today
    for kind in ("urge", "explain", "criticise"):
        refused = ada.send(PAGE, PAGE, kind=kind, profile="dang")
        assert refused.status_code == 409
        assert f"nhiệm vụ đã kết thúc ngày {today:%d/%m/%Y}" in refused.text


def test_an_extension_and_a_transfer_have_their_papers(house: House) -> None:
    world = house.world
    world.issue("GS14-01", date(2026, 9, 30))
    world.move("ben", "GS14-01", "request_extension", reason="Chờ số liệu", due_on=date(2026, 10, 16))
    world.move("chi", "GS14-01", "refuse_extension", reason="Đủ thời gian")
    world.move("chi", "GS14-01", "reassign", lead="syt", reason="Đúng chức năng")
    ada = house.enter("ada")
    refusal = _words(ada.send(PAGE, PAGE, kind="extension").content)
    assert "không gia hạn; giữ thời hạn ngày 30/09/2026" in refusal
    transfer = _words(ada.send(PAGE, PAGE, kind="transfer").content)
    assert "Bên nhận: Sở Y tế" in transfer


def test_the_signed_copy_stands_in_the_timeline(late: House) -> None:
    ada = late.enter("ada")
    kept = ada.send(
        f"{PAGE}/ban-ky", PAGE, kind="urge", number="12-CV/ĐGS", signed_on="02/10/2026",
        files={"scan": ("cong-van.pdf", SCAN, "application/pdf")},
    )  # fmt: skip
    assert kept.status_code == 303
    page = ada.page("/nhiem-vu/GS14-01")
    assert "Lưu bản đã ký" in page
    assert "12-CV/ĐGS" in page
    assert "cong-van.pdf" in page
    with reading(late.engine) as db:
        acts = set(db.scalars(select(col(Event.act)).where(col(Event.act).like("letter.%"))))
    assert acts == {"letter.signed"}


def test_a_signed_copy_needs_a_number_a_past_day_and_a_document(late: House) -> None:
    ada = late.enter("ada")
    scan = {"scan": ("a.pdf", SCAN, "application/pdf")}
    for number, day, files in (
        ("", "02/10/2026", scan), ("12", "03/10/2026", scan), ("12", "", scan), ("12", "02/10/2026", None),
        ("12", "02/10/2026", {"scan": ("a.exe", b"MZ\x90\x00", "application/octet-stream")}),
    ):  # fmt: skip
        answer = ada.send(f"{PAGE}/ban-ky", PAGE, kind="urge", number=number, signed_on=day, files=files)
        assert answer.status_code == 422, (number, day)


def test_a_secret_directives_letter_leaves_its_words_out(house: House) -> None:
    house.world.issue("GS14-01", date(2026, 9, 1), is_secret=True)
    house.nights(date(2026, 9, 10))
    words = _words(house.enter("ada").send(PAGE, PAGE, kind="urge").content)
    assert "Nội dung GS14-01" not in words
    assert "nội dung mật" in words


def test_an_agency_and_the_auditor_have_no_such_page(late: House) -> None:
    for who in ("ben", "huy", "lan", "ky"):
        assert late.enter(who).get(PAGE).status_code == 404


def test_a_program_drafts_what_the_page_drafts(late: House) -> None:
    ada = late.enter("ada")
    known = ada.get("/api/v1/directives/GS14-01/letters").json()
    assert known == {"level": 4, "kinds": ["urge", "explain", "criticise"]}
    key = ada.get("/api/v1/me").json()["form_key"]
    made = ada.client.post("/api/v1/directives/GS14-01/letters/explain", headers={"X-Form-Key": key})
    assert made.status_code == 200
    assert "giải trình bằng văn bản" in _words(made.content)
    refused = ada.client.post("/api/v1/directives/GS14-02/letters/urge", headers={"X-Form-Key": key})
    assert refused.status_code == 409
    assert "/nhiem-vu/GS14-01/cong-van" in ada.page("/don-doc")
