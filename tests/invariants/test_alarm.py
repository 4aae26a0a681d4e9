"""I16: whichever part dies, somebody hears of it: on the pages, over /wellz, and by a mail route of his own."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from config.database import writing
from config.instant import real_now
from notifications import identity
from notifications.smtp import parse_channel
from tasks import jobs, nights
from tasks.lookout import REMIND_AFTER, Lookout
from tests.servers.smtp import SmtpServer
from tests.web.house import House
from tests.world import at
from workflow import sending
from workflow.access import SYSTEM
from workflow.desk import Desk
from workflow.models.sweep_run import SweepRun

DAY = date(2026, 8, 21)


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    house = House(engine, tmp_path)
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.nights(DAY)
    return house


def found(house: House) -> list[str]:
    answer = house.browser().get("/wellz")
    names = [one["name"] for one in answer.json()["troubles"]]
    assert answer.status_code == (503 if names else 200)
    return names


def test_all_is_well_while_everything_works(house: House) -> None:
    nights.beat(house.engine, "clock", real_now())
    assert found(house) == []


def test_a_missing_night_shows_from_half_past_six(house: House) -> None:
    house.today(DAY + timedelta(days=3), hour=6)  # Monday; Saturday and Sunday were not swept either
    house.world.night(DAY + timedelta(days=2))
    house.world.deliver()
    assert found(house) == []
    house.today(DAY + timedelta(days=3), hour=7)
    assert found(house) == ["night_missing"]


def test_mail_that_waits_for_a_quarter_of_an_hour_shows(house: House) -> None:
    house.world.issue("GS14-02", date(2026, 9, 30))
    house.today(DAY, hour=10)
    assert found(house) == ["mail_late"]
    with writing(house.engine) as db:
        sending.pause(Desk(db, SYSTEM, at(DAY, 10)), "bảo trì")
    assert found(house) == []


def test_a_clock_that_died_shows_after_three_minutes(house: House) -> None:
    nights.beat(house.engine, "clock", real_now() - timedelta(minutes=2))
    assert found(house) == []
    nights.beat(house.engine, "clock", real_now() - timedelta(minutes=4))
    assert found(house) == ["silent"]


def test_a_night_that_was_not_looked_at_in_full_shows(house: House) -> None:
    with writing(house.engine) as db:
        db.execute(text("UPDATE sweep_run SET looked_at_count = open_count - 1"))
    assert found(house) == ["not_all_looked_at"]


def test_a_held_night_shows(house: House) -> None:
    with writing(house.engine) as db:
        db.execute(text("UPDATE sweep_run SET held_count = 3"))
    assert found(house) == ["held"]


def test_a_restored_copy_shows(house: House) -> None:
    identity.settle(house.engine, house.settings.home, at(DAY))
    assert found(house) == []
    identity.forgotten(house.settings.home)
    assert found(house) == ["muted"]


def test_a_lost_database_is_trouble_too(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("ALTER TABLE heartbeat RENAME TO gone"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = house.browser().get("/wellz")
    assert answer.status_code == 503
    assert answer.json()["well"] is False
    assert "0001" in answer.json()["why"]


@pytest.mark.parametrize(("who", "is_told"), [("ada", True), ("quan", True), ("ky", True), ("ben", False)])
def test_those_who_oversee_see_it_on_every_page(house: House, who: str, is_told: bool) -> None:
    nights.beat(house.engine, "clock", real_now() - timedelta(minutes=10))
    guest = house.enter(who)
    for path in ("/", "/nhiem-vu", "/toi"):
        assert ('role="alert"' in guest.page(path)) is is_told


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = self.server.answers  # type: ignore[attr-defined]
        self.server.asked += 1  # type: ignore[attr-defined]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    server.answers, server.asked = (200, b'{"well": true, "troubles": []}'), 0  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def lookout(site: HTTPServer, smtp_server: SmtpServer) -> Lookout:
    url = f"http://127.0.0.1:{site.server_port}/wellz"
    return Lookout(url, parse_channel(smtp_server.url), "watch@b.example", "truc@b.example")


NOW = at(DAY, 7)
SICK = (503, '{"well": false, "troubles": [{"name": "night_missing", "vi": "Đêm chưa quét"}]}'.encode())


def test_the_watcher_tells_once_again_after_six_hours_and_when_it_is_over(
    lookout: Lookout, site: HTTPServer, smtp_server: SmtpServer
) -> None:
    lookout.look(NOW)
    assert smtp_server.journal() == []
    healthy, site.answers = site.answers, SICK  # type: ignore[attr-defined]
    for minutes in (2, 4, 6):
        assert lookout.look(NOW + timedelta(minutes=minutes)) == ["Đêm chưa quét"]
    assert len(smtp_server.journal()) == 1
    lookout.look(NOW + timedelta(minutes=2) + REMIND_AFTER)
    assert len(smtp_server.journal()) == 2
    site.answers = healthy  # type: ignore[attr-defined]
    lookout.look(NOW + timedelta(hours=8))
    lookout.look(NOW + timedelta(hours=9))
    assert [entry["to"] for entry in smtp_server.journal()] == [["truc@b.example"]] * 3
    assert "bình thường" in smtp_server.journal()[-1]["subject"]


@pytest.mark.parametrize(
    "answer", [(500, b""), (404, b"<html>"), (200, b"<html>not ours</html>"), (502, b"Bad gateway")]
)
def test_an_answer_that_is_none_is_trouble(
    lookout: Lookout, site: HTTPServer, answer: tuple[int, bytes]
) -> None:
    site.answers = answer  # type: ignore[attr-defined]
    assert len(lookout.look(NOW)) == 1


def test_pages_that_are_gone_are_trouble_and_a_dead_relay_only_delays_the_word(
    lookout: Lookout, site: HTTPServer, smtp_server: SmtpServer
) -> None:
    lookout.url = "http://127.0.0.1:1/wellz"
    smtp_server.stop()
    assert len(lookout.look(NOW)) == 1
    smtp_server.start()
    lookout.look(NOW + timedelta(minutes=2))
    assert len(smtp_server.journal()) == 1


@pytest.mark.parametrize(
    ("harm", "calls"), [("", 1), ("UPDATE heartbeat SET at = '2026-01-01 00:00:00+00:00'", 0)]
)
def test_the_dead_man_url_hears_of_a_night_only_when_nothing_else_is_wrong(
    house: House, site: HTTPServer, monkeypatch: pytest.MonkeyPatch, harm: str, calls: int
) -> None:
    nights.beat(house.engine, "clock", real_now())
    with writing(house.engine) as db:
        if harm:
            db.execute(text(harm))
    url = f"http://127.0.0.1:{site.server_port}/"
    told = house.settings.model_copy(update={"deadman_url": url})
    monkeypatch.setattr(jobs, "settings", lambda: told)
    monkeypatch.setattr(jobs, "engine", lambda: house.engine)
    (run,) = [one for one in house.world.rows(SweepRun) if one.night_on == DAY]
    jobs.tell_deadman(run)
    assert site.asked == calls  # type: ignore[attr-defined]
