"""A restored or copied installation: its pages can be read, and it takes no act by any door."""

from datetime import date

import pytest

from notifications import identity
from tests.web.api.matrix import TABLE
from tests.web.api.program import Program
from tests.web.house import House
from tests.world import at
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.sweep_run import SweepRun

WRITES = [one for one in TABLE if one.method != "GET" and one.path != "/policies/check"]


@pytest.fixture
def copied(house: House) -> House:
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.take_in(date(2026, 8, 20))
    house.nights(date(2026, 8, 20))
    identity.settle(house.engine, house.settings.home, at(date(2026, 8, 20)))
    identity.forgotten(house.settings.home)
    return house


def _lines(house: House) -> tuple[int, ...]:
    return tuple(len(house.world.rows(table)) for table in (Event, SweepRun, Message))


def test_a_night_is_not_swept_in_a_copy_by_a_program(copied: House) -> None:
    quan, before = Program.with_cookie(copied, "quan"), _lines(copied)
    answer = quan.post("/sweeps", {"night": "2026-08-21"})
    assert answer.status_code == 503
    assert "dondoc db release" in answer.json()["detail"]
    assert _lines(copied) == before


def test_a_night_is_not_swept_in_a_copy_by_its_page(copied: House) -> None:
    quan = copied.enter("quan")
    copied.today(date(2026, 8, 21))
    before = _lines(copied)
    assert quan.send("/luot-quet/chay", "/luot-quet").status_code == 503
    assert _lines(copied) == before


def test_no_address_of_the_api_changes_a_copy(copied: House) -> None:
    quan = Program.with_cookie(copied, "quan")
    before = _lines(copied)
    answers = {}
    for one in WRITES:
        answer = quan.client.request(one.method, one.address, json=one.body, headers=quan.headers)
        answers[one.route] = answer.status_code
    assert {route: status for route, status in answers.items() if status < 400} == {}
    assert _lines(copied) == before
    assert quan.get("/directives/GS14-01").status_code == 200
