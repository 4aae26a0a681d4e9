"""I16: with any one part dead, each of the three doors for machines says its own; with none, all of them are content."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from config.database import writing
from config.instant import real_now
from tasks import nights
from tests.web.house import House
from tests.world import at
from web.app import create_app
from workflow import channel

DAY = date(2026, 8, 21)


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    """Every part works, and worked a moment ago."""
    house = House(engine, tmp_path)
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.nights(DAY)
    nights.beat(engine, "clock", real_now())
    return house


def ready(house: House) -> dict[str, Any]:
    answer = house.browser().get("/readyz")
    assert answer.status_code == 200
    return dict(answer.json())


def troubles(house: House) -> list[str]:
    answer = house.browser().get("/wellz")
    names = [one["name"] for one in answer.json()["troubles"]]
    assert answer.status_code == (503 if names else 200)
    return names


def measured(house: House, name: str) -> float:
    answer = house.browser().get("/metrics")
    assert answer.status_code == 200
    found = re.search(rf"^{re.escape(name)} (\S+)$", answer.text, re.MULTILINE)
    assert found is not None, name
    return float(found[1])


CLOCK_AGE = 'dondoc_heartbeat_age_seconds{part="clock"}'


def test_with_every_part_alive_all_three_are_content(house: House) -> None:
    assert troubles(house) == []
    assert ready(house)["mail"] == {"stopped_since": None}
    assert measured(house, CLOCK_AGE) < 180
    assert measured(house, "dondoc_messages_waiting") == 0
    assert measured(house, "dondoc_mail_stopped_seconds") == 0
    assert measured(house, "dondoc_sweep_age_seconds") < 86400


def test_a_dead_clock_is_an_old_sign_of_life(house: House) -> None:
    died = real_now() - timedelta(minutes=4)
    nights.beat(house.engine, "clock", died)
    assert troubles(house) == ["silent"]
    assert ready(house)["heartbeats"] == {"clock": died.isoformat()}
    assert measured(house, CLOCK_AGE) >= 240


def test_a_clock_that_is_dead_for_nights_is_a_missing_night(house: House) -> None:
    house.today(DAY + timedelta(days=3), hour=7)
    assert troubles(house) == ["night_missing"]
    assert ready(house)["last_sweep"].startswith("2026-08-2")
    assert measured(house, "dondoc_sweep_age_seconds") > 2 * 86400


def test_a_dead_worker_is_mail_that_waits(house: House) -> None:
    house.world.issue("GS14-02", date(2026, 9, 30))
    house.today(DAY, hour=10)
    assert troubles(house) == ["mail_late"]
    assert measured(house, "dondoc_messages_waiting") > 0


def test_a_stopped_mail_channel_is_told_by_name_and_age(house: House) -> None:
    with writing(house.engine) as db:
        channel.stop(db, at=at(DAY, 8), on=DAY, response="535 no", needs_operator=True)
    house.world.issue("GS14-02", date(2026, 9, 30))
    house.today(DAY, hour=10)
    assert ready(house)["mail"] == {"stopped_since": at(DAY, 8).isoformat()}
    assert measured(house, "dondoc_mail_stopped_seconds") == 7200
    assert troubles(house) == ["mail_late"]


def test_a_dead_redis_stops_no_page_and_no_alarm(house: House) -> None:
    """It carries no duty: limits are counted by each process alone, and work is found in the database."""
    alone = house.settings.model_copy(update={"broker_url": "redis://127.0.0.1:1/0"})
    house.app = create_app(alone, house.engine)
    assert troubles(house) == []
    assert ready(house)["ready"] is True
    assert measured(house, "dondoc_messages_waiting") == 0
    assert house.enter("ada").get("/nhiem-vu").status_code == 200
