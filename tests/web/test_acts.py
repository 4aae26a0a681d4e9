"""What people do on pages: each act ends in a page that says so, each refusal keeps what was typed."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from config.database import reading
from tests.web.house import House
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.message import Message
from workflow.models.person import Person

DUE = date(2026, 9, 30)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ONE = "/nhiem-vu/GS14-01"


@pytest.fixture
def issued(house: House) -> House:
    house.world.issue("GS14-01", DUE)
    return house


def _directive(house: House) -> Directive:
    return next(one for one in house.world.rows(Directive) if one.code == "GS14-01")


def test_an_agency_acknowledges_in_one_form_and_reads_that_it_was_saved(issued: House) -> None:
    ben = issued.enter("ben")
    sent = ben.send(ONE, ONE, move="acknowledge", version="2")
    assert (sent.status_code, sent.headers["location"]) == (303, ONE)
    assert "Đã ghi." in ben.page(ONE)
    assert "Đã ghi." not in ben.page(ONE)
    assert _directive(issued).state == "acknowledged"


def test_a_report_needs_evidence_and_loses_no_word_when_it_lacks(issued: House) -> None:
    ben = issued.enter("ben")
    sent = ben.send(ONE, ONE, move="report", report__result="Đã rà soát xong 12 mỏ.", version="2")
    assert sent.status_code == 422
    assert "Đã rà soát xong 12 mỏ." in sent.text
    assert 'aria-invalid="true"' not in sent.text.split("report.result")[0]
    assert "<title>Lỗi:" in sent.text
    assert _directive(issued).state == "issued"


def test_a_report_with_a_file_keeps_it_under_its_digest_and_gives_it_back(issued: House) -> None:
    ben = issued.enter("ben")
    files = [("report.evidence", ("bao-cao.pdf", PDF, "text/html"))]
    sent = ben.send(ONE, ONE, move="report", report__result="Đã xong.", version="2", files=files)
    assert sent.status_code == 303
    kept = issued.world.rows(Attachment)[0]
    assert (kept.name, kept.size) == ("bao-cao.pdf", len(PDF))
    assert kept.sha256 in ben.page(ONE)
    back = ben.get(f"{ONE}/tep/{kept.id}")
    assert back.content == PDF
    assert back.headers["content-disposition"].startswith("attachment")
    assert back.headers["content-type"] == "application/octet-stream"
    assert issued.enter("cleo").get(f"{ONE}/tep/{kept.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.pdf", b"MZ\x90\x00" + b"\x00" * 200),
        ("trang.html", b"<html><script>alert(1)</script></html>"),
        ("hinh.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("rong.pdf", b""),
    ],
)
def test_a_file_is_judged_by_its_content_and_nothing_is_left_behind(
    issued: House, name: str, content: bytes
) -> None:
    ben = issued.enter("ben")
    files = [("report.evidence", (name, content, "application/pdf"))]
    sent = ben.send(ONE, ONE, move="report", report__result="Đã xong.", version="2", files=files)
    assert sent.status_code == 422
    assert "Đã xong." in sent.text
    stored = issued.settings.home / "files"
    assert not stored.exists() or list(stored.iterdir()) == []


def test_a_refused_move_leaves_no_file(issued: House) -> None:
    ben = issued.enter("ben")
    files = [("report.evidence", ("bao-cao.pdf", PDF, "application/pdf"))]
    assert ben.send(ONE, ONE, move="report", version="2", files=files).status_code == 422
    assert list((issued.settings.home / "files").iterdir()) == []


def test_an_extension_is_asked_for_decided_and_the_agency_is_told(issued: House) -> None:
    ben, duc = issued.enter("ben"), issued.enter("duc")
    asked = ben.send(
        ONE, ONE, move="request_extension", version="2",
        request_extension__reason="Chờ số liệu.", request_extension__due_on="20/10/2026",
    )  # fmt: skip
    assert asked.status_code == 303
    assert "Chờ số liệu." in duc.page(ONE)
    assert 'value="20/10/2026"' in duc.page(ONE)
    granted = duc.send(ONE, ONE, move="grant_extension", version="3", grant_extension__due_on="20.10.2026")
    assert granted.status_code == 303
    assert _directive(issued).due_on == date(2026, 10, 20)
    assert "extension_decision" in {message.kind for message in issued.world.messages()}


@pytest.mark.parametrize("wrong", ["31/02/2026", "sớm", "2026", "20/10/26"])
def test_a_date_that_is_none_is_refused_with_an_example_and_kept(issued: House, wrong: str) -> None:
    ben = issued.enter("ben")
    sent = ben.send(
        ONE, ONE, move="request_extension", version="2",
        request_extension__reason="Chờ số liệu.", request_extension__due_on=wrong,
    )  # fmt: skip
    assert sent.status_code == 422
    assert f'value="{wrong}"' in sent.text
    assert "12/10/2026" in sent.text
    assert "Chờ số liệu." in sent.text


def test_whoever_saves_second_sees_the_new_version_and_keeps_the_own_words(issued: House) -> None:
    ben, huy = issued.enter("ben"), issued.enter("huy")
    assert ben.send(ONE, ONE, move="progress", version="2", progress__note="Đang làm.").status_code == 303
    late = huy.send(ONE, ONE, move="progress", version="2", progress__note="Đã được nửa việc.")
    assert late.status_code == 409
    assert "Đã được nửa việc." in late.text
    assert "Đang làm." in late.text
    assert 'name="version" value="3"' in late.text
    theirs, mine = late.text.split('id="h-mine"')[0], late.text.split('id="h-mine"')[1]
    assert "“Đang làm.”" in theirs.split('id="h-theirs"')[1]
    assert "<dd>Đã được nửa việc.</dd>" in mine


def test_a_person_is_offered_only_the_moves_the_lifecycle_allows(issued: House) -> None:
    assert 'value="acknowledge"' in issued.enter("ben").page(ONE)
    assert 'value="withdraw"' not in issued.enter("ben").page(ONE)
    assert 'value="withdraw"' in issued.enter("chi").page(ONE)
    assert 'value="withdraw"' not in issued.enter("ada").page(ONE)
    assert 'name="move"' not in issued.enter("lan").page(ONE)


def test_a_move_that_was_not_offered_is_refused_all_the_same(issued: House) -> None:
    ben = issued.enter("ben")
    sent = ben.send(ONE, ONE, move="withdraw", version="2", withdraw__reason="Không muốn làm.")
    assert sent.status_code == 403
    assert _directive(issued).state == "issued"


def test_what_a_person_writes_is_shown_as_text_and_never_as_markup(issued: House) -> None:
    ben, canary = issued.enter("ben"), '"><svg onload=alert(1)>{{ 7*7 }}'
    ben.send(ONE, ONE, move="progress", version="2", progress__note=canary)
    page = issued.enter("duc").page(ONE)
    assert "<svg onload" not in page
    assert "&lt;svg onload=alert(1)&gt;{{ 7*7 }}" in page


def test_a_conclusion_becomes_directives_in_three_steps(house: House) -> None:
    from tests.web.house import CONCLUSION

    ada, chi = house.enter("ada"), house.enter("chi")
    read = ada.send("/ket-luan/moi", "/ket-luan/moi", supervision="GS14", text=CONCLUSION)
    assert read.headers["location"] == "/ket-luan/GS14-KL1/ra-soat"
    review = ada.page("/ket-luan/GS14-KL1/ra-soat")
    assert review.count('<li class="draft"') == 3
    assert "rà soát quy hoạch khoáng sản" in review
    _complete(ada, house)
    assert ada.send("/ket-luan/GS14-KL1/trinh", "/ket-luan/GS14-KL1/trinh").status_code == 303
    check = "/ket-luan/GS14-KL1/trinh"
    assert "Phê duyệt, phát hành 3 nhiệm vụ" not in ada.page(check)
    assert "Phê duyệt, phát hành 3 nhiệm vụ" in chi.page(check)
    assert (
        chi.send("/ket-luan/GS14-KL1/phat-hanh", check, reason="Đoàn chốt sản phẩm sau.").status_code == 303
    )
    assert {one.state for one in house.world.rows(Directive)} == {"issued"}
    told = [message for message in house.world.messages() if message.kind == "issued"]
    assert len(told) == len({message.person_id for message in told}) == 2


def _complete(ada: object, house: House) -> None:
    """Say by when and what is produced, wherever the text did not."""
    for one in house.world.rows(Directive):
        page = "/ket-luan/GS14-KL1/ra-soat"
        due = f"{one.due_on:%d/%m/%Y}" if one.due_on else "30/10/2026"
        sent = ada.send(  # type: ignore[attr-defined]
            f"{page}/{one.code}", page, act="save", version=str(one.version), text=one.text,
            lead="", rhythm="", due_on=due, product="Báo cáo kết quả",
        )  # fmt: skip
        assert sent.status_code == 303, sent.text


def test_a_text_that_cannot_be_read_says_why_and_keeps_the_supervision(house: House) -> None:
    ada = house.enter("ada")
    files = [("file", ("scan.pdf", b"%PDF-1.4 broken", "application/pdf"))]
    sent = ada.send("/ket-luan/moi", "/ket-luan/moi", supervision="GS14", text="", files=files)
    assert sent.status_code == 422
    assert 'role="alert"' in sent.text


def test_an_administrator_adds_a_person_who_signs_in_with_a_code(house: House) -> None:
    quan = house.enter("quan")
    added = quan.send(
        "/quan-tri/nguoi-dung",
        "/quan-tri",
        act="add",
        name="Mai",
        email="mai@lamgiang.example",
        role="auditor",
    )
    assert added.status_code == 303
    assert house.enter("mai").get("/quan-tri/nhat-ky").status_code == 200


def test_a_disabled_person_is_out_at_once(house: House) -> None:
    ada, quan = house.enter("ada"), house.enter("quan")
    quan.send("/quan-tri/nguoi-dung", "/quan-tri", act="disable", email="ada@lamgiang.example")
    assert ada.get("/").status_code == 303


def test_a_corrected_address_is_kept_and_shown(house: House) -> None:
    ada = house.enter("ada")
    sent = ada.send(
        "/co-quan/sct/dau-moi", "/co-quan/sct", act="correct", email="ben@lamgiang.example",
        position="clerk", new_email="ben.moi@lamgiang.example",
    )  # fmt: skip
    assert sent.status_code == 303
    assert "ben.moi@lamgiang.example" in ada.page("/co-quan/sct")


def test_a_policy_with_a_fault_is_refused_with_its_line_and_a_right_one_is_published(house: House) -> None:
    quan, edit = house.enter("quan"), "/chinh-sach/sua"
    with reading(house.engine) as db:
        from workflow import rulebook
        from workflow.models.rule_version import RuleKind

        source = rulebook.active(db, RuleKind.POLICY).source
    wrong = quan.send(edit, edit, act="publish", source=source.replace("cap: 500", "cap: lots"))
    assert wrong.status_code == 422
    assert "cap" in wrong.text
    assert "cap: lots" in wrong.text
    right = source.replace("cap: 500", "cap: 400")
    checked = quan.send(edit, edit, act="check", source=right)
    assert "Ban hành bản này" in checked.text
    assert quan.send(edit, edit, act="publish", source=right).status_code == 303
    assert "400" in quan.page("/chinh-sach")


def test_an_act_by_a_page_mails_through_the_outbox_once(issued: House) -> None:
    ben = issued.enter("ben")
    before = len(issued.world.messages())
    ben.send(ONE, ONE, move="progress", version="2", progress__note="Đang làm.")
    ben.send(ONE, ONE, move="progress", version="2", progress__note="Đang làm.")
    assert len(issued.world.messages()) == before + 1
    with reading(issued.engine) as db:
        receivers = db.scalars(
            select(col(Person.name))
            .join(Message, col(Message.person_id) == col(Person.id))
            .order_by(col(Message.id).desc())
        ).first()
    assert receivers == "Ben"
