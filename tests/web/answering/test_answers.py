"""An agency answers from a mail: what the page shows, what it keeps and what it refuses."""

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from tests.web.answering.forms import AN, DUE, SEAL, acts, key_of, mistyped, send, state
from tests.web.house import House
from tests.web.postbox import deliver, mails, token_in, token_of, words
from tests.web.test_acts import PDF
from workflow.drafts import Draft
from workflow.models.attachment import Attachment


def test_the_button_of_an_agencys_mail_needs_no_login_and_a_supervisors_does(issued: House) -> None:
    token = token_of(issued, "ben")
    issued.world.move("ben", "GS14-01", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 20))
    deliver(issued)
    (agency,) = mails(issued, "ben")[:1]
    html = agency.get_body(("html",))
    assert html is not None
    assert f'href="{issued.settings.base_url}/t/{token}"' in html.get_content()
    supervisor = words(mails(issued, "duc")[-1])
    assert "/nhiem-vu/GS14-01" in supervisor
    assert "/t/" not in supervisor
    assert "Cần đăng nhập." in supervisor


def test_a_mail_rendered_again_carries_the_same_link(issued: House, token: str) -> None:
    issued.world.nights(date(2026, 9, 23), deliver=False)
    assert token_of(issued, "ben") == token
    assert len(mails(issued, "ben")) > 1


def test_the_page_shows_the_directive_and_nothing_of_anybody_else(
    issued: House, clerk: TestClient, token: str
) -> None:
    issued.world.issue("GS14-02", DUE)
    page = clerk.get(f"/t/{token}").text
    assert "Nội dung GS14-01" in page
    assert "Thứ Tư, <time" in page
    assert "GS14-02" not in page
    assert '<nav class="side"' not in page
    assert 'href="/nhiem-vu' not in page
    assert clerk.get(f"/t/{token}/nv/GS14-02").status_code == 404


def test_acknowledging_takes_one_form_and_gives_a_receipt_on_page_and_by_mail(
    issued: House, clerk: TestClient, token: str
) -> None:
    sent = send(clerk, token, move="acknowledge")
    assert sent.status_code == 303
    receipt = clerk.get(sent.headers["location"]).text
    assert "Nguyễn Văn An" in receipt
    assert "ben@lamgiang.example" in receipt
    assert state(issued) == "acknowledged"
    deliver(issued)
    mail = mails(issued, "ben")[-1]
    assert mail["Subject"] == "[GS14-01] Đã nhận trả lời của Sở Công Thương lúc 09:00, 20/08/2026"
    assert token_in(mail) == token


def test_a_report_with_a_file_is_named_with_its_digest_in_both_receipts(
    issued: House, clerk: TestClient, token: str
) -> None:
    files = [("report.evidence", ("bao-cao.pdf", PDF, "text/html"))]
    sent = send(clerk, token, move="report", report__result="Đã rà soát xong 12 mỏ.", files=files)
    (kept,) = issued.world.rows(Attachment)
    receipt = clerk.get(sent.headers["location"]).text
    assert kept.sha256 in receipt
    assert "Đã rà soát xong 12 mỏ." in receipt
    deliver(issued)
    mail = words(mails(issued, "ben")[-1])
    assert kept.sha256 in mail
    assert "bao-cao.pdf" in mail


def test_a_refused_answer_keeps_every_word_and_every_file(
    issued: House, clerk: TestClient, token: str
) -> None:
    files = [("report.evidence", ("bao-cao.pdf", PDF, "text/html"))]
    refused = send(clerk, token, move="report", report__result="Đã xong.", name="", files=files)
    assert refused.status_code == 422
    assert "<title>Lỗi:" in refused.text
    assert "Chưa ghi họ và tên người trả lời." in refused.text
    assert "Đã xong.</textarea>" in refused.text
    assert "bao-cao.pdf" in refused.text
    path, seal = f"/t/{token}/nv/GS14-01", SEAL.search(refused.text)
    assert seal is not None
    again = {
        "form_key": key_of(refused.text, path),
        "move": "report",
        "report.result": "Đã xong.",
        "report.held": seal[1],
    }
    assert clerk.post(path, data={**again, **AN}).status_code == 303
    (kept,) = issued.world.rows(Attachment)
    assert (issued.settings.home / "files" / kept.stored_as).read_bytes() == PDF
    assert list((issued.settings.home / "held").iterdir()) == []


def test_one_bad_file_among_good_ones_loses_none_of_them(
    issued: House, clerk: TestClient, token: str
) -> None:
    files = [
        ("report.evidence", ("virus.pdf", b"MZ\x90\x00 not a paper", "application/pdf")),
        ("report.evidence", ("bao-cao.pdf", PDF, "application/pdf")),
    ]
    refused = send(clerk, token, move="report", report__result="Đã xong.", files=files)
    assert refused.status_code == 422
    assert "Không nhận tệp virus.pdf" in refused.text
    assert SEAL.search(refused.text) is not None
    assert state(issued) == "issued"


def test_the_held_file_of_one_link_is_worth_nothing_to_another(
    issued: House, clerk: TestClient, token: str
) -> None:
    files = [("report.evidence", ("bao-cao.pdf", PDF, "text/html"))]
    seal = SEAL.search(send(clerk, token, move="report", name="", files=files).text)
    assert seal is not None
    issued.world.issue("GS14-02", DUE)
    other = token_of(issued, "ben")
    sent = send(clerk, other, "GS14-02", move="report", report__result="Xong.", report__held=seal[1])
    assert sent.status_code == 422
    assert state(issued, "GS14-02") == "issued"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Thiếu &#39;nội dung trả lời&#39;"),
        ({"move": "report", "report__result": "Đã xong."}, "Chưa ghi: Tệp minh chứng."),
        ({"move": "report"}, "Chưa ghi: Kết quả thực hiện."),
        ({"move": "progress"}, "Chưa ghi: Nội dung."),
        ({"move": "dispute"}, "Chưa ghi: Lý do."),
        ({"move": "request_extension", "request_extension__reason": "x", "request_extension__due_on": "31/9/2026"}, "Đến ngày"),
        ({"move": "request_extension", "request_extension__reason": "x", "request_extension__due_on": "1/9/2026"}, "Đến ngày"),
        ({"move": "progress", "progress__note": "Đang làm.", "post": " "}, "Chưa ghi chức vụ, đơn vị."),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_with_the_words_of_the_page(
    issued: House, clerk: TestClient, token: str, values: dict[str, str], said: str
) -> None:
    refused = send(clerk, token, **values)
    assert refused.status_code == 422
    assert said in refused.text
    assert acts(issued) == ["draft", "issue"]


@pytest.mark.parametrize("move", ["accept", "withdraw", "grant_extension", "reassign", "nonsense"])
def test_a_link_never_does_what_is_the_delegations(
    issued: House, clerk: TestClient, token: str, move: str
) -> None:
    assert send(clerk, token, move=move).status_code in (403, 409)
    assert acts(issued) == ["draft", "issue"]


def test_an_empty_form_and_a_foreign_form_are_refused(issued: House, clerk: TestClient, token: str) -> None:
    path = f"/t/{token}/nv/GS14-01"
    key = key_of(clerk.get(path).text, path)
    given = {"form_key": key, "move": "acknowledge", **AN}
    assert clerk.post(path, data={}).status_code == 403
    assert clerk.post(path, data={**given, "form_key": mistyped(key)}).status_code == 403
    assert clerk.post(path, data=given, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert state(issued) == "issued"


def test_no_cookie_is_needed_to_answer(issued: House, token: str) -> None:
    path = f"/t/{token}/nv/GS14-01"
    key = key_of(issued.browser().get(path).text, path)
    sent = issued.browser().post(
        path, data={"form_key": key, "move": "acknowledge", **AN}, headers={"origin": "null"}
    )
    assert sent.status_code == 303


def test_a_double_click_is_one_answer(issued: House, clerk: TestClient, token: str) -> None:
    path = f"/t/{token}/nv/GS14-01"
    data = {
        "form_key": key_of(clerk.get(path).text, path),
        "move": "progress",
        "progress.note": "Đang làm.",
        **AN,
    }
    files = [("progress.evidence", ("bao-cao.pdf", PDF, "text/html"))]
    first, second = (clerk.post(path, data=data, files=files) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert acts(issued).count("progress") == 1
    assert len(list((issued.settings.home / "files").iterdir())) == 1


def test_the_back_button_with_other_words_is_told_and_keeps_them(
    issued: House, clerk: TestClient, token: str
) -> None:
    path = f"/t/{token}/nv/GS14-01"
    data = {
        "form_key": key_of(clerk.get(path).text, path),
        "move": "progress",
        "progress.note": "Đang làm.",
        **AN,
    }
    clerk.post(path, data=data)
    told = clerk.post(path, data={**data, "progress.note": "Xong một nửa."})
    assert told.status_code == 409
    assert "Xong một nửa.</textarea>" in told.text
    assert acts(issued).count("progress") == 1


def test_the_form_key_of_one_directive_is_worthless_for_another(issued: House, clerk: TestClient) -> None:
    issued.world.issue("GS14-02", DUE)
    issued.world.nights(date(2026, 9, 23), deliver=False)
    token = token_of(issued, "ben")
    one, two = f"/t/{token}/nv/GS14-01", f"/t/{token}/nv/GS14-02"
    key = key_of(clerk.get(one).text, one)
    assert clerk.post(two, data={"form_key": key, "move": "acknowledge", **AN}).status_code == 403


def test_a_form_read_before_the_date_moved_is_refused_and_shows_the_new_date(
    issued: House, clerk: TestClient, token: str
) -> None:
    path = f"/t/{token}/nv/GS14-01"
    key = key_of(clerk.get(path).text, path)
    issued.world.move("ben", "GS14-01", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 20))
    issued.world.move("duc", "GS14-01", "grant_extension", due_on=date(2026, 10, 20))
    refused = clerk.post(
        path, data={"form_key": key, "move": "progress", "progress.note": "Theo hạn cũ.", **AN}
    )
    assert refused.status_code == 409
    assert "20/10/2026" in refused.text
    assert "Theo hạn cũ.</textarea>" in refused.text
    assert "progress" not in acts(issued)


def test_name_and_post_are_empty_at_first_and_remembered_afterwards(
    issued: House, clerk: TestClient, token: str
) -> None:
    before = clerk.get(f"/t/{token}").text
    assert re.search(r'name="name"[^>]*required value=""', before)
    assert 'type="radio" name="move" value="acknowledge" id="a-acknowledge" required' in before
    send(clerk, token, move="acknowledge")
    assert 'value="Nguyễn Văn An"' in issued.browser().get(f"/t/{token}").text


def test_eight_directives_are_acknowledged_with_one_form_and_told_in_one_receipt(house: House) -> None:
    codes = [f"GS14-{n:02}" for n in range(1, 9)]
    house.world.issue_all(
        [Draft(code, "GS14", text=f"Nội dung {code}", lead="sct", due_on=DUE) for code in codes]
    )
    token, clerk = token_of(house, "ben"), house.browser()
    page = clerk.get(f"/t/{token}").text
    assert all(f"/t/{token}/nv/{code}" in page for code in codes)
    ticked = re.findall(r'name="directive" value="([^"]+)" checked', page)
    sent = clerk.post(
        f"/t/{token}", data={"form_key": key_of(page, f"/t/{token}"), "directive": ticked, **AN}
    )
    assert sent.status_code == 303
    assert {state(house, code) for code in codes} == {"acknowledged"}
    deliver(house)
    assert mails(house, "ben")[-1]["Subject"].startswith("[GS14] Đã nhận trả lời về 08 nhiệm vụ")


def test_ticking_nothing_is_refused(house: House) -> None:
    house.world.issue("GS14-01", DUE)
    house.world.issue("GS14-02", DUE)
    house.world.nights(date(2026, 8, 26), deliver=False)
    token, clerk = token_of(house, "ben"), house.browser()
    page = clerk.get(f"/t/{token}").text
    refused = clerk.post(f"/t/{token}", data={"form_key": key_of(page, f"/t/{token}"), **AN})
    assert refused.status_code == 422
    assert "Chọn ít nhất một nhiệm vụ." in refused.text
