"""Small print of the protocol: what is published when, what a lock outlives, what a night is, who refuses."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import Engine, text

from config import schema
from config.database import open_database, reading
from config.schema import SchemaBehind
from config.settings import Settings
from tasks import jobs, nights
from tasks.app import Bell, bell, configuration
from tests.servers.redis import RedisServer
from tests.world import World, at
from workflow import outbox
from workflow.models.message import Message

NIGHT = date(2026, 9, 11)


@pytest.fixture
def installed(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The jobs of a worker, on a small world whose clock stands at half past one."""
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.deliver()
    (tmp_path / "clock").write_text(at(NIGHT, 1, 30).isoformat())
    settings = Settings(home=tmp_path, clock_file=tmp_path / "clock", smtp_url=f"mailbox:{tmp_path}/box")
    monkeypatch.setattr(jobs, "settings", lambda: settings)
    monkeypatch.setattr(jobs, "engine", lambda: engine)
    return world


def test_the_bell_rings_when_what_it_rings_for_is_committed(
    installed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []

    def ring(job: str, **arguments: str) -> bool:
        with reading(installed.engine) as db:
            waiting.append(outbox.waiting(db))
        return True

    monkeypatch.setattr(bell, "ring", ring)
    jobs.sweep_night(NIGHT.isoformat())
    assert waiting == [1]


def test_a_ring_carries_no_hour_to_run_at(redis_server: RedisServer) -> None:
    """What waits in a worker for its hour is lost or run many times; hours live in the database."""
    with Celery("publisher", set_as_current=False) as app:
        app.conf.update(configuration(redis_server.url, "UTC"))
        assert Bell(app).ring("dondoc.sweep", night="2026-09-11")
        assert Bell(app).ring("dondoc.deliver")
    with redis_server.client() as client:
        rung = [
            json.loads(each)
            for queue in ("sweep", "mail")
            for each in client.lrange(f"dondoc:{queue}", 0, -1)
        ]
    assert len(rung) == 2
    assert {one["headers"]["eta"] for one in rung} == {None}
    assert all(one["headers"]["expires"] for one in rung)


def test_no_lock_outlives_an_upgrade(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    schema.upgrade(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            held = connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
        assert held == 0
    schema.check(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("instant", "night"),
    [
        (datetime(2026, 9, 10, 18, 29, tzinfo=UTC), date(2026, 9, 10)),
        (datetime(2026, 9, 10, 18, 30, tzinfo=UTC), date(2026, 9, 11)),
        (datetime(2026, 12, 31, 18, 30, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 18, 30, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_a_night_begins_by_the_clock_of_the_delegations_zone(
    tmp_path: Path, instant: datetime, night: date
) -> None:
    assert nights.last_night_due(Settings(home=tmp_path), instant) == night


@pytest.mark.parametrize("job", [jobs.sweep_night, jobs.deliver], ids=lambda job: job.name)
def test_a_worker_refuses_a_database_of_another_release(installed: World, job: object) -> None:
    with installed.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    before = installed.rows(Message)
    with pytest.raises(SchemaBehind, match="0003"):
        job()  # type: ignore[operator]
    assert installed.rows(Message) == before
