"""Requests no browser of ours sends: other methods, other kinds of content, a sign-in chosen by somebody else."""

from datetime import date

import pytest

from tests.web.house import Guest, House
from tests.web.postbox import checksum

METHODS = ("TRACE", "TRACK", "CONNECT", "PROPFIND", "PUT", "DELETE", "PATCH", "OPTIONS", "DEBUG")
PATHS = ("/", "/nhiem-vu", "/nhiem-vu/GS14-01", "/dang-nhap", "/quan-tri", "/static/style.css", "/healthz")

PLANTED = "chosen-by-somebody-else"


@pytest.fixture
def issued(house: House) -> House:
    house.world.issue("GS14-01", date(2026, 9, 30))
    return house


def test_no_other_method_is_answered_or_echoes_what_was_sent(issued: House) -> None:
    quan = issued.enter("quan")
    before = checksum(issued.engine)
    for method in METHODS:
        for path in PATHS:
            answer = quan.client.request(method, path, headers={"x-secret": "c4nary"})
            assert answer.status_code in (404, 405), (method, path, answer.status_code)
            assert "c4nary" not in answer.text
    assert checksum(issued.engine) == before


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "text/xml", "multipart/form-data", "nonsense", ""]
)
def test_a_form_of_another_kind_of_content_changes_nothing(issued: House, kind: str) -> None:
    ada = issued.enter("ada")
    body = f'{{"form_key": "{ada.key("/toi")}", "locale": "en"}}'.encode()
    before = checksum(issued.engine)
    for path in ("/toi/thu", "/nhiem-vu/GS14-01", "/dang-xuat"):
        answer = ada.client.post(path, content=body, headers={"content-type": kind})
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
    assert checksum(issued.engine) == before


def test_a_program_that_sends_a_form_is_told_so(issued: House) -> None:
    """And a page's form never reaches the API by its kind of content."""
    ada = issued.enter("ada")
    before = checksum(issued.engine)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        answer = ada.client.post(
            "/api/v1/directives/GS14-01/moves", content=b'{"move": "close"}', headers={"content-type": kind}
        )
        assert 400 <= answer.status_code < 500
    assert checksum(issued.engine) == before


def test_a_sign_in_chosen_by_somebody_else_is_not_taken_over(issued: House) -> None:
    """What a browser came with, whoever planted it, opens nothing afterwards; each sign-in has a word of its own."""
    victim, token = issued.browser(), issued.link("ben")
    victim.cookies.set("dondoc", PLANTED, domain="127.0.0.1")
    entered = Guest(victim).send(f"/vao/{token}", f"/vao/{token}")
    assert entered.status_code == 303
    assert PLANTED not in entered.headers["set-cookie"]
    other = issued.browser()
    other.cookies.set("dondoc", PLANTED)
    assert other.get("/toi").headers["location"].startswith("/dang-nhap")
    words = {issued.enter("ada").client.cookies["dondoc"].split(".")[0] for _ in range(3)}
    assert len(words) == 3
