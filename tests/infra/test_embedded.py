"""`dondoc up` and its fallback, as somebody at a keyboard would start them."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tasks import child
from tests.servers.waiting import eventually

pytestmark = pytest.mark.timeout(300)  # real processes, on a machine that may be busy

DONDOC = Path(sys.executable).with_name("dondoc")


class Machine:
    def __init__(self, home: Path, **variables: str) -> None:
        self.home = home
        self.log_file = home.with_suffix(".log")
        bare = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
        self.environment = {**bare, "DONDOC_HOME": str(home), "DONDOC_POLL_SECONDS": "0.5", **variables}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as log:
            self.process = child.spawn(
                [DONDOC, *words], env=self.environment, cwd=self.home.parent, output=log
            )
        return self.process

    def log(self) -> str:
        return self.log_file.read_text()

    def swept(self) -> int:
        """How many nights are completed."""
        if not (self.home / "dondoc.db").exists():
            return 0
        with closing(sqlite3.connect(self.home / "dondoc.db", timeout=10)) as db:
            try:
                return int(
                    db.execute("SELECT count(*) FROM sweep_run WHERE status = 'completed'").fetchone()[0]
                )
            except sqlite3.OperationalError:
                return 0

    def forget_the_night(self) -> None:
        with closing(sqlite3.connect(self.home / "dondoc.db", timeout=10)) as db:
            db.execute("DELETE FROM sweep_run")
            db.commit()

    def processes(self) -> list[int]:
        """Whatever still runs with this home in its environment."""
        mark = f"DONDOC_HOME={self.home}".encode()
        return [
            pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if mark in _environment(pid)
        ]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return []


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path / "home")
    yield machine
    if machine.process is not None:
        child.stop(machine.process, 40)


def test_up_sweeps_a_night_survives_its_own_death_and_ends_in_good_order(machine: Machine) -> None:
    up = machine.start("up", "--no-pages")
    eventually(lambda: machine.swept() == 1, machine.log)
    assert len(machine.processes()) >= 5, "supervisor, broker, worker and its two processes, clock"

    second = subprocess.run(
        [DONDOC, "up", "--no-pages"],
        env=machine.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"pid {up.pid}" in second.stderr

    up.send_signal(signal.SIGKILL)
    up.wait()
    eventually(lambda: machine.processes() == [], machine.log, seconds=30)

    machine.forget_the_night()
    up = machine.start("up", "--no-pages")
    eventually(lambda: machine.swept() == 1, machine.log)
    up.send_signal(signal.SIGTERM)
    assert up.wait(40) == 0, machine.log()
    assert machine.processes() == []
    assert "Traceback" not in machine.log()


def test_without_any_broker_one_process_does_it_all(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "home", DONDOC_BROKER_URL="memory://")
    try:
        up = machine.start("up", "--no-pages")
        eventually(lambda: machine.swept() == 1, machine.log)
        assert len(machine.processes()) == 2
        up.send_signal(signal.SIGTERM)
        assert up.wait(40) == 0, machine.log()
    finally:
        assert machine.process is not None
        child.stop(machine.process, 40)
    assert machine.processes() == []
