"""Who may open and send what: every route of the app against every kind of person."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from tests.web.api.matrix import addresses, without_a_key
from tests.web.house import BASE, Guest, House
from web.app import create_app
from workflow.inputs import Evidence

PEOPLE = ("nobody", "ben", "cleo", "ada", "duc", "chi", "quan", "lan", "ky")
TO_SIGN_IN = 303
OVERSEERS = {"ada", "duc", "chi", "quan", "lan", "ky"}
SIGNED = {*PEOPLE} - {"nobody"}
LINK_MANAGERS = {"ada", "duc", "chi", "quan"}


def _only(who: set[str], status: int = 200, others: int = 404) -> dict[str, int]:
    return {name: status if name in who else (TO_SIGN_IN if name == "nobody" else others) for name in PEOPLE}


def _all(status: int) -> dict[str, int]:
    return dict.fromkeys(PEOPLE, status)


SEES_ONE = SIGNED - {"cleo"}
WRITERS = {"ada", "duc", "chi", "quan"}
API = "/api/v1"


def _api(who: set[str]) -> dict[str, int]:
    """A program is told 401, not sent to a page."""
    return {**_only(who), "nobody": 401}


TABLE: dict[tuple[str, str], dict[str, int]] = {
    **without_a_key(),
    ("GET", "/healthz"): _all(200),
    ("HEAD", "/healthz"): _all(200),
    ("GET", "/readyz"): _all(200),
    ("HEAD", "/readyz"): _all(200),
    ("GET", "/wellz"): _all(200),
    ("HEAD", "/wellz"): _all(200),
    ("GET", "/metrics"): _all(200),
    ("GET", "/"): _only(SIGNED),
    ("GET", "/nhiem-vu"): _only(SIGNED),
    ("GET", "/nhiem-vu/hang-loat"): _only(set()),
    ("POST", "/nhiem-vu/hang-loat"): _only(set()),
    ("POST", "/nhiem-vu/cach-xem"): _only(SIGNED, 422),
    ("POST", "/nhiem-vu/cach-xem/{view_id}/bo"): _only(set()),
    ("GET", "/nhiem-vu/{code}"): _only(SEES_ONE),
    ("POST", "/nhiem-vu/{code}"): {**_only(SEES_ONE, 422), "nobody": TO_SIGN_IN},
    ("GET", "/nhiem-vu/{code}/cach-tinh"): _only(SEES_ONE),
    ("GET", "/nhiem-vu/{code}/cong-van"): _only(WRITERS),
    ("POST", "/nhiem-vu/{code}/cong-van"): _only(WRITERS, 422),
    ("POST", "/nhiem-vu/{code}/cong-van/ban-ky"): _only(WRITERS, 422),
    ("GET", "/nhiem-vu/{code}/tep/{file_id}"): _only(set()),
    ("GET", "/cuoc-giam-sat"): _only(OVERSEERS),
    ("POST", "/cuoc-giam-sat"): _only(OVERSEERS, 422),
    ("GET", "/ket-luan"): _only(OVERSEERS),
    ("GET", "/ket-luan/moi"): _only(OVERSEERS),
    ("POST", "/ket-luan/moi"): _only(OVERSEERS, 422),
    ("GET", "/ket-luan/{code}"): _only(OVERSEERS, 303),
    ("GET", "/ket-luan/{code}/ra-soat"): _only(OVERSEERS),
    ("POST", "/ket-luan/{code}/ra-soat/{directive}"): _only(OVERSEERS, 422),
    ("GET", "/ket-luan/{code}/trinh"): _only(OVERSEERS),
    ("POST", "/ket-luan/{code}/trinh"): {
        **_only(OVERSEERS, 403),
        "quan": 303,
        **dict.fromkeys(("ada", "duc", "chi"), 303),
    },
    ("POST", "/ket-luan/{code}/chung"): _only(OVERSEERS, 422),
    ("POST", "/ket-luan/{code}/phat-hanh"): _only(OVERSEERS, 422),
    ("GET", "/co-quan"): _only(SIGNED),
    ("POST", "/co-quan"): _only(OVERSEERS, 422),
    ("GET", "/co-quan/{code}"): _only(SEES_ONE),
    ("POST", "/co-quan/{code}"): _only(SEES_ONE, 422),
    ("POST", "/co-quan/{code}/dau-moi"): _only(SEES_ONE, 422),
    ("GET", "/lich"): _only(SIGNED),
    ("GET", "/nhap"): _only({"quan"}),
    ("POST", "/nhap"): _only({"quan"}, 422),
    ("GET", "/bao-cao"): _only(SIGNED),
    ("GET", "/bao-cao/tep"): _only(SIGNED),
    ("GET", "/bao-cao/danh-sach"): _only(set()),
    ("GET", "/bao-cao/lich"): _only(WRITERS),
    ("POST", "/bao-cao/lich"): _only(WRITERS, 422),
    ("POST", "/bao-cao/lich/{number}/thoi"): _only(set()),
    ("GET", "/bao-cao/ho-so/{code}"): _only(set()),
    ("GET", "/lich/ngay"): _only(OVERSEERS),
    ("POST", "/lich/ngay"): _only({"quan"}, 422),
    ("GET", "/chinh-sach"): _only(OVERSEERS),
    ("GET", "/chinh-sach/sua"): _only({"quan"}),
    ("POST", "/chinh-sach/sua"): _only({"quan"}, 422),
    ("GET", "/chinh-sach/{which}/mo-phong"): _only(OVERSEERS),
    ("GET", "/chinh-sach/bieu-mau"): _only({"quan"}),
    ("POST", "/chinh-sach/bieu-mau"): _only({"quan"}, 422),
    ("GET", "/chinh-sach/ap-dung"): _only(OVERSEERS),
    ("POST", "/chinh-sach/ap-dung"): _only({"quan"}, 422),
    ("GET", "/chinh-sach/{which}/chuyen"): _only({"quan"}),
    ("POST", "/chinh-sach/{which}/chuyen"): _only({"quan"}),
    ("GET", "/vong-doi"): _only(OVERSEERS),
    ("GET", "/vong-doi/{a}/{b}"): _only(OVERSEERS),
    ("GET", "/vong-doi/chuyen"): _only({"quan"}),
    ("POST", "/vong-doi/chuyen"): _only({"quan"}),
    ("GET", "/quan-tri"): _only({"quan"}),
    ("POST", "/quan-tri/nguoi-dung"): _only({"quan"}, 422),
    ("GET", "/quan-tri/tien-trinh"): _only({"quan"}),
    ("GET", "/quan-tri/tieu-de"): _only({"quan"}),
    ("POST", "/quan-tri/tieu-de"): _only({"quan"}, 422),
    ("POST", "/quan-tri/dau-hieu"): _only({"quan"}, 422),
    ("GET", "/dau-hieu.png"): _all(404),
    ("GET", "/quan-tri/nhat-ky"): _only({"quan", "ky"}),
    ("GET", "/quan-tri/kenh-thu"): _only({"quan"}),
    ("POST", "/quan-tri/kenh-thu"): _only({"quan"}, 422),
    ("GET", "/quan-tri/mau-thu"): _only({"quan"}),
    ("GET", "/quan-tri/mau-thu/sua"): _only({"quan"}, 303),
    ("POST", "/quan-tri/mau-thu/sua"): _only(set()),
    ("POST", "/quan-tri/mau-thu/xem"): _only(set()),
    ("GET", "/don-doc"): _only(OVERSEERS),
    ("GET", "/luot-quet"): _only(OVERSEERS),
    ("GET", "/luot-quet/dem-nay"): _only(OVERSEERS),
    ("GET", "/luot-quet/{night}"): _only(OVERSEERS),
    ("POST", "/luot-quet/{night}/cho-gui"): _only({"quan"}, 303),
    ("POST", "/luot-quet/chay"): _only({"quan"}, 303),
    ("POST", "/luot-quet/dung"): _only({"quan"}, 303),
    ("POST", "/ket-luan/{code}/ra-soat"): {**_only(OVERSEERS, 422), "lan": 403, "ky": 403},
    ("GET", "/hop-thu"): _only({"ada", "quan"}),
    ("GET", "/hop-thu/{number}/nguyen-thu"): _only(set()),
    ("POST", "/hop-thu/{number}/ghep"): _only(set()),
    ("POST", "/hop-thu/{number}/bo"): _only(set()),
    ("POST", "/hop-thu/gui-lai/{number}"): {**_only(set()), "ada": 403, "quan": 409},
    ("GET", "/hop-thu-thu"): _only(SIGNED),
    ("GET", "/hop-thu-thu/{key}"): _only(set()),
    ("GET", "/hop-thu-thu/{key}/html"): _only(set()),
    ("GET", "/tro-giup"): _only(SIGNED),
    ("GET", "/dang-nhap"): {**_all(303), "nobody": 200},
    ("POST", "/dang-nhap"): _all(422),
    **{("GET", f"/dang-nhap/ngoai{rest}"): _all(404) for rest in ("", "/ve", "/ra")},  # not set up here
    ("POST", "/dang-nhap/ma"): _all(200),
    ("POST", "/dang-nhap/ma/nhap"): _all(422),
    ("GET", "/bat-dau"): _all(200),
    ("POST", "/bat-dau"): _all(422),
    ("GET", "/vao/{token}"): _all(404),
    ("POST", "/vao/{token}"): _all(404),
    ("POST", "/dang-xuat"): _only(SIGNED, 303),
    ("GET", "/dang-nhap/quen"): _all(200),
    ("POST", "/dang-nhap/quen"): _all(200),
    ("GET", "/dat-mat-khau/{token}"): _all(404),
    ("POST", "/dat-mat-khau/{token}"): _all(422),
    ("POST", "/dang-nhap/hai"): _all(422),
    ("GET", "/toi/hai-lop"): _only(SIGNED),
    ("POST", "/toi/hai-lop"): _only(set()),
    ("GET", "/toi/phien"): _only(SIGNED),
    ("POST", "/toi/phien"): _only(SIGNED, 303),
    ("GET", "/toi/xac-nhan"): _only(SIGNED),
    ("POST", "/toi/xac-nhan"): _only(SIGNED, 422),
    **{
        (method, path): _all(404)
        for method in ("GET", "HEAD")
        for path in ("/t/{token}", "/t/{token}/nv/{code}", "/t/{token}/bien-nhan/{number}")
    },
    **{
        ("POST", path): _all(403)
        for path in (
            "/t",
            "/t/{token}",
            "/t/{token}/nv/{code}",
            "/t/{token}/gui-lai",
            "/t/{token}/ma",
            "/t/{token}/ma/nhap",
        )
    },
    ("GET", "/nhiem-vu/{code}/lien-ket"): {**_only(LINK_MANAGERS, others=403), "cleo": 404},
    ("POST", "/nhiem-vu/{code}/lien-ket"): {**_only(LINK_MANAGERS, others=403), "cleo": 404},
    ("GET", "/lich/{token}.ics"): _all(404),
    ("HEAD", "/lich/{token}.ics"): _all(404),
    ("GET", "/toi/lich"): _only(SIGNED),
    ("POST", "/toi/lich"): _only(SIGNED, 303),
    ("GET", "/co-quan/{code}/lich"): _only(SEES_ONE),
    ("POST", "/co-quan/{code}/lich"): _only(SEES_ONE, 303),
    ("GET", f"{API}/directives/{{code}}/links"): {
        **_api(LINK_MANAGERS),
        **dict.fromkeys(("ben", "lan", "ky"), 403),
    },
    ("POST", f"{API}/directives/{{code}}/links"): {**dict.fromkeys(PEOPLE, 403), "nobody": 401},
    ("POST", f"{API}/links/{{number}}/revoke"): {**dict.fromkeys(PEOPLE, 403), "nobody": 401},
    ("POST", f"{API}/calendar-feed"): {**dict.fromkeys(PEOPLE, 403), "nobody": 401},
    ("POST", f"{API}/calendar-feed/revoke"): {**dict.fromkeys(PEOPLE, 403), "nobody": 401},
    ("GET", "/toi"): _only(SIGNED),
    ("GET", "/toi/vang-mat"): _only(SIGNED),
    ("POST", "/toi/vang-mat"): _only(SIGNED, 422),
    ("GET", "/toi/thu"): _only(SIGNED),
    ("POST", "/toi/thu"): _only(SIGNED, 303),
    **{(method, "/thoi-nhan/{token}"): _all(404) for method in ("GET", "HEAD", "POST")},
    ("POST", "/toi/mat-khau"): _only(SIGNED, 422),
    ("GET", "/toi/ma-truy-cap"): _only(SIGNED),
    ("POST", "/toi/ma-truy-cap"): _only(SIGNED, 422),
    ("GET", "/api"): _only(SIGNED),
    ("GET", "/quan-tri/webhook"): _only({"quan"}),
    ("POST", "/quan-tri/webhook"): _only(set()),  # no act named: a call that does not exist
}
OF_API = addresses()
FILLED = {
    "{code}": "GS14-01", "{night}": "2026-08-21", "{file_id}": "1", "{view_id}": "1", "{key}": "none", "{token}": "none",
    "{directive}": "GS14-02", "{which}": "default", "{number}": "1",
    "{a}": "1", "{b}": "directive",
}  # fmt: skip


def _filled(path: str) -> str:
    if path in OF_API:
        return OF_API[path]
    path = path.replace("/ket-luan/{code}", "/ket-luan/GS14-KL1").replace("/co-quan/{code}", "/co-quan/sct")
    for name, value in FILLED.items():
        path = path.replace(name, value)
    return path


@pytest.fixture
def lived_in(house: House) -> House:
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.world.move("ben", "GS14-01", "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))
    house.take_in(date(2026, 8, 20))
    house.nights(date(2026, 8, 21))
    return house


def _routes(house: House) -> set[tuple[str, str]]:
    return {(method, route.path) for route in _leaves(house.app.routes) for method in route.methods or ()}


def _leaves(routes: Iterable[object]) -> Iterator[APIRoute]:
    """A router that was included keeps its routes to itself."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _leaves(route.original_router.routes)


def test_every_route_is_in_the_table_and_every_line_of_it_is_a_route(house: House) -> None:
    assert _routes(house) == set(TABLE)


@pytest.mark.parametrize("who", PEOPLE)
def test_each_person_gets_from_each_route_what_the_table_says(lived_in: House, who: str) -> None:
    wrong, guest = [], None
    for (method, path), expected in sorted(TABLE.items()):
        if guest is None or method == "POST":  # a form may have signed us out
            guest = lived_in.browser() if who == "nobody" else lived_in.enter(who).client
        data = {"form_key": _form_key(guest)} if method == "POST" else None
        status = guest.request(method, _filled(path), data=data).status_code
        if status != expected[who]:
            wrong.append((method, path, status, expected[who]))
    assert wrong == []


def _form_key(client: TestClient) -> str:
    return Guest(client).key("/toi" if client.get("/toi").status_code == 200 else "/dang-nhap")


def test_what_is_not_ours_to_see_looks_like_what_does_not_exist(lived_in: House) -> None:
    cleo = lived_in.enter("cleo")
    hidden, missing = cleo.get("/nhiem-vu/GS14-01"), cleo.get("/nhiem-vu/GS14-99")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace("GS14-01", "X") == missing.text.replace("GS14-99", "X")


def test_no_form_is_taken_without_the_key_of_our_own_page(lived_in: House) -> None:
    """But for a mail program that refuses a mail (RFC 8058): it has the link's token and no key of ours."""
    chi = lived_in.enter("chi").client
    one_click = "/thoi-nhan/{token}"
    for path in [_filled(path) for method, path in TABLE if method == "POST" and path != one_click]:
        for data in ({}, {"form_key": "0" * 64}):
            assert chi.post(path, data=data).status_code == 403, path


FOREIGN = [
    {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": BASE + ".evil.example"},
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_sent_from_another_place_is_refused_even_with_our_key(
    lived_in: House, headers: dict[str, str]
) -> None:
    chi = lived_in.enter("chi")
    sent = chi.send("/dang-xuat", "/toi", headers=headers)
    assert sent.status_code == 403
    assert chi.get("/toi").status_code == 200


def test_the_key_of_one_person_is_worthless_for_another(lived_in: House) -> None:
    stolen = lived_in.enter("ada").key("/toi")
    duc = lived_in.enter("duc")
    assert duc.client.post("/dang-xuat", data={"form_key": stolen}).status_code == 403


def test_every_answer_carries_the_strict_headers(lived_in: House) -> None:
    quan = lived_in.enter("quan").client
    for path in [_filled(path) for method, path in TABLE if method == "GET"]:
        headers = quan.get(path).headers
        assert "script-src" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == (
            "no-referrer"
            if path.endswith(".ics") or path.startswith(("/t/", "/thoi-nhan/"))
            else "same-origin"
        )


def test_no_page_holds_a_script_or_asks_another_host(lived_in: House) -> None:
    quan = lived_in.enter("quan")
    for (method, path), locale in product(TABLE, ("vi", "en")):
        if method != "GET":
            continue
        page = quan.get(f"{_filled(path)}?lang={locale}").text
        assert "<script" not in page
        assert " style=" not in page
        assert "http://" not in page.replace(BASE, "").replace("http://www.w3.org/", "")
        assert "https://" not in page


def test_over_https_cookies_are_for_this_host_only(house: House) -> None:
    settings = house.settings.model_copy(update={"base_url": "https://dondoc.example"})
    client = TestClient(create_app(settings, house.engine), base_url="https://dondoc.example")
    answer = client.get("/dang-nhap")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-dondoc_browser=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
