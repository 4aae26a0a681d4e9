"""Keeping one's account: a forgotten password, a second factor, other browsers, a fresh proof."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlmodel import col

from config import instant
from config.database import reading, writing
from tests.servers.redis import RedisServer
from tests.web.house import BASE, Guest, House
from web import mailbox
from web.app import create_app
from web.limiter import Limiter
from web.site import LIMITS
from workflow import accounts, passwords
from workflow.errors import InputWrong
from workflow.models.account import OneTimeCode, SecondFactor, SignIn
from workflow.models.event import Event
from workflow.models.person import Person

OLD, NEW = "hoa ngọn đồi phía đông", "bến thuyền cũ ven sông"
ADA = "ada@lamgiang.example"
LINK = re.compile(r"/dat-mat-khau/[\w-]+")
KEY = re.compile(r"secret=([A-Z2-7]+)")
RECOVERY = re.compile(r"<li>([0-9a-f]{6}-[0-9a-f]{6})</li>")


@pytest.fixture
def house_of_ada(house: House) -> House:
    with writing(house.engine) as db:
        person = db.scalars(select(Person).where(col(Person.email) == ADA)).one()
        accounts.set_password(db, person, OLD, instant.real_now())
    return house


def _try(house: House, password: str) -> tuple[Guest, int, str]:
    guest = Guest(house.browser())
    answer = guest.send("/dang-nhap", "/dang-nhap", email=ADA, password=password)
    return guest, answer.status_code, answer.text


def _later(house: House, **much: int) -> None:
    """Every proof of this moment becomes old."""
    with writing(house.engine) as db:
        for row in db.scalars(select(SignIn)):
            row.proved_at = instant.real_now() - timedelta(**much)
            db.add(row)


def _same(page: str, address: str) -> str:
    """The page without what was typed and without the word that makes each form one of its kind."""
    return re.sub(r'value="[\w-]{16}"', "", page.replace(address, "X"))


def test_a_forgotten_password_is_set_anew_by_a_mailed_link_once(house_of_ada: House) -> None:
    house = house_of_ada
    before = house.enter("ada")
    guest = Guest(house.browser())
    known = guest.send("/dang-nhap/quen", "/dang-nhap/quen", email=ADA, headers={"host": "evil.example"})
    unknown = guest.send("/dang-nhap/quen", "/dang-nhap/quen", email="ai@do.example")
    assert _same(known.text, ADA) == _same(unknown.text, "ai@do.example")
    with reading(house.engine) as db:
        asked = [row.person_id for row in db.scalars(select(OneTimeCode)) if row.purpose == "reset"]
    assert len(asked) == 2
    assert asked.count(None) == 1
    mails = mailbox.heads(house.settings.home / "mailbox", None)
    mail = mailbox.mail(house.settings.home / "mailbox", mails[0].key, None)
    assert len(mails) == 1
    assert mail is not None
    assert f"{BASE}/dat-mat-khau/" in mail.text
    assert "evil.example" not in mail.text
    path = LINK.search(mail.text)
    assert path is not None
    assert guest.send(path[0], path[0], password="ngắn").status_code == 422
    assert guest.send(path[0], path[0], password=NEW).status_code == 303
    assert guest.get("/toi").status_code == 303
    assert before.get("/toi").status_code == 303
    assert _try(house, OLD)[1] == 422
    assert _try(house, NEW)[1] == 303
    assert guest.get(path[0]).status_code == 404


def _switch_on(house: House, guest: Guest) -> tuple[pyotp.TOTP, list[str]]:
    guest.send("/toi/hai-lop", "/toi/hai-lop", act="begin")
    found = KEY.search(guest.page("/toi/hai-lop"))
    assert found is not None
    app = pyotp.TOTP(found[1])
    wrong = guest.send("/toi/hai-lop", "/toi/hai-lop", act="confirm", code="000000")
    assert wrong.status_code == 422
    page = guest.send(
        "/toi/hai-lop", "/toi/hai-lop", act="confirm", code=app.at(instant.real_now() - timedelta(seconds=30))
    )
    return app, RECOVERY.findall(page.text)


def test_a_second_factor_is_asked_for_each_code_works_once(house_of_ada: House) -> None:
    house = house_of_ada
    app, recovery = _switch_on(house, house.enter("ada"))
    assert len(recovery) == 8
    with reading(house.engine) as db:
        assert app.secret not in db.scalars(select(SecondFactor)).one().secret
    guest, status, page = _try(house, OLD)
    assert status == 200
    assert guest.get("/toi").status_code == 303
    pending = re.search(r'name="pending" value="([^"]+)"', page)
    key = re.search(r'name="form_key" value="(\w+)"', page)
    assert pending is not None
    assert key is not None
    given = {"form_key": key[1], "pending": pending[1]}
    code = app.at(instant.real_now())
    assert guest.client.post("/dang-nhap/hai", data={**given, "code": "123456"}).status_code == 422
    assert guest.client.post("/dang-nhap/hai", data={**given, "code": code}).status_code == 303
    assert guest.get("/toi").status_code == 200
    for second, expected in ((code, 422), (recovery[0], 303), (recovery[0], 422)):
        other, _, page = _try(house, OLD)
        token = re.search(r'name="pending" value="([^"]+)"', page)
        assert token is not None
        given = {"form_key": other.key("/dang-nhap"), "pending": token[1], "code": second}
        assert other.client.post("/dang-nhap/hai", data=given).status_code == expected


def test_a_house_may_ask_its_chair_for_a_second_factor_before_anything_else(house: House) -> None:
    settings = house.settings.model_copy(update={"second_factor_for": ("chair",)})
    house.app = create_app(settings, house.engine)
    chi, ada = house.enter("chi"), house.enter("ada")
    assert chi.get("/").headers["location"] == "/toi/hai-lop"
    assert chi.get("/nhiem-vu").status_code == 303
    assert chi.get("/api/v1/directives").status_code == 403
    assert ada.get("/").status_code == 200
    _switch_on(house, chi)
    assert chi.get("/").status_code == 200


def test_roles_addresses_and_factors_need_a_fresh_proof(house_of_ada: House) -> None:
    house = house_of_ada
    quan, ada = house.enter("quan"), house.enter("ada")
    _later(house, minutes=16)
    refused = quan.send("/quan-tri/nguoi-dung", "/quan-tri", act="role", email=ADA, role="auditor")
    assert refused.status_code == 403
    assert "/toi/xac-nhan" in refused.text
    address = {
        "act": "correct",
        "email": "ben@lamgiang.example",
        "position": "clerk",
        "new_email": "b@lamgiang.example",
    }
    assert ada.send("/co-quan/sct/dau-moi", "/co-quan/sct", **address).status_code == 403
    assert ada.send("/toi/hai-lop", "/toi/hai-lop", act="begin").status_code == 403
    assert ada.send("/toi/xac-nhan", "/toi/xac-nhan", password="sai hẳn rồi nhé").status_code == 422
    assert (
        ada.send("/toi/xac-nhan", "/toi/xac-nhan", password=OLD, tiep="//evil.example").headers["location"]
        == "/"
    )
    assert ada.send("/co-quan/sct/dau-moi", "/co-quan/sct", **address).status_code == 303


def test_other_browsers_are_listed_and_signed_out_together(house: House) -> None:
    here, there, quan = house.enter("ada"), house.enter("ada"), house.enter("quan")
    assert here.page("/toi/phien").count("Đăng nhập lúc") == 2
    assert here.send("/toi/phien", "/toi/phien").status_code == 303
    assert there.get("/toi").status_code == 303
    assert here.get("/toi").status_code == 200
    assert quan.send("/quan-tri/nguoi-dung", "/quan-tri", act="sign_out", email=ADA).status_code == 303
    assert here.get("/toi").status_code == 303
    assert "user.sign_out" in [one.act for one in house.world.rows(Event)]


@pytest.mark.parametrize(
    "bad", ["M4tKh4uMatkhau!", "qwertyuiop2026", "abcdefghijklm", "lamgiang2026!!", "Doangiamsat@14"]
)
def test_names_of_the_house_and_what_all_choose_are_no_passwords(bad: str) -> None:
    person = Person(name="Ada", email=ADA)
    with pytest.raises(InputWrong):
        passwords.check(bad, person, ("Đoàn giám sát số 14", "lamgiang.example"))
    passwords.check("bến thuyền cũ ven sông", person, ("Đoàn giám sát số 14", "lamgiang.example"))


def test_tries_are_counted_for_all_processes_together_and_alone_without_redis(
    redis_server: RedisServer,
) -> None:
    one, other = Limiter(redis_server.url), Limiter(redis_server.url)
    tries = [(one if number % 2 else other).hit(LIMITS["reset"], "ada") for number in range(4)]
    assert tries == [True, True, True, False]
    redis_server.stop()
    assert [one.hit(LIMITS["reset"], "ada") for _ in range(4)] == [True, True, True, False]
