"""Mails that may be refused: one press in a mail program, a page, a box to tick; duties always come."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from config import secret
from config.database import reading, writing
from tests.web.house import House
from workflow import refusals
from workflow.models.event import Event
from workflow.models.person import Person, Role
from workflow.models.refusal import MailRefusal, Refusable

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
API = "/api/v1/people/chi@lamgiang.example/mails"


@pytest.fixture
def link(house: House) -> str:
    return address(house, "chi")


def address(house: House, who: str, mails: Refusable = Refusable.WEEKLY) -> str:
    with reading(house.world.engine) as db:
        person = db.scalars(select(Person).where(col(Person.email) == f"{who}@lamgiang.example")).one()
        key = secret.keys(house.settings, "link")[0]
        return f"/thoi-nhan/{refusals.token(key, person, mails)}"


def test_opening_the_link_changes_nothing_and_a_mail_program_refuses_with_one_post(
    house: House, link: str
) -> None:
    guest = house.browser()
    assert "Bấm nút dưới đây" in guest.get(link).text
    assert house.world.rows(MailRefusal) == []
    for _ in range(2):
        answer = guest.post(link, data=ONE_CLICK)
        assert (answer.status_code, "Không gửi nữa" in answer.text) == (200, True)
    assert [one.mails for one in house.world.rows(MailRefusal)] == [Refusable.WEEKLY]
    assert [one.actor for one in house.world.rows(Event) if one.act == "mail.refuse"] == ["Chi"]


def test_a_mail_program_may_send_it_as_a_multipart_form(house: House, link: str) -> None:
    assert house.browser().post(link, files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200
    assert len(house.world.rows(MailRefusal)) == 1


def test_the_same_page_takes_the_refusal_back(house: House, link: str) -> None:
    guest = house.browser()
    guest.post(link, data=ONE_CLICK)
    assert "Bấm nút dưới đây" in guest.post(link, data={"act": "want"}).text
    assert house.world.rows(MailRefusal) == []
    assert "mail.want" in [one.act for one in house.world.rows(Event)]


def test_a_link_with_any_letter_changed_opens_nothing(house: House, link: str) -> None:
    for wrong in (link[:-1], link[:-1] + "9", link.replace("/w", "/r"), "/thoi-nhan/w", "/thoi-nhan/ư1.x"):
        assert house.browser().post(wrong, data=ONE_CLICK).status_code == 404
    assert house.world.rows(MailRefusal) == []


def test_a_link_sent_to_a_former_address_opens_nothing(house: House, link: str) -> None:
    with writing(house.world.engine) as db:
        person = db.scalars(select(Person).where(col(Person.email) == "chi@lamgiang.example")).one()
        person.email = "chi2@lamgiang.example"
        db.add(person)
    assert house.browser().post(link, data=ONE_CLICK).status_code == 404


def test_another_sites_page_cannot_press_the_button(house: House, link: str) -> None:
    answer = house.browser().post(link, data=ONE_CLICK, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_person_ticks_what_should_come(house: House) -> None:
    chi = house.enter("chi")
    assert chi.get("/toi/thu").text.count(" checked") == 2
    assert chi.send("/toi/thu", "/toi/thu", mails="reports").status_code == 303
    assert [one.mails for one in house.world.rows(MailRefusal)] == [Refusable.WEEKLY]
    assert chi.get("/toi/thu").text.count(" checked") == 1
    chi.send("/toi/thu", "/toi/thu", mails=["weekly", "reports"])
    assert house.world.rows(MailRefusal) == []


def test_a_program_reads_and_chooses_for_oneself_and_duties_cannot_be_refused(house: House) -> None:
    chi = house.enter("chi").client
    key = {"x-form-key": chi.get("/api/v1/me").json()["form_key"]}
    chosen = chi.put(API, json={"weekly": False}, headers=key).json()
    assert chosen == {"email": "chi@lamgiang.example", "weekly": False, "reports": True}
    assert chi.get(API).json() == chosen
    assert chi.put(API, json={"reminder": False}, headers=key).status_code == 422
    assert house.enter("ada").get(API).status_code == 404


def test_who_refused_gets_no_monday_mail_and_all_others_do(house: House) -> None:
    world = house.world
    with writing(world.engine) as db:
        db.add(Person(name="Mai", email="mai@lamgiang.example", role=Role.LEADERSHIP))
    world.issue("GS14-01", date(2026, 9, 30))
    house.browser().post(address(house, "lan"), data=ONE_CLICK)
    world.night(date(2026, 8, 24))
    with reading(world.engine) as db:
        told = [db.get_one(Person, one.person_id).name for one in world.messages() if one.kind == "weekly"]
    assert told == ["Mai"]
