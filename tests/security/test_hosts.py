"""Whatever name a request says it was sent to, what we write and where we lead comes from the settings alone."""

import re
from datetime import date

import pytest

from tests.web.answering.forms import key_of
from tests.web.house import BASE, Guest, House
from tests.web.postbox import mails, token_of, words
from web import mailbox
from web.app import create_app

EVIL = "evil.example"
CLAIMS = (
    {"host": EVIL},
    {"host": f"127.0.0.1:8000@{EVIL}"},
    {"x-forwarded-host": EVIL, "x-forwarded-proto": "https", "x-forwarded-port": "443"},
    {"x-forwarded-proto": EVIL},
    {"forwarded": f"host={EVIL};proto=https"},
    {"x-host": EVIL, "x-original-host": EVIL, "x-forwarded-server": EVIL, "x-forwarded-prefix": f"//{EVIL}"},
    {"x-original-url": f"//{EVIL}/", "x-rewrite-url": f"//{EVIL}/"},
)
WHERE_ADDRESSES_STAND = (
    "/", "/nhiem-vu", "/nhiem-vu/GS14-01", "/nhiem-vu/GS14-01/lien-ket", "/nhiem-vu/GS14-01/cong-van", "/don-doc",
    "/toi", "/toi/lich", "/toi/ma-truy-cap", "/bao-cao", "/quan-tri", "/quan-tri/webhook", "/quan-tri/kenh-thu",
    "/tro-giup", "/dang-nhap", "/dang-nhap/ngoai", "/api", "/api/v1/openapi.json", "/api/v1/directives", "/nothing",
    "/nhiem-vu/", "/toi//", "/lich/", "/api/v1/directives/",
)  # fmt: skip


@pytest.fixture
def issued(house: House) -> House:
    house.world.issue("GS14-01", date(2026, 9, 30))
    return house


def test_a_mailed_link_leads_to_our_address(issued: House) -> None:
    """Of a forgotten password, and of a link to answer that is asked for anew."""
    guest, clerk = Guest(issued.browser()), issued.browser()
    token = token_of(issued, "ben")
    for claim in CLAIMS:
        guest.send("/dang-nhap/quen", "/dang-nhap/quen", email="ben@lamgiang.example", headers=claim)
        again = {"form_key": key_of(clerk.get("/t/none").text, "/t"), "email": "ben@lamgiang.example"}
        clerk.post("/t", data=again, headers=claim)
        clerk.get(f"/t/{token}", headers=claim)
    box = issued.settings.home / "mailbox"
    written = [mailbox.mail(box, head.key, None) for head in mailbox.heads(box, None)]
    texts = [one.text for one in written if one is not None] + [words(one) for one in mails(issued, "ben")]
    raw = b"".join(path.read_bytes() for path in (box / "new").iterdir())
    assert sum(f"{BASE}/dat-mat-khau/" in one for one in texts) >= 1
    assert sum(f"{BASE}/t/" in one for one in texts) >= 2
    assert EVIL.encode() not in raw


def test_no_page_and_no_redirect_repeats_the_claimed_name(issued: House) -> None:
    quan = issued.enter("quan")
    claim = {name: value for one in reversed(CLAIMS) for name, value in one.items()}
    quan.send("/toi/lich", "/toi/lich", act="make")
    feed = re.search(rf"{BASE}(/lich/[\w-]+\.ics)", quan.page("/toi/lich"))
    assert feed is not None
    statuses = set()
    for path in (*WHERE_ADDRESSES_STAND, feed[1]):
        answer = quan.get(path, headers=claim)
        statuses.add(answer.status_code)
        assert EVIL not in answer.text, path
        assert not any(EVIL in value for value in answer.headers.values()), path
        assert answer.headers.get("location", "/").startswith("/"), (path, answer.headers["location"])
    answer = issued.browser().get("/nhiem-vu", headers=claim)
    assert answer.headers["location"] == "/dang-nhap?tiep=%2Fnhiem-vu"
    assert {200, 303, 307, 404} <= statuses
    assert f"{BASE}/nhiem-vu/GS14-01" in quan.get(feed[1], headers=claim).text


@pytest.mark.parametrize("host", ["x/toi?", "x/api/#", "x/static/..", "/toi", "x\\toi", "toi"])
def test_a_name_that_looks_like_a_path_opens_nothing(house: House, host: str) -> None:
    """What may be read before a second factor is set up is told by the path of the request alone."""
    settings = house.settings.model_copy(update={"second_factor_for": ("chair",)})
    house.app = create_app(settings, house.engine)
    chi = house.enter("chi")
    answer = chi.get("/nhiem-vu", headers={"host": host})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/toi/hai-lop")


def test_a_path_with_a_stroke_too_many_leads_to_the_page_and_never_outside(house: House) -> None:
    quan = house.enter("quan")
    assert quan.get("/nhiem-vu/?q=a").headers["location"] == "/nhiem-vu?q=a"
    for path in (
        f"//{EVIL}/",
        f"/%5C{EVIL}/",
        f"/%5c/{EVIL}/",
        f"///{EVIL}//",
        f"/%2F{EVIL}/",
        f"/%0d%0aX-Evil:{EVIL}/",
    ):
        answer = quan.client.request("GET", f"{BASE}{path}")
        assert not answer.headers.get("location", "/").startswith(("//", "/\\", "http")), path
        assert "x-evil" not in answer.headers
