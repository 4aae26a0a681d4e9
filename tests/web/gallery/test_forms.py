"""Every form of every page, filled in with what cannot be right: refused in words, and given back as it was sent."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from httpx2 import Response
from sqlalchemy import func, select
from starlette.testclient import TestClient

from config.database import reading
from tests.web.gallery.story import LivedIn
from tests.web.gallery.views import API, VIEWS
from tests.web.test_routes import _routes
from workflow.models.event import Event

ODD = {
    "email": "không phải địa chỉ",
    "date": "2026-02-31",
    "number": "-3",
    "url": "không:phải",
    "time": "25:99",
}
LEFT_OUT = ("/dang-xuat", "/vao/")
"""They end or begin what the key of a form belongs to."""
NEED_MORE = {
    "/dang-nhap/hai", "/dang-nhap/ma/nhap", "/t/{token}/ma/nhap",  # a password or a code that was mailed
    "/hop-thu/gui-lai/{number}",  # a mail that came back
    "/ket-luan/{code}/phat-hanh",  # drafts that lack nothing
    "/luot-quet/chay", "/luot-quet/{night}/cho-gui",  # a night that is missing or was stopped
    "/quan-tri/mau-thu/xem",  # a template that was checked
    "/t/{token}/gui-lai",  # a link that is over
}  # fmt: skip
UNSEEN = {"hidden", "submit", "button", "file", "password"}
Sent = dict[str, list[str]]


@dataclass(frozen=True)
class Form:
    """`button`: which of its buttons is pressed."""

    page: str
    place: int
    action: str
    tag: Tag
    button: Tag | None

    @property
    def pressed(self) -> str:
        return f"{self.button['name']}={self.button.get('value')}" if self.button is not None else ""

    @property
    def name(self) -> str:
        return f"{self.page} form {self.place} to {self.action} {self.pressed}"

    def values(self, *, odd: bool) -> Sent:
        sent: Sent = {}
        for one in self.tag.find_all(["input", "textarea", "select"]):
            if (name := str(one.get("name") or "")) and (value := _value(one, odd=odd)) is not None:
                sent.setdefault(name, []).append(value)
        if self.button is not None:
            sent[str(self.button["name"])] = [str(self.button.get("value") or "")]
        return sent


def _kind(one: Tag) -> str:
    return str(one.get("type") or "text") if one.name == "input" else one.name


def _value(one: Tag, *, odd: bool) -> str | None:
    kind = _kind(one)
    if kind == "hidden":
        return str(one.get("value") or "")
    if kind in ("checkbox", "radio"):
        return str(one.get("value") or "on") if odd else None
    if kind == "select":
        options = [str(option.get("value", option.text)) for option in one.find_all("option")]
        return options[-1] if odd and options else (options or [""])[0]
    if kind in UNSEEN:
        return None
    return ODD.get(kind, f'☂ <{one.get("name")}> & "thế"') if odd else ""


def forms(text: str, page: str) -> Iterator[Form]:
    here = urlsplit(page).path
    for place, tag in enumerate(BeautifulSoup(text, "lxml").select("form[method=post]")):
        action = str(tag.get("action") or here)
        buttons = tag.select("button[name]") or [None]
        for button in buttons:
            yield Form(page, place, action, tag, button)


def shown(text: str, form: Form) -> Sent | None:
    """What stands in the fields of the same form now: by its address, and its first field where several have it."""
    same = [one for one in forms(text, form.page) if urlsplit(one.action).path == urlsplit(form.action).path]
    named = [one for one in same if _first_field(one.tag) == _first_field(form.tag)]
    return _typed(named[0].tag) if named else None


def _first_field(tag: Tag) -> str:
    names = [str(one.get("name")) for one in tag.select("[name]") if _kind(one) not in ("hidden", "button")]
    return names[0] if names else ""


def _typed(tag: Tag) -> Sent:
    told: Sent = {}
    for one in tag.find_all(["input", "textarea"]):
        if _kind(one) not in UNSEEN | {"checkbox", "radio"} and one.get("name"):
            words = one.text if one.name == "textarea" else str(one.get("value") or "")
            told.setdefault(str(one["name"]), []).append(words)
    return told


class Guests:
    """The browser of each person, opened when first asked for."""

    def __init__(self, house: LivedIn) -> None:
        self.house, self.keys = house, house.keys()
        self.opened: dict[str | None, TestClient] = {}

    def of(self, who: str | None) -> TestClient:
        if who not in self.opened:
            base = self.house.settings.base_url
            self.opened[who] = TestClient(self.house.app, base_url=base, follow_redirects=False)
            if who is not None:
                self._enter(self.opened[who], f"/vao/{self.house.link(who)}")
        return self.opened[who]

    def _enter(self, client: TestClient, way: str) -> None:
        (form,) = [one for one in forms(client.get(way).text, way) if one.action == way]
        assert client.post(way, data=form.values(odd=False)).status_code == 303

    def events(self) -> int:
        with reading(self.house.engine) as db:
            return db.scalar(select(func.count()).select_from(Event)) or 0

    def tries(self) -> Iterator[tuple[TestClient, Form, Sent]]:
        """Each form of each page as it stands at that moment, first with odd words in it, then with none."""
        seen: set[tuple[str, str, bool]] = set()
        for view in VIEWS:
            client, address = self.of(view.who), view.address.format(**self.keys)
            for odd in (True, False):
                for place in range(len(list(forms(client.get(address).text, address)))):
                    standing = list(forms(client.get(address).text, address))
                    if place >= len(standing) or standing[place].action.startswith(LEFT_OUT):
                        continue
                    form = standing[place]
                    if (mark := (form.action, form.pressed, odd)) not in seen:
                        seen.add(mark)
                        yield client, form, form.values(odd=odd)


@pytest.fixture
def guests(told: LivedIn) -> Guests:
    return Guests(told)


def test_every_form_is_tried_or_known_to_need_more(guests: Guests) -> None:
    """A new form belongs on a page of VIEWS, or into the list with what it waits for."""
    routes = {path for method, path in _routes(guests.house) if method == "POST" and not path.startswith(API)}
    tried = set()
    for view in VIEWS:
        address = view.address.format(**guests.keys)
        tried |= {urlsplit(one.action).path for one in forms(guests.of(view.who).get(address).text, address)}
    patterns = {path: re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)) for path in routes}
    untried = {path for path, pattern in patterns.items() if not any(map(pattern.fullmatch, tried))}
    assert untried == NEED_MORE


def test_whatever_is_sent_is_done_once_or_refused_in_words_and_given_back(guests: Guests) -> None:
    wrong, counted = [], Counter[str]()
    for client, form, sent in guests.tries():
        answer = client.post(form.action, data=sent)
        kind = "done" if answer.status_code == 303 else "refused" if answer.status_code >= 400 else "shown"
        counted[kind] += 1
        if kind == "done":
            before = guests.events()
            again = client.post(form.action, data=sent)
            if again.status_code != 303 or guests.events() != before:
                wrong.append(
                    f"{form.name}: sent again {again.status_code}, {guests.events() - before} acts more"
                )
        elif kind == "refused":
            wrong += [f"{form.name}: {answer.status_code} {fault}" for fault in faults(answer, form, sent)]
    assert wrong == []
    assert counted["refused"] > 30
    assert counted["done"] > 15


def faults(answer: Response, form: Form, sent: Sent) -> Iterator[str]:
    if answer.status_code >= 500 or 'role="alert"' not in answer.text:
        yield "without a sentence"
    standing = shown(answer.text, form)
    if standing is None:
        yield "without its form"
        return
    for name, words in sent.items():
        typed = [one.strip() for one in words]
        if any(typed) and name in standing and [one.strip() for one in standing[name]] != typed:
            yield f"{name} was {words}, is {standing[name]}"
