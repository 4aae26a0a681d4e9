"""A form sent twice is one act; a form changed and sent again is another."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from config.database import reading
from tests.web.house import BASE, Guest, House
from workflow.models.event import Event

WORD = re.compile(r'name="form_word" value="([\w-]+)"')
PAGE = "/nhiem-vu/GS14-01"
FROM_HERE = {"referer": BASE + PAGE}


@pytest.fixture
def issued(house: House) -> House:
    house.world.issue("GS14-01", date(2026, 9, 30))
    return house


def _words(guest: Guest) -> list[str]:
    return WORD.findall(guest.page(PAGE))


def _acts(house: House, act: str) -> int:
    with reading(house.engine) as db:
        return db.scalar(select(func.count()).where(col(Event.act) == act)) or 0


def _progress(guest: Guest, word: str, text: str, version: str) -> int:
    sent = guest.send(
        PAGE,
        PAGE,
        move="progress",
        form_word=word,
        version=version,
        progress__progress=text,
        headers=FROM_HERE,
    )
    return int(sent.status_code)


def test_each_form_carries_a_word_of_its_own(issued: House) -> None:
    ben = issued.enter("ben")
    words = [*_words(ben), *_words(ben)]
    assert len(words) == len(set(words)) > 1


def test_the_same_form_twice_is_one_act_and_leads_back_to_its_page(issued: House) -> None:
    ben = issued.enter("ben")
    word = _words(ben)[0]
    form = {"move": "progress", "form_word": word, "progress__progress": "Đang làm", "headers": FROM_HERE}
    first, again = ben.send(PAGE, PAGE, **form), ben.send(PAGE, PAGE, **form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["location"] == PAGE
    assert "đã được ghi, không làm lại" in ben.page(PAGE)
    assert _acts(issued, "progress") == 1


def test_the_form_changed_and_sent_again_is_another_act(issued: House) -> None:
    ben = issued.enter("ben")
    word = _words(ben)[0]
    assert _progress(ben, word, "Đang làm", "") == _progress(ben, word, "Gần xong", "") == 303
    assert _acts(issued, "progress") == 2


def test_a_refused_form_may_be_sent_again_as_it_is(issued: House) -> None:
    ben = issued.enter("ben")
    word = _words(ben)[0]
    assert _progress(ben, word, "", "") == 422
    assert _progress(ben, word, "", "") == 422
    assert _acts(issued, "progress") == 0


def test_a_double_click_is_one_act(issued: House) -> None:
    ben = issued.enter("ben")
    word, key = _words(ben)[0], ben.key(PAGE)
    data = {"form_key": key, "form_word": word, "move": "progress", "progress.progress": "Đang làm"}
    with ThreadPoolExecutor(4) as pool:
        sent = list(
            pool.map(lambda _: ben.client.post(PAGE, data=data, headers=FROM_HERE).status_code, range(4))
        )
    assert sent == [303] * 4
    assert _acts(issued, "progress") == 1


def test_the_word_of_one_browser_is_nothing_to_another(issued: House) -> None:
    ben, huy = issued.enter("ben"), issued.enter("huy")
    word = _words(ben)[0]
    assert _progress(ben, word, "Đang làm", "") == _progress(huy, word, "Đang làm", "") == 303
    assert _acts(issued, "progress") == 2
