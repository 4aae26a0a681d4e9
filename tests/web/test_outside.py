"""Signing in through the site's OpenID provider: who is let in, and everything that is not."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest
from httpx2 import Response
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlmodel import col

from config import instant
from config.database import writing
from tests.servers.openid import CLIENT, SECRET, Provider
from tests.web.api.program import Program
from tests.web.house import Guest, House
from web.app import create_app
from web.sealing import seal
from workflow import access, identities, second_factor
from workflow.access import SYSTEM
from workflow.desk import Desk
from workflow.models.event import Event
from workflow.models.person import Person

SUBJECT = "u-4711"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing of it is the database's
OURS = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_name": "Cổng tỉnh"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    one = Provider()
    yield one
    one.stop()


@pytest.fixture
def linked(house: House, provider: Provider) -> House:
    """Ada is known to the provider; nobody else is."""
    house.settings = house.settings.model_copy(update={**OURS, "oidc_issuer": provider.issuer})
    house.app = create_app(house.settings, house.engine)
    with writing(house.engine) as db:
        desk = Desk(db, SYSTEM, instant.now(house.settings))
        identities.link(desk, "ada@lamgiang.example", provider.issuer, SUBJECT)
    return house


def _leave(guest: Guest, path: str = "/dang-nhap/ngoai") -> str:
    answer = guest.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def _back(guest: Guest, **changed: str) -> Response:
    """To the provider and back again with what it says, unless a test changes it."""
    return _arrive(guest, httpx2.get(_leave(guest), trust_env=False).headers["location"], **changed)


def _arrive(guest: Guest, address: str, **changed: str) -> Response:
    given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    return guest.get(urlsplit(address).path, params={**given, **changed})


def _is_in(guest: Guest) -> bool:
    return guest.get("/toi").status_code == 200


def test_who_the_provider_vouches_for_is_in_and_the_journal_says_how(linked: House) -> None:
    guest = Guest(linked.browser())
    sent = _leave(guest, "/dang-nhap/ngoai?tiep=/lich")
    asked = parse_qs(urlsplit(sent).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/dang-nhap/ngoai/ve"]
    answer = _arrive(guest, httpx2.get(sent, trust_env=False).headers["location"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/lich")
    assert "Ada" in guest.page("/toi")
    event = linked.world.rows(Event)[-1]
    assert (event.act, event.detail) == ("sign_in", {"how": "openid"})


def test_the_sign_in_page_offers_it_only_where_it_is_set(house: House, linked: House) -> None:
    assert "Đăng nhập qua Cổng tỉnh" in Guest(linked.browser()).page("/dang-nhap")
    plain = House.__new__(House)
    settings = linked.settings.model_copy(update={"oidc_issuer": None})
    plain.app = create_app(settings, linked.engine)
    guest = Guest(plain.browser())
    assert "/dang-nhap/ngoai" not in guest.page("/dang-nhap")
    assert guest.get("/dang-nhap/ngoai").status_code == 404


def test_a_stranger_is_told_what_to_tell_the_administrator_and_gets_no_account(
    linked: House, provider: Provider
) -> None:
    provider.subject = "u-<b>stranger</b>"
    guest, before = Guest(linked.browser()), len(linked.world.rows(Person))
    answer = _back(guest)
    assert answer.status_code == 403
    assert "chưa được gắn với ai" in answer.text
    assert "u-&lt;b&gt;stranger" in answer.text
    assert not _is_in(guest)
    assert len(linked.world.rows(Person)) == before
    event = linked.world.rows(Event)[-1]
    assert (event.act, (event.detail or {})["subject"]) == ("identity.unknown", provider.subject)


def test_a_disabled_person_stays_out(linked: House) -> None:
    with writing(linked.engine) as db:
        db.scalars(select(Person).where(col(Person.email).startswith("ada@"))).one().is_active = False
    guest = Guest(linked.browser())
    assert _back(guest).status_code == 403
    assert not _is_in(guest)


def test_the_second_factor_is_still_asked_for(linked: House) -> None:
    secret, now = second_factor.new_secret(), instant.real_now()
    site = linked.app.state.site
    with writing(linked.engine) as db:
        ada = access.find_actor(db, "ada@lamgiang.example").person_id
        assert ada is not None
        second_factor.begin(db, ada, seal(site, secret), now)
        second_factor.confirm(
            db, ada, pyotp.TOTP(secret).at(int(now.timestamp()) - 30), now, lambda _: secret
        )
    guest = Guest(linked.browser())
    answer = _back(guest)
    assert answer.status_code == 200
    assert 'action="/dang-nhap/hai"' in answer.text
    assert not _is_in(guest)


def _wrong_claims(**wrong: Any) -> Any:
    return lambda claims: {name: value for name, value in {**claims, **wrong}.items() if value is not None}


FORGED = {
    "another issuer": {"iss": "https://evil.example"},
    "for another program": {"aud": "another"},
    "for two, given to another": {"aud": [CLIENT, "another"], "azp": "another"},
    "expired": {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "from the future": {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200},
    "another question's": {"nonce": "another"},
    "no question's": {"nonce": None},
    "nobody": {"sub": None},
    "another access token's": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@SQLITE
@pytest.mark.parametrize("wrong", FORGED.values(), ids=FORGED.keys())
def test_a_token_that_says_something_else_lets_nobody_in(
    linked: House, provider: Provider, wrong: dict[str, Any]
) -> None:
    provider.claims = _wrong_claims(**wrong)
    guest = Guest(linked.browser())
    answer = _back(guest)
    assert answer.status_code == 422
    assert "không còn giá trị" in answer.text
    assert not _is_in(guest)


@SQLITE
def test_a_token_signed_by_another_key_lets_nobody_in(linked: House, provider: Provider) -> None:
    provider.published = RSAKey.generate_key(parameters={"kid": "one"})
    assert _back(Guest(linked.browser())).status_code == 422


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
@SQLITE
def test_a_token_anybody_could_have_made_lets_nobody_in(
    linked: House, provider: Provider, algorithm: str
) -> None:
    """Unsigned, or with the public key taken for a shared secret."""
    provider.algorithm = algorithm
    assert _back(Guest(linked.browser())).status_code == 422


@SQLITE
@pytest.mark.parametrize(
    "changed", [{"state": "forged"}, {"code": "forged"}, {"iss": "https://evil.example"}]
)
def test_a_forged_answer_lets_nobody_in(linked: House, changed: dict[str, str]) -> None:
    guest = Guest(linked.browser())
    assert _back(guest, **changed).status_code == 422
    assert not _is_in(guest)


def test_an_answer_is_worth_nothing_in_another_browser(linked: House) -> None:
    guest, thief = Guest(linked.browser()), Guest(linked.browser())
    address = httpx2.get(_leave(guest), trust_env=False).headers["location"]
    _leave(thief)
    assert _arrive(thief, address).status_code == 422
    assert _arrive(Guest(linked.browser()), address).status_code == 422
    assert _arrive(guest, address).status_code == 303


def test_an_answer_counts_once_even_with_the_cookie_kept_and_a_new_code(
    linked: House, provider: Provider
) -> None:
    guest = Guest(linked.browser())
    sent = _leave(guest)
    cookie = guest.client.cookies["dondoc_outside"]
    address = httpx2.get(sent, trust_env=False).headers["location"]
    assert _arrive(guest, address).status_code == 303
    assert "dondoc_outside" not in guest.client.cookies
    again = Guest(linked.browser())
    again.client.cookies.set("dondoc_outside", cookie)
    fresh = httpx2.get(sent, trust_env=False).headers["location"]
    asked = len(provider.asked)
    assert _arrive(again, fresh).status_code == 422
    assert provider.asked[asked:] == []
    assert not _is_in(again)


@SQLITE
def test_an_answer_after_ten_minutes_is_too_late(linked: House, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Guest(linked.browser())
    address = httpx2.get(_leave(guest), trust_env=False).headers["location"]
    later = time.time() + 601
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert _arrive(guest, address).status_code == 422


def _facts(**changed: Any) -> Any:
    return lambda facts: {**facts, **changed}


@SQLITE
@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/latest"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_points_elsewhere_is_not_followed(
    linked: House, provider: Provider, changed: dict[str, Any]
) -> None:
    guest = Guest(linked.browser())
    address = httpx2.get(_leave(guest), trust_env=False).headers["location"]
    provider.facts = _facts(**changed)
    answer = _arrive(guest, address)
    assert answer.status_code == 503
    assert "không trả lời đúng" in answer.text
    assert not _is_in(guest)


@SQLITE
def test_a_provider_that_is_away_leaves_the_other_ways_in(linked: House, provider: Provider) -> None:
    provider.stop()
    answer = Guest(linked.browser()).get("/dang-nhap/ngoai")
    assert answer.status_code == 503
    assert 'action="/dang-nhap/ma"' in answer.text


@SQLITE
def test_tries_are_counted(linked: House) -> None:
    guest = Guest(linked.browser())
    statuses = [guest.get("/dang-nhap/ngoai/ve").status_code for _ in range(32)]
    assert statuses == [422] * 30 + [429] * 2


@SQLITE
def test_signing_out_there_is_offered_and_leaves_ours_alone(linked: House, provider: Provider) -> None:
    guest = Guest(linked.browser())
    _back(guest)
    sent = _leave(guest, "/dang-nhap/ngoai/ra")
    assert sent.startswith(f"{provider.issuer}/out?client_id={CLIENT}&post_logout_redirect_uri=")
    assert _is_in(guest)


@SQLITE
def test_two_browsers_on_the_way_do_not_meet(linked: House) -> None:
    first, second = Guest(linked.browser()), Guest(linked.browser())
    there = [_leave(first), _leave(second)]
    answers = [httpx2.get(one, trust_env=False).headers["location"] for one in there]
    assert _arrive(second, answers[1]).status_code == _arrive(first, answers[0]).status_code == 303
    assert _is_in(first)
    assert _is_in(second)


@SQLITE
def test_an_administrator_links_and_unlinks_on_the_page(linked: House, provider: Provider) -> None:
    provider.subject, quan = "u-5000", linked.enter("quan")
    form = {"email": "duc@lamgiang.example", "subject": " u-5000 "}
    assert quan.send("/quan-tri/nguoi-dung", "/quan-tri", act="link", **form).status_code == 303
    assert "u-5000" in quan.page("/quan-tri")
    duc = Guest(linked.browser())
    assert _back(duc).status_code == 303
    assert "Duc" in duc.page("/toi")
    taken = quan.send(
        "/quan-tri/nguoi-dung", "/quan-tri", act="link", **{**form, "email": "chi@lamgiang.example"}
    )
    assert taken.status_code == 422
    assert "đã gắn với một người" in taken.text
    assert quan.send("/quan-tri/nguoi-dung", "/quan-tri", act="unlink", **form).status_code == 303
    assert _back(Guest(linked.browser())).status_code == 403
    acts = [event.act for event in linked.world.rows(Event)]
    assert acts.count("identity.link") == 2
    assert acts.count("identity.unlink") == 1


@SQLITE
def test_a_program_links_and_unlinks(linked: House) -> None:
    quan = Program.with_cookie(linked, "quan")
    made = quan.post("/users/chi@lamgiang.example/identities", {"subject": "u/6 000"})
    assert made.status_code == 201
    assert quan.get("/users/chi@lamgiang.example/identities").json()["rows"][0]["subject"] == "u/6 000"
    ended = quan.send("DELETE", "/users/chi@lamgiang.example/identities?subject=u%2F6%20000")
    assert (ended.status_code, ended.json()) == (200, {"rows": []})
