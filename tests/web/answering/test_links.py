"""The link of an answer: whom it serves, how it ends, what it never gives away."""

import itertools
import re
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar
from limits import parse
from starlette.testclient import TestClient

from config.logging import configure_logging
from tests.web.answering.forms import AN, DUE, KEY, acts, key_of, mistyped, send
from tests.web.house import House
from tests.web.postbox import checksum, deliver, mails, token_in, token_of, words
from web import site
from workflow.inputs import Evidence
from workflow.models.link import AnswerLink


@pytest.mark.timeout(300)
def test_a_thousand_visits_of_a_scanner_change_nothing(
    issued: House, clerk: TestClient, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of visits is lifted, so that every one of them is really answered."""
    monkeypatch.setitem(site.LIMITS, "answer link", parse("100000/minute"))
    send(clerk, token, move="progress", progress__note="Đang làm.")
    paths = [
        f"/t/{token}",
        f"/t/{token}/nv/GS14-01",
        f"/t/{token}/bien-nhan/1",
        f"/t/{token}?lang=en",
        f"/t/{mistyped(token)}",
    ]
    before, statuses = checksum(issued.engine), set()
    for method, path in itertools.islice(
        itertools.cycle(itertools.product(("GET", "HEAD", "OPTIONS"), paths)), 1000
    ):
        statuses.add((method, clerk.request(method, path).status_code))
    assert checksum(issued.engine) == before
    assert statuses == {("GET", 200), ("GET", 404), ("HEAD", 200), ("HEAD", 404), ("OPTIONS", 405)}


def test_whoever_asks_too_often_is_asked_to_wait(issued: House, clerk: TestClient, token: str) -> None:
    statuses = [clerk.get(f"/t/{token}").status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_no_answer_of_the_page_can_be_kept_found_or_traced(
    issued: House, clerk: TestClient, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("INFO", "json")  # into this test's own hands
    for path in (f"/t/{token}", f"/t/{mistyped(token)}", f"/t/{token}/nv/none", f"/t/{token}/bien-nhan/9"):
        headers = clerk.get(path).headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert headers["cache-control"] == "no-store"
    printed = capsys.readouterr()
    assert "/t/{token}" in printed.out + printed.err
    assert token not in printed.out + printed.err


def test_a_link_cut_short_and_one_never_made_look_alike(issued: House, clerk: TestClient, token: str) -> None:
    pages = [clerk.get(f"/t/{text}") for text in (token[:-3], "a" * 26, "none")]
    assert {page.status_code for page in pages} == {404}
    assert len({KEY.sub("", page.text) for page in pages}) == 1
    assert "Gửi lại liên kết" in pages[0].text


def test_a_new_link_goes_to_a_known_address_and_everybody_is_told_the_same(
    issued: House, clerk: TestClient, token: str
) -> None:
    page = clerk.get("/t/none").text
    answers = [
        clerk.post("/t", data={"form_key": key_of(page, "/t"), "email": email})
        for email in ("nobody@lamgiang.example", "ben@lamgiang.example")
    ]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert mails(issued, "nobody") == []
    assert clerk.get(f"/t/{token_in(mails(issued, 'ben')[-1])}").status_code == 200


def _end(house: House, how: str) -> None:
    if how == "revoked":
        ada = house.enter("ada")
        page = "/nhiem-vu/GS14-01/lien-ket"
        number = str(house.world.rows(AnswerLink)[0].id)
        assert ada.send(page, page, act="revoke", link=number).status_code == 303
    elif how == "reassigned":
        house.world.move("chi", "GS14-01", "reassign", lead="syt", reason="Đúng thẩm quyền.")
    else:
        house.world.move("ben", "GS14-01", "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))
        house.world.move("chi", "GS14-01", "accept")
        house.today(date(2026, 9, 20))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("revoked", "đã được Đoàn giám sát thu lại ngày 20/08/2026"),
        ("reassigned", "Nhiệm vụ GS14-01 không còn giao cho quý cơ quan"),
        ("expired", "đã kết thúc ngày 20/08/2026"),
    ],
)
def test_a_link_that_ended_says_why_and_takes_no_answer(
    issued: House, clerk: TestClient, token: str, how: str, said: str
) -> None:
    path = f"/t/{token}/nv/GS14-01"
    key = key_of(clerk.get(path).text, path)
    _end(issued, how)
    done = acts(issued)
    page = clerk.get(f"/t/{token}")
    assert page.status_code == 410
    assert said in page.text
    assert "Cần trao đổi trực tiếp" in page.text
    assert clerk.post(path, data={"form_key": key, "move": "acknowledge", **AN}).status_code == 410
    assert acts(issued) == done


def test_a_link_taken_back_can_be_sent_again_to_its_own_mailbox(
    issued: House, clerk: TestClient, token: str
) -> None:
    _end(issued, "revoked")
    page = clerk.get(f"/t/{token}").text
    again = f"/t/{token}/gui-lai"
    assert clerk.post(again, data={"form_key": key_of(page, again)}).status_code == 200
    fresh = token_in(mails(issued, "ben")[-1])
    assert fresh != token
    assert clerk.get(f"/t/{fresh}").status_code == 200


def test_a_closed_directive_is_shown_with_its_end_and_without_a_form(
    issued: House, clerk: TestClient, token: str
) -> None:
    issued.world.move("ben", "GS14-01", "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))
    issued.world.move("chi", "GS14-01", "accept")
    page = clerk.get(f"/t/{token}").text
    assert "Nhiệm vụ đã kết thúc ngày 20/08/2026: Hoàn thành." in page
    assert 'name="move"' not in page


def test_a_secret_directive_shows_nothing_until_the_mailbox_was_read(house: House) -> None:
    house.world.issue("GS14-01", DUE, is_secret=True)
    token, clerk = token_of(house, "ben"), house.browser()
    page = clerk.get(f"/t/{token}").text
    assert "Có 01 nhiệm vụ cần xem" in page
    assert "Nội dung GS14-01" not in page
    asked = clerk.post(f"/t/{token}/ma", data={"form_key": key_of(page, f"/t/{token}/ma")}).text
    code = re.search(r"Mã: (\d{6})", words(mails(house, "ben")[-1]))
    assert code is not None
    enter = f"/t/{token}/ma/nhap"
    wrong = clerk.post(enter, data={"form_key": key_of(asked, enter), "code": "00000x"})
    assert wrong.status_code == 422
    assert "Nội dung GS14-01" not in wrong.text
    assert clerk.post(enter, data={"form_key": key_of(asked, enter), "code": code[1]}).status_code == 303
    assert "Nội dung GS14-01" in clerk.get(f"/t/{token}").text
    assert "Nội dung GS14-01" not in house.browser().get(f"/t/{token}").text
    assert send(clerk, token, move="acknowledge").status_code == 303


def test_the_page_speaks_the_language_of_its_reader_or_the_one_asked_for(
    issued: House, clerk: TestClient, token: str
) -> None:
    assert "Send the answer" in clerk.get(f"/t/{token}?lang=en").text
    assert "Gửi trả lời" in issued.browser().get(f"/t/{token}").text


def test_text_of_strangers_stays_text(issued: House, clerk: TestClient, token: str) -> None:
    canary = '"><svg onload=alert(1)>'
    sent = send(clerk, token, move="progress", progress__note=canary, name=canary, post=canary)
    for path in (sent.headers["location"], f"/t/{token}"):
        assert "<svg onload" not in clerk.get(path).text


def test_the_issue_brings_a_calendar_file_and_the_extension_a_newer_one(issued: House, token: str) -> None:
    issued.world.move("ben", "GS14-01", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 20))
    issued.world.move("duc", "GS14-01", "grant_extension", due_on=date(2026, 10, 20))
    deliver(issued)
    issued.world.move("chi", "GS14-01", "withdraw", reason="Không còn cần.")
    deliver(issued)
    events = [_event(mail) for mail in mails(issued, "ben") if list(mail.iter_attachments())]
    assert [str(one["STATUS"]) for one in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [one["DTSTART"].dt for one in events[:2]] == [DUE, date(2026, 10, 20)]
    assert len({str(one["UID"]) for one in events}) == 1
    sequences = [int(one["SEQUENCE"]) for one in events]
    assert sequences == sorted(set(sequences))
    assert len(list(events[0].walk("VALARM"))) == 2


def _event(mail: Any) -> Any:
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_filename() == "GS14-01.ics"
    book = Calendar.from_ical(part.get_payload(decode=True))
    assert book["METHOD"] == "PUBLISH"
    (event,) = book.walk("VEVENT")
    return event


def test_the_file_in_a_mail_of_the_delegation_is_missing(issued: House, token: str) -> None:
    issued.world.move("ben", "GS14-01", "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))
    deliver(issued)
    assert [list(mail.iter_attachments()) for mail in mails(issued, "ada")] == [[]]
