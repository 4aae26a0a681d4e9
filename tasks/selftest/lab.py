"""A rig of real processes around one database: a relay that keeps what it is given, and senders to be killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import col

from config import schema
from config.database import open_database, reading
from config.instant import read_instant, set_now
from tasks import child
from tasks.selftest import population
from workflow.errors import WorkflowError
from workflow.models.message import Message, MessageStatus

START_SECONDS = 60.0
TICK_SECONDS = 0.1
BROKER = "memory://"


class LabFailed(WorkflowError):
    sentences = {
        "vi": "Không dựng được phòng thử: {why}",
        "en": "The lab could not be set up: {why}",
    }


def wait_for(holds: Callable[[], bool], why: str, seconds: float = START_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise LabFailed(why=why)
        time.sleep(0.02)


@dataclass
class Lab:
    """`speed`: how many seconds the product's clock moves in one of ours, so that back-offs pass quickly."""

    home: Path
    database_url: str
    lease: float = 6.0
    speed: float = 60.0
    processes: list["subprocess.Popen[bytes] | subprocess.Popen[str]"] = field(default_factory=list)

    @cached_property
    def engine(self) -> Engine:
        return open_database(self.database_url)

    @property
    def clock(self) -> Path:
        return self.home / "clock"

    @property
    def rules(self) -> Path:
        return self.home / "relay" / "rules.json"

    def faults(self, *faults: dict[str, Any]) -> None:
        """What the relay does wrong from now on."""
        draft = self.rules.with_suffix(".draft")
        draft.write_text(json.dumps(faults), encoding="utf-8")
        os.replace(draft, self.rules)

    def journal(self) -> list[dict[str, Any]]:
        path = self.home / "relay" / "journal.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def mail(self, entry: dict[str, Any]) -> bytes:
        return (self.home / "relay" / str(entry["file"])).read_bytes()

    def now(self) -> datetime:
        return read_instant(self.clock)

    def set_now(self, instant: datetime) -> None:
        set_now(self.clock, instant)

    @contextmanager
    def time_passes(self) -> Iterator[None]:
        stop = threading.Event()

        def tick() -> None:
            while not stop.wait(TICK_SECONDS):
                self.set_now(self.now() + timedelta(seconds=TICK_SECONDS * self.speed))

        ticking = threading.Thread(target=tick, name="lab clock")
        ticking.start()
        try:
            yield
        finally:
            stop.set()
            ticking.join()

    def open_messages(self) -> int:
        waiting = col(Message.status).in_([MessageStatus.PENDING, MessageStatus.SENDING])
        with reading(self.engine) as db:
            return db.scalar(select(func.count()).select_from(Message).where(waiting)) or 0

    def start_relay(self, port: int = 0) -> int:
        folder = self.home / "relay"
        (folder / "address").unlink(missing_ok=True)
        options: list[object] = ["--folder", folder, "--rules", self.rules, "--port", port]
        with (self.home / "relay.log").open("ab") as log:
            self.relay = child.spawn(
                [sys.executable, "-m", "tasks.mailbox_server", *options], env=self.environment(), output=log
            )
        self.processes.append(self.relay)
        wait_for((folder / "address").exists, "the relay does not listen")
        return int((folder / "address").read_text().rpartition(":")[2])

    def environment(self, **more: str) -> dict[str, str]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
        return {
            **bare,
            "DONDOC_HOME": str(self.home),
            "DONDOC_DATABASE_URL": self.database_url,
            "DONDOC_BROKER_URL": BROKER,
            "DONDOC_CLOCK_FILE": str(self.clock),
            "DONDOC_LOG_LEVEL": "ERROR",
            **more,
        }

    def nursery(self, port: int, *, log: Path | None = None, **more: str) -> "Nursery":
        """`more` is added to its environment."""
        relay = f"smtp://127.0.0.1:{port}?starttls=never"
        environment = self.environment(DONDOC_SMTP_URL=relay, **more)
        started = Nursery(environment, log or self.home / "nursery.log", self.lease)
        self.processes.append(started.process)
        return started

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
        self.engine.dispose()


class Nursery:
    """The other end of `tasks.selftest.nursery`."""

    def __init__(self, environment: dict[str, str], log: Path, lease: float) -> None:
        command = [sys.executable, "-m", "tasks.selftest.nursery", "--lease", str(lease)]
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, env=environment, text=True, stderr=errors,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        self.over: dict[int, int] = {}

    def fork(self, deed: str, **order: Any) -> int:
        """`failpoint`, `night` and the rest go to the child; answers its process id."""
        return int(self._ask({"do": deed, **order})["pid"])

    def ended(self) -> dict[int, int]:
        """Exit status of every child that has ended so far; negative: the signal that ended it."""
        found = self._ask({"do": "ended"})["ended"]
        self.over |= {int(pid): int(status) for pid, status in found.items()}
        return self.over

    def wait(self, *pids: int, seconds: float = 60) -> list[int]:
        wait_for(lambda: set(pids) <= self.ended().keys(), "a child does not end", seconds)
        return [self.over[pid] for pid in pids]

    def kill(self, pid: int) -> None:
        """Raises LabFailed for a child that ended by itself: nothing but a signal may end a sender."""
        if pid not in self.ended():
            os.kill(pid, signal.SIGKILL)
        (status,) = self.wait(pid)
        if status != -signal.SIGKILL:
            raise LabFailed(why=f"a child ended by itself ({status}); nursery.log says why")

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise LabFailed(why="the nursery ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def laboratory(
    home: Path, database_url: str, agencies: int, *, lease: float = 6.0, due: Sequence[date] = population.DUE
) -> Iterator[Lab]:
    """An empty database is filled; the clock stands at 08:00 of the night to be told about."""
    (home / "relay").mkdir(parents=True, exist_ok=True)
    lab = Lab(home, database_url, lease)
    try:
        schema.upgrade(lab.engine)
        population.populate(lab.engine, agencies, due)
        lab.set_now(population.local(population.NIGHT, 8))
        yield lab
    finally:
        lab.close()
