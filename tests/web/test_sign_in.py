"""Getting in, staying in, getting out; and everybody who should not."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from config import instant
from config.database import writing
from tests.web.house import BASE, Guest, House
from web import mailbox
from web.visit import local_path
from workflow import accounts, passwords, sign_ins
from workflow.errors import InputWrong
from workflow.models.account import OneTimeCode, SignIn
from workflow.models.person import Person

PASSWORD = "bờ sông chiều thứ bảy"
WRONG = "không đúng"


def _person(house: House, who: str = "ada") -> Person:
    with writing(house.engine) as db:
        return db.scalars(select(Person).where(col(Person.email) == f"{who}@lamgiang.example")).one()


@pytest.fixture
def with_password(house: House) -> House:
    with writing(house.engine) as db:
        person = db.merge(_person(house))
        accounts.set_password(db, person, PASSWORD, instant.real_now())
    return house


def _sign_in(house: House, email: str, password: str, **more: str) -> tuple[Guest, int, str]:
    guest = Guest(house.browser())
    answer = guest.send("/dang-nhap", "/dang-nhap", email=email, password=password, **more)
    return guest, answer.status_code, answer.text


def test_a_right_password_opens_the_overview(with_password: House) -> None:
    guest, status, _ = _sign_in(with_password, "ADA@lamgiang.example ", PASSWORD)
    assert status == 303
    assert "Việc chờ đồng chí" in guest.page("/")


def test_unknown_and_wrong_are_one_sentence(with_password: House) -> None:
    _, wrong, first = _sign_in(with_password, "ada@lamgiang.example", "x" * 20)
    _, unknown, second = _sign_in(with_password, "nobody@lamgiang.example", "x" * 20)
    assert wrong == unknown == 422
    clean = re.compile(r'value="[^"]*"')
    assert clean.sub("", first) == clean.sub("", second)
    assert WRONG in first


def test_a_disabled_person_cannot_sign_in(with_password: House) -> None:
    with writing(with_password.engine) as db:
        db.merge(_person(with_password)).is_active = False
    assert _sign_in(with_password, "ada@lamgiang.example", PASSWORD)[1] == 422


def test_guessing_is_slowed_and_ends_by_itself(with_password: House) -> None:
    guest = Guest(with_password.browser())
    key = guest.key("/dang-nhap")
    data = {"form_key": key, "email": "ada@lamgiang.example", "password": "x" * 20}
    statuses = [guest.client.post("/dang-nhap", data=data).status_code for _ in range(12)]
    assert statuses == [422] * 10 + [429] * 2


def test_no_password_and_no_token_is_kept_in_the_clear(with_password: House) -> None:
    guest, _, _ = _sign_in(with_password, "ada@lamgiang.example", PASSWORD)
    cookie = guest.client.cookies["dondoc"].strip('"').split(".")[0]
    row = with_password.world.rows(SignIn)[-1]
    assert len(row.token_hash) == 64
    assert row.token_hash != cookie
    assert cookie not in str(row.__dict__)


def test_signing_out_ends_it_on_the_server_not_only_in_the_browser(house: House) -> None:
    ada = house.enter("ada")
    kept = dict(ada.client.cookies)
    assert ada.send("/dang-xuat", "/toi").headers["location"] == "/dang-nhap"
    thief = house.browser()
    thief.cookies.update(kept)
    assert thief.get("/").status_code == 303


def test_a_new_password_ends_every_other_browser(with_password: House) -> None:
    old, _, _ = _sign_in(with_password, "ada@lamgiang.example", PASSWORD)
    here, _, _ = _sign_in(with_password, "ada@lamgiang.example", PASSWORD)
    sent = here.send("/toi/mat-khau", "/toi", present=PASSWORD, password="ngọn đồi phía tây xanh")
    assert sent.status_code == 303
    assert here.get("/toi").status_code == 200
    assert old.get("/toi").status_code == 303


def test_a_password_is_changed_only_by_who_knows_the_present_one(with_password: House) -> None:
    here, _, _ = _sign_in(with_password, "ada@lamgiang.example", PASSWORD)
    assert (
        here.send("/toi/mat-khau", "/toi", present="sai", password="ngọn đồi phía tây xanh").status_code
        == 422
    )


@pytest.mark.parametrize(
    "bad", ["ngắn quá", "a" * 40, "dondoc dondoc 2026", "password12345", "x" * 129, "1234567890123"]
)
def test_a_password_that_would_be_guessed_is_refused(house: House, bad: str) -> None:
    with pytest.raises(InputWrong):
        passwords.check(bad, _person(house))


def test_a_browser_left_idle_must_sign_in_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = house.enter("ada")
    assert ada.get("/").status_code == 200
    sealed = ada.client.cookies["dondoc"]
    import time

    later = time.time() + 9 * 3600
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    thief = house.browser()
    thief.cookies.set("dondoc", sealed)
    assert thief.get("/").status_code == 303


def test_a_sign_in_ends_after_seven_days_however_busy(house: House) -> None:
    with writing(house.engine) as db:
        token = accounts.with_link(db, house.link("ada"), instant.real_now(), "test").token
    with writing(house.engine) as db:
        assert sign_ins.who(db, token, instant.real_now()) is not None
        assert sign_ins.who(db, token, instant.real_now() + timedelta(days=7, seconds=1)) is None


def _mailed_code(house: House) -> str:
    folder = house.settings.home / "mailbox"
    found = mailbox.mail(folder, mailbox.heads(folder)[0].key)
    assert found is not None
    code = re.search(r"\b(\d{6})\b", found.text)
    assert code is not None
    return code[1]


def _asked(house: House, email: str = "ada@lamgiang.example") -> Guest:
    guest = Guest(house.browser())
    answer = guest.send("/dang-nhap/ma", "/dang-nhap", email=email)
    assert answer.status_code == 200
    return guest


def _entered(guest: Guest, code: str) -> int:
    key = guest.key("/dang-nhap")
    data = {"form_key": key, "email": "ada@lamgiang.example", "code": code}
    return guest.client.post("/dang-nhap/ma/nhap", data=data).status_code


def test_a_code_by_mail_opens_once_in_the_browser_that_asked(house: House) -> None:
    guest = _asked(house)
    code = _mailed_code(house)
    assert _entered(Guest(house.browser()), code) == 422
    assert _entered(guest, code) == 303
    assert guest.get("/").status_code == 200
    again = Guest(house.browser())
    again.client.cookies.set("dondoc_browser", guest.client.cookies["dondoc_browser"])
    assert _entered(again, code) == 422


def test_who_forgot_the_password_sets_a_new_one_after_a_code(with_password: House) -> None:
    guest = _asked(with_password)
    assert _entered(guest, _mailed_code(with_password)) == 303
    new = "ngọn đồi phía tây xanh"
    assert guest.send("/toi/mat-khau", "/toi", present="", password=new).status_code == 303
    assert _sign_in(with_password, "ada@lamgiang.example", new)[1] == 303
    assert _sign_in(with_password, "ada@lamgiang.example", PASSWORD)[1] == 422


def test_nobody_is_mailed_and_nothing_is_told_for_an_unknown_address(house: House) -> None:
    known = Guest(house.browser()).send("/dang-nhap/ma", "/dang-nhap", email="ada@lamgiang.example")
    unknown = Guest(house.browser()).send("/dang-nhap/ma", "/dang-nhap", email="x@lamgiang.example")
    clean = re.compile(r'value="[^"]*"')
    assert clean.sub("", known.text) == clean.sub("", unknown.text)
    assert len(mailbox.heads(house.settings.home / "mailbox")) == 1


def test_five_wrong_codes_spend_the_code(house: House) -> None:
    guest = _asked(house)
    code = _mailed_code(house)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert {_entered(guest, wrong) for _ in range(5)} == {422}
    assert _entered(guest, code) == 422


def test_codes_are_asked_for_only_so_often(house: House) -> None:
    guest = Guest(house.browser())
    answers = [
        guest.send("/dang-nhap/ma", "/dang-nhap", email="ada@lamgiang.example").status_code for _ in range(5)
    ]
    assert answers == [200, 200, 200, 429, 429]


def test_opening_a_local_link_changes_nothing_and_its_button_works_once(house: House) -> None:
    token = house.link("chi")
    guest = Guest(house.browser())
    for _ in range(3):
        assert "Chi" in guest.page(f"/vao/{token}")
    assert house.world.rows(OneTimeCode)[-1].used_at is None
    key = guest.key(f"/vao/{token}")
    assert guest.client.post(f"/vao/{token}", data={"form_key": key}).status_code == 303
    assert guest.get("/").status_code == 200
    assert Guest(house.browser()).get(f"/vao/{token}").status_code == 404


def test_a_local_link_is_worth_nothing_where_mail_leaves_the_machine(house: House) -> None:
    from starlette.testclient import TestClient

    from web.app import create_app

    settings = house.settings.model_copy(update={"smtp_url": "smtps://u:p@relay.example", "clock_file": None})
    client = TestClient(create_app(settings, house.engine), base_url=BASE)
    assert client.get(f"/vao/{house.link('chi')}").status_code == 404


def test_the_first_administrator_needs_the_code_of_the_console(house: House) -> None:
    with writing(house.engine) as db:
        code = accounts.first_run_code(db, instant.real_now())
    assert code is not None
    typed = {"name": "An", "email": "an@lamgiang.example", "password": PASSWORD}
    guest = Guest(house.browser())
    assert guest.send("/bat-dau", "/bat-dau", code="0" * 16, **typed).status_code == 422
    assert guest.send("/bat-dau", "/bat-dau", code=code, **typed).status_code == 303
    assert guest.get("/quan-tri").status_code == 200
    assert house.browser().get("/bat-dau").status_code == 404
    with writing(house.engine) as db:
        assert accounts.first_run_code(db, instant.real_now()) is None


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "/\\evil.example", "https://evil.example", "https:evil", "javascript:alert(1)", "",
     "/x\r\nSet-Cookie: a=b", "/\t/evil.example", "\\\\evil.example", "/%0d%0aLocation:x\n"],
)  # fmt: skip
def test_after_signing_in_one_never_leaves_the_house(path: str) -> None:
    there = local_path(path)
    assert there.startswith("/")
    assert not there.startswith(("//", "/\\"))
    assert "\n" not in there


def test_the_page_asked_for_is_the_page_one_gets(with_password: House) -> None:
    browser = with_password.browser()
    asked = browser.get("/nhiem-vu?group=late").headers["location"]
    assert asked == "/dang-nhap?tiep=%2Fnhiem-vu%3Fgroup%3Dlate"
    guest = Guest(browser)
    key = guest.key(asked)
    data = {
        "form_key": key,
        "email": "ada@lamgiang.example",
        "password": PASSWORD,
        "tiep": "/nhiem-vu?group=late",
    }
    assert browser.post("/dang-nhap", data=data).headers["location"] == "/nhiem-vu?group=late"
