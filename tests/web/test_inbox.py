"""`/hop-thu`: what waits is seen beside its likely directive, matched in one click, put away with a reason."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.database import writing
from tests.inbound_letters import Room, letter, report, room, with_file
from tests.web.house import House
from tests.world import at
from workflow.models.directive import Directive
from workflow.models.inbound import InboundMail, InboundOutcome
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Person

DAY = date(2026, 8, 20)


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    house = House(engine, tmp_path)
    house.world.issue("GS14-01", date(2026, 9, 25))
    house.world.issue("GS14-02", date(2026, 9, 25))
    return house


@pytest.fixture
def inbox(house: House, tmp_path: Path) -> Iterator[Room]:
    with room(house.engine, house.world, tmp_path, at(DAY)) as inbox:
        yield inbox


def state(house: House, code: str = "GS14-01") -> str:
    return next(one.state for one in house.world.rows(Directive) if one.code == code)


def test_an_empty_inbox_says_so(house: House) -> None:
    page = house.enter("ada").page("/hop-thu")
    assert "Không có thư nào chờ ghép." in page
    assert "Không có thư bị trả lại." in page


def test_a_stray_answer_is_matched_in_one_click(house: House, inbox: Room) -> None:
    inbox.take(letter("TIẾN ĐỘ\nĐang khảo sát <b>hai</b> mỏ.", "ben", "tra-loi@lamgiang.example"))
    ada = house.enter("ada")
    page = ada.page("/hop-thu")
    assert "Đang khảo sát &lt;b&gt;hai&lt;/b&gt; mỏ." in page
    assert 'value="GS14-01"' in page
    assert ada.send("/hop-thu/1/ghep", "/hop-thu", code="GS14-01").status_code == 303
    assert state(house) == "in_progress"
    assert "Đã ghép thư vào GS14-01." in ada.page("/hop-thu")


def test_a_stray_answer_goes_where_the_secretary_says(house: House, inbox: Room) -> None:
    inbox.take(letter("ĐÃ NHẬN", "ben", "tra-loi@lamgiang.example"))
    house.enter("ada").send("/hop-thu/1/ghep", "/hop-thu", code="gs14-02")
    assert (state(house, "GS14-01"), state(house, "GS14-02")) == ("issued", "acknowledged")


def test_a_strangers_mail_is_filed_and_its_file_can_be_opened(house: House, inbox: Room) -> None:
    inbox.take(with_file(letter("HOÀN THÀNH\nXong.", "la@nguoi.example", inbox.address())))
    ada = house.enter("ada")
    assert "không đổi tình trạng" in ada.page("/hop-thu")
    ada.send("/hop-thu/1/ghep", "/hop-thu", code="GS14-01")
    assert state(house) == "issued"
    sheet = ada.page("/nhiem-vu/GS14-01")
    assert "Lưu thư của cơ quan vào hồ sơ" in sheet
    assert "bao-cao.pdf" in sheet


def test_a_rule_that_refuses_is_said_and_the_mail_waits(house: House, inbox: Room) -> None:
    inbox.take(letter("HOÀN THÀNH\nXong.", "ben", "tra-loi@lamgiang.example"))
    answer = house.enter("ada").send("/hop-thu/1/ghep", "/hop-thu", code="GS14-01")
    assert answer.status_code == 422
    assert "cần minh chứng" in answer.text
    assert "<title>Lỗi: Hộp thư đến" in answer.text
    assert [one.outcome for one in house.world.rows(InboundMail)] == [InboundOutcome.HELD]


def test_a_mail_is_put_away_with_a_reason_only(house: House, inbox: Room) -> None:
    inbox.answer("Quảng cáo.")
    ada = house.enter("ada")
    assert ada.send("/hop-thu/1/bo", "/hop-thu", reason=" ").status_code == 422
    assert ada.send("/hop-thu/1/bo", "/hop-thu", reason="Thư rác").status_code == 303
    (mail,) = house.world.rows(InboundMail)
    assert (mail.outcome, mail.decision, mail.decided_by) == (InboundOutcome.DISCARDED, "Thư rác", "Ada")


def test_the_mail_as_it_came_is_a_download(house: House, inbox: Room) -> None:
    mail = letter("Quảng cáo.", "ben", inbox.address())
    inbox.take(mail)
    answer = house.enter("ada").get("/hop-thu/1/nguyen-thu")
    assert answer.content == mail.as_bytes()
    assert answer.headers["content-disposition"] == 'attachment; filename="thu-1.eml"'
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("who", ["ben", "duc", "lan"])
def test_who_does_not_sort_mail_sees_no_trace_of_it(house: House, inbox: Room, who: str) -> None:
    inbox.answer("Quảng cáo.")
    guest = house.enter(who)
    assert guest.get("/hop-thu").status_code == 404
    assert guest.get("/hop-thu/1/nguyen-thu").status_code == 404
    assert guest.send("/hop-thu/1/ghep", "/toi", code="GS14-01").status_code == 404
    assert guest.send("/hop-thu/1/bo", "/toi", reason="x").status_code == 404
    assert 'href="/hop-thu"' not in guest.page("/")


def test_a_bounced_mail_goes_again_once_its_address_is_corrected(house: House, inbox: Room) -> None:
    house.world.deliver()
    with writing(house.engine) as db:
        message = db.get_one(Message, 1)
        ben = db.get_one(Person, message.person_id)
        message.address = ben.email
    inbox.take(report(inbox.answering.envelope_sender(1, inbox.now), "ben@lamgiang.example"))
    quan = house.enter("quan")
    page = quan.page("/hop-thu")
    assert "ngừng gửi" in page
    assert "Thư 1 chưa tới nơi" in page
    with writing(house.engine) as db:
        ben = db.get_one(Person, ben.id)
        ben.email, ben.mailbox = "ben2@lamgiang.example", type(ben.mailbox).OPEN
    assert "Gửi lại thư 1" in quan.page("/hop-thu")
    assert quan.send("/hop-thu/gui-lai/1", "/hop-thu").status_code == 303
    assert house.world.messages()[0].status is MessageStatus.PENDING
    assert "Không có thư bị trả lại." in quan.page("/hop-thu")


def test_programs_read_and_match_the_same_mail(house: House, inbox: Room) -> None:
    inbox.take(letter("ĐÃ NHẬN", "ben", "tra-loi@lamgiang.example"))
    ada = house.enter("ada")
    found = ada.get("/api/v1/inbox").json()
    assert [(one["reason"], one["directive"], one["acts"]) for one in found["rows"]] == [
        ("no_tag", "GS14-01", True)
    ]
    key = {"X-Form-Key": ada.get("/api/v1/me").json()["form_key"]}
    answer = ada.client.post("/api/v1/inbox/1/match", json={"code": "GS14-01"}, headers=key)
    assert answer.json() == {"id": 1, "outcome": "matched", "act": "acknowledge"}
    assert ada.client.post("/api/v1/inbox/1/discard", json={"reason": "x"}, headers=key).status_code == 409
    assert ada.get("/api/v1/inbox/bounces").json() == []


def test_a_dead_address_is_corrected_and_its_mail_sent_again_with_one_form(house: House, inbox: Room) -> None:
    house.world.deliver()
    with writing(house.engine) as db:
        message = db.get_one(Message, 1)
        was = db.get_one(Person, message.person_id).email
        message.address = was
    inbox.take(report(inbox.answering.envelope_sender(1, inbox.now), was))
    quan = house.enter("quan")
    refused = quan.send("/hop-thu/gui-lai/1", "/hop-thu", email="khong-phai-dia-chi")
    assert refused.status_code == 422
    assert 'value="khong-phai-dia-chi"' in refused.text
    assert quan.send("/hop-thu/gui-lai/1", "/hop-thu", email="moi@lamgiang.example").status_code == 303
    assert house.world.messages()[0].status is MessageStatus.PENDING
    assert "moi@lamgiang.example" in {one.email for one in house.world.rows(Person)}
    assert house.enter("ada").send("/hop-thu/gui-lai/1", "/toi", email="x@y.example").status_code == 422
    assert "x@y.example" not in {one.email for one in house.world.rows(Person)}
