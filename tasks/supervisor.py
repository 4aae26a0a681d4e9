"""The processes of `dondoc up`: started in order, watched, restarted, ended together.

Children die with this process however it dies. Two of them never share a home.
"""

import fcntl
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ClassVar

import structlog

from tasks import child
from tasks.app import PULSE_FILE
from tasks.broker import BrokerAway, PrivateBroker
from workflow.errors import WorkflowError

log = structlog.get_logger(__name__)

BACKOFF_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_SECONDS = 30
"""A part that lived this long starts its back-off anew."""
HASTY_DEATHS = 5
"""A part that dies this often before everything was ready once will not do better the next time."""
PATIENCE_SECONDS = 25
WATCH_SECONDS = 0.1


class AlreadyRunning(WorkflowError):
    sentences: ClassVar[dict[str, str]] = {
        "vi": "Thư mục {home} đang được một tiến trình khác sử dụng ({holder}).",
        "en": "{home} is in use by another process ({holder}).",
    }


class PartFailed(WorkflowError):
    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không khởi động được: {part} ({why}).",
        "en": "Could not start: {part} ({why}).",
    }


@dataclass
class Part:
    """One child process: what to run, and how to see that it does its work."""

    name: str
    command: Sequence[object]
    env: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None
    """Asked until it answers 200; without it, the part touches the file named in DONDOC_PULSE_FILE."""
    pulse_seconds: float | None = None
    """A part whose pulse stops for so long hangs, and is killed."""
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    deaths: int = field(default=0, init=False)
    started: float = field(default=0, init=False)
    again_at: float = field(default=0, init=False)
    last_pulse: tuple[float, float] = field(default=(0, 0), init=False)
    """The file's time, and when it was seen to change, by a clock nobody can set."""

    def backoff(self) -> float:
        return _nth(self.deaths)


class Supervisor:
    """`migrate` runs once before anything starts; `broker` is the private one, or none.

    `output` takes what the parts print; without it, it goes where this process prints.
    """

    def __init__(
        self,
        home: Path,
        parts: Sequence[Part],
        *,
        broker: PrivateBroker | None = None,
        migrate: Callable[[], None] = lambda: None,
        cwd: Path | None = None,
        output: IO[bytes] | None = None,
    ) -> None:
        self.home = home
        self.parts = parts
        self.broker = broker
        self.migrate = migrate
        self.cwd = cwd
        self.output = output
        self.asked_to_stop = threading.Event()
        self.was_ready = threading.Event()
        self.lock: IO[str] | None = None
        self.broker_again_at = 0.0
        self.broker_failures = 0

    def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises AlreadyRunning, or PartFailed when a part never comes up."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.asked_to_stop.set())
        self.serve()

    def serve(self) -> None:
        """Starts, watches and ends everything in the calling thread; `asked_to_stop` ends it."""
        self.lock = hold(self.home)
        try:
            self.migrate()
            self._start()
            while not self.asked_to_stop.wait(WATCH_SECONDS):
                self._watch()
        finally:
            self._shut_down()
            self.lock.close()

    @contextmanager
    def running(self, patience: float = 60) -> Iterator["Supervisor"]:
        """The same in a thread of its own, for a caller with work to do meanwhile; ready on entry."""
        failure: list[WorkflowError] = []

        def serve() -> None:
            try:
                self.serve()
            except WorkflowError as error:
                failure.append(error)

        thread = threading.Thread(target=serve, name="supervisor")
        thread.start()
        try:
            self._wait_until_ready(thread, time.monotonic() + patience)
            if not failure:
                yield self
        finally:
            self.asked_to_stop.set()
            thread.join()
        if failure:
            raise failure[0]

    def wait_until_ready(self, patience: float = 60) -> bool:
        return self.was_ready.wait(patience)

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """The child of that name, the broker included."""
        if name == "broker" and self.broker and self.broker.process:
            return self.broker.process
        return next(part.process for part in self.parts if part.name == name and part.process)

    def _wait_until_ready(self, thread: threading.Thread, until: float) -> None:
        while thread.is_alive() and not self.was_ready.wait(WATCH_SECONDS):
            if time.monotonic() > until:
                raise PartFailed(part=", ".join(self._not_ready()), why="time-out")

    def _start(self) -> None:
        _folder(self.home / "run")
        if self.broker:
            self._start_broker(self.broker)
        for part in self.parts:
            self._spawn(part)

    def _start_broker(self, broker: PrivateBroker) -> None:
        """A broker that does not come up delays mails by a poll; it stops nothing."""
        try:
            broker.start()
            self.broker_failures = 0
        except BrokerAway as error:
            self.broker_failures += 1
            self.broker_again_at = time.monotonic() + _nth(self.broker_failures)
            log.warning("broker_did_not_start", why=str(error))
            if self.broker_failures % 3 == 0:
                broker.forget()

    def _spawn(self, part: Part) -> None:
        self._pulse_file(part).unlink(missing_ok=True)
        env = {**os.environ, **part.env, PULSE_FILE: str(self._pulse_file(part))}
        # when we are killed there is no good order left, and a worker without its broker would wait for it
        part.process = child.spawn(
            part.command, env=env, cwd=self.cwd, output=self.output, death_signal=signal.SIGKILL
        )
        part.started = time.monotonic()

    def _pulse_file(self, part: Part) -> Path:
        return self.home / "run" / f"{part.name}.pulse"

    def _watch(self) -> None:
        if self.broker:
            self._watch_broker(self.broker)
        for part in self.parts:
            self._watch_part(part)
        if not self.was_ready.is_set() and not self._not_ready():
            self.was_ready.set()

    def _watch_broker(self, broker: PrivateBroker) -> None:
        gone = broker.process is None or broker.process.poll() is not None
        if gone and time.monotonic() >= self.broker_again_at:
            log.warning("broker_ended")
            self._start_broker(broker)

    def _watch_part(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is None:
            if now >= part.again_at:
                self._spawn(part)
            return
        if self._hangs(part, now):
            log.warning("part_hangs", part=part.name)
            part.process.kill()
            part.process.wait()
        status = part.process.poll()
        if status is not None:
            child.end_group(part.process)
            part.deaths = 1 if now - part.started > STEADY_SECONDS else part.deaths + 1
            part.again_at = now + part.backoff()
            part.process = None
            log.warning("part_ended", part=part.name, status=status, again_in=part.backoff())
            self._give_up_if_hopeless(part, status)

    def _hangs(self, part: Part, now: float) -> bool:
        if part.pulse_seconds is None or not self._pulse_file(part).exists():
            return False
        beaten = self._pulse_file(part).stat().st_mtime
        if beaten != part.last_pulse[0]:
            part.last_pulse = (beaten, now)
        return now - part.last_pulse[1] > part.pulse_seconds

    def _give_up_if_hopeless(self, part: Part, status: int) -> None:
        if part.deaths >= HASTY_DEATHS and not self.was_ready.is_set():
            raise PartFailed(part=part.name, why=f"exit {status}")

    def _not_ready(self) -> list[str]:
        return [part.name for part in self.parts if not self._is_ready(part)]

    def _is_ready(self, part: Part) -> bool:
        if part.process is None or part.process.poll() is not None:
            return False
        return _answers(part.ready_url) if part.ready_url else self._pulse_file(part).exists()

    def _shut_down(self) -> None:
        """All parts are asked at once, in reverse; the broker goes last."""
        running = [part.process for part in reversed(self.parts) if part.process]
        for process in running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + PATIENCE_SECONDS
        for process in running:
            child.stop(process, max(0.1, until - time.monotonic()))
        if self.broker:
            self.broker.stop()


def hold(home: Path) -> IO[str]:
    """The lock of a home, as long as the answer stays open; the system drops it when the process dies."""
    _folder(home)
    lock = (home / "lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        raise AlreadyRunning(home=home, holder=f"pid {holder}") from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _nth(failure: int) -> float:
    return BACKOFF_SECONDS[min(failure, len(BACKOFF_SECONDS)) - 1]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
