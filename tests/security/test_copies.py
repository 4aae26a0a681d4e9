"""A copy of an installation is not the installation: its links act on nothing, it mails nobody, it opens to no old sign-in."""

from datetime import date

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from notifications import identity
from tests.web.answering.forms import acts, key_of, send
from tests.web.house import Guest, House
from tests.web.postbox import token_of
from tests.world import at
from web.app import create_app


@pytest.fixture
def settled(house: House) -> House:
    """With an identity, and a directive whose link was mailed."""
    identity.settle(house.engine, house.settings.home, at(house.world.today))
    house.world.issue("GS14-01", date(2026, 9, 30))
    return house


def mail_count(house: House) -> int:
    return len(list((house.settings.home / "mailbox" / "new").iterdir()))


def ask_for_every_mail(house: House, clerk: TestClient) -> None:
    """What anybody may ask the pages to mail: a new password, a code to sign in, a link to answer."""
    guest = Guest(house.browser())
    for page in ("/dang-nhap/quen", "/dang-nhap/ma"):
        assert guest.send(page, "/dang-nhap/quen", email="ben@lamgiang.example").status_code < 400
    form = {"form_key": key_of(clerk.get("/t/none").text, "/t"), "email": "ben@lamgiang.example"}
    assert clerk.post("/t", data=form).status_code == 200


def test_a_copy_takes_no_answer_over_the_links_it_inherited(settled: House) -> None:
    token, clerk = token_of(settled, "ben"), settled.browser()
    before = acts(settled)
    identity.forgotten(settled.settings.home)
    refused = send(clerk, token, move="progress", progress__note="Đang làm.")
    assert refused.status_code == 503
    assert "dondoc db release" in refused.text
    assert acts(settled) == before


def test_the_pages_of_a_copy_mail_nobody(settled: House) -> None:
    token_of(settled, "ben")
    clerk, sent = settled.browser(), mail_count(settled)
    identity.forgotten(settled.settings.home)
    ask_for_every_mail(settled, clerk)
    assert mail_count(settled) == sent


def test_the_installation_itself_mails_them(settled: House) -> None:
    token_of(settled, "ben")
    sent = mail_count(settled)
    ask_for_every_mail(settled, settled.browser())
    assert mail_count(settled) == sent + 3


def test_a_copy_with_a_key_of_its_own_knows_no_sign_in_of_the_original(settled: House) -> None:
    ada = settled.enter("ada")
    assert ada.get("/toi").status_code == 200
    copied = settled.settings.model_copy(
        update={"secret_key": SecretStr("an0ther-k3y-that-a-restored-home-made-itself")}
    )
    settled.app = create_app(copied, settled.engine)
    there = settled.browser()
    there.cookies.update(ada.client.cookies)
    assert there.get("/toi").headers["location"].startswith("/dang-nhap")
