import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from apscheduler.events import EVENT_JOB_ERROR, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler

from config.instant import set_now
from config.settings import Settings
from tasks import clock
from tasks.clock import Complaints, prepared, reschedule, timetable
from tasks.nights import last_night_due
from tests.servers.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Bells:
    def __init__(self) -> None:
        self.rung: list[tuple[str, object]] = []

    def ring(self, job: str, **arguments: object) -> bool:
        self.rung.append((job, arguments.get("night")))
        return True


def jobs(
    settings: Settings, bells: Bells, missing: Callable[[date], bool] = lambda _: True
) -> dict[str, clock.Job]:
    table = timetable(settings, night_is_missing=missing, beat=lambda: None, ring=bells.ring)
    return {job.name: job for job in table}


def test_the_table_says_what_rings_when(tmp_path: Path) -> None:
    table = jobs(Settings(home=tmp_path), Bells())
    midnight = datetime(2026, 8, 21, tzinfo=HANOI)
    first = {name: job.trigger.get_next_fire_time(None, midnight) for name, job in table.items()}
    assert first["nightly sweep"] == datetime(2026, 8, 21, 1, 30, tzinfo=HANOI)
    assert first["housekeeping"] == datetime(2026, 8, 21, 3, 15, tzinfo=HANOI)
    assert {
        name: job.trigger.interval.total_seconds() for name, job in table.items() if name not in DAILY
    } == {
        "catch-up": 5,
        "delivery poll": 5,
        "seal": 60,
        "alarm": 300,
        "reports": 900,
        "heartbeat": 30,
        "webhooks": 5,
        "ledger audit": 1200,
    }
    assert all(job.why for job in table.values())


DAILY = {"nightly sweep", "housekeeping", "calendar watch"}


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (datetime(2026, 2, 16, 18, 29, 59, tzinfo=UTC), date(2026, 2, 16)),
        (datetime(2026, 2, 16, 18, 30, tzinfo=UTC), date(2026, 2, 17)),
        (datetime(2026, 2, 17, 16, 59, tzinfo=UTC), date(2026, 2, 17)),
        (datetime(2026, 2, 17, 17, 0, tzinfo=UTC), date(2026, 2, 17)),
        (datetime(2028, 2, 29, 18, 30, tzinfo=UTC), date(2028, 3, 1)),
    ],
)
def test_a_night_is_due_from_its_local_sweep_hour(at: datetime, night: date, tmp_path: Path) -> None:
    assert last_night_due(Settings(home=tmp_path), at) == night


def test_each_local_date_has_one_night_whatever_the_zone_does_to_its_clocks(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, timezone=ZoneInfo("Europe/Berlin"), sweep_at=time_of_day(2, 30))
    minutes = [datetime(2026, 3, 27, tzinfo=UTC) + timedelta(minutes=m) for m in range(5 * 1440)]
    nights = [last_night_due(settings, at) for at in minutes]
    assert nights == sorted(nights)
    assert set(nights) == {date(2026, 3, 26) + timedelta(days=n) for n in range(6)}


def test_a_missed_night_is_rung_for_by_the_clock_of_the_product(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    set_now(file, datetime(2026, 8, 21, 1, 31, tzinfo=HANOI))
    bells = Bells()
    swept: set[date] = set()
    table = jobs(Settings(home=tmp_path, clock_file=file), bells, lambda night: night not in swept)
    table["catch-up"].what()
    swept.add(date(2026, 8, 21))
    table["catch-up"].what()
    set_now(file, datetime(2026, 9, 1, 1, 29, tzinfo=HANOI))
    table["catch-up"].what()
    assert bells.rung == [("dondoc.sweep", "2026-08-21"), ("dondoc.sweep", "2026-08-31")]


def test_an_unanswered_question_about_the_night_ends_nothing(tmp_path: Path) -> None:
    """The database is away for the first three questions."""
    asked: list[date] = []

    def missing(night: date) -> bool:
        asked.append(night)
        if len(asked) < 4:
            raise ConnectionError("away")
        return True

    settings = Settings(home=tmp_path, poll_seconds=0.05)
    bells = Bells()
    table = timetable(settings, night_is_missing=missing, beat=lambda: None, ring=bells.ring)
    scheduler = prepared(BackgroundScheduler, settings, table)
    scheduler.start()
    eventually(lambda: any(job == "dondoc.sweep" for job, _ in bells.rung))
    scheduler.shutdown()
    assert len(asked) >= 4


def test_a_wall_clock_set_back_does_not_silence_the_polls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, poll_seconds=0.05)
    bells = Bells()
    table = timetable(settings, night_is_missing=lambda _: False, beat=lambda: None, ring=bells.ring)
    scheduler = prepared(BackgroundScheduler, settings, table)
    scheduler.start()
    ahead = datetime.now(UTC) + timedelta(hours=1)
    for job in table:
        scheduler.modify_job(job.name, next_run_time=ahead)
    bells.rung.clear()
    reschedule(scheduler, table)
    eventually(lambda: ("dondoc.deliver", None) in bells.rung)
    scheduler.shutdown()


def test_the_same_complaint_is_made_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    at = [0.0]
    monkeypatch.setattr(clock, "monotonic", lambda: at[0])
    monkeypatch.setattr(clock.log, "warning", lambda event, **_: said.append(event))
    complaints = Complaints()
    for second in range(125):
        at[0] = float(second)
        complaints.hear(JobEvent(EVENT_JOB_ERROR, "alarm", "default"))
    assert said == ["job_failed"] * 3


RUN = """
import sys
from pathlib import Path
from config.settings import load_settings
from tasks.clock import run_clock
beats = Path(sys.argv[1])
run_clock(load_settings(), night_is_missing=lambda night: True, beat=beats.touch)
"""


def test_the_clock_process_lives_without_a_broker_and_ends_when_asked(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    environment = {
        **os.environ,
        "DONDOC_HOME": str(tmp_path),
        "DONDOC_BROKER_URL": "redis://127.0.0.1:1/0",
        "DONDOC_POLL_SECONDS": "0.1",
        "DONDOC_PULSE_FILE": str(ready),
    }
    command = [sys.executable, "-c", RUN, str(tmp_path / "beat")]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
    try:
        eventually(ready.exists)
        eventually(lambda: "broker_away" in (tmp_path / "log").read_text())
        assert process.poll() is None
        assert (tmp_path / "beat").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        status = process.wait(10)
    assert status == 0
    assert (tmp_path / "log").read_text().count("broker_away") == 1


def test_mail_that_comes_in_is_looked_for_only_where_a_mailbox_is_named(tmp_path: Path) -> None:
    bells = Bells()
    assert "inbound mail" not in jobs(Settings(home=tmp_path), bells)
    named = Settings(home=tmp_path, imap_url="imaps://tra-loi:mat-khau@imap.example")
    job = jobs(named, bells)["inbound mail"]
    assert job.trigger.interval == timedelta(minutes=1)
    job.what()
    assert bells.rung == [("dondoc.receive", None)]
