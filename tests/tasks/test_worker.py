"""A real worker on a real broker, both killed at will."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery

from tasks import child
from tasks.app import Bell, configuration
from tasks.worker import worker_command, worker_environment
from tests.servers.redis import RedisServer
from tests.servers.waiting import eventually

pytestmark = pytest.mark.timeout(300)  # real processes, on a machine that may be busy

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    def __init__(self, broker: str, folder: Path) -> None:
        self.folder = folder
        self.marks_file = folder / "marks"
        self.ready = folder / "ready"
        self.environment = {
            **worker_environment(),
            "DONDOC_BROKER_URL": broker,
            "DONDOC_PULSE_FILE": str(self.ready),
            "DONDOC_HOME": str(folder),
            "MARKS": str(self.marks_file),
            "SOFT_SHUTDOWN": "1",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(self) -> None:
        self.ready.unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            command = worker_command(2, "tests.tasks.marking")
            self.process = child.spawn(command, cwd=ROOT, env=self.environment, output=log)

    def start(self) -> None:
        self.spawn()
        eventually(self.ready.exists, self.log)

    def marks(self) -> list[str]:
        return self.marks_file.read_text().splitlines() if self.marks_file.exists() else []

    def has(self, mark: str) -> Callable[[], bool]:
        return lambda: mark in self.marks()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def pool(self) -> list[int]:
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]


@pytest.fixture
def worker(redis_server: RedisServer, tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(redis_server.url, tmp_path)
    yield worker
    if worker.process is not None:
        child.stop(worker.process, 15)


@pytest.fixture
def publisher(redis_server: RedisServer) -> Iterator[Celery]:
    with Celery("publisher", set_as_current=False) as app:
        app.conf.update(configuration(redis_server.url, "Asia/Ho_Chi_Minh"))
        yield app


def ring(publisher: Celery, *words: str) -> None:
    for word in words:
        publisher.send_task("test.mark", kwargs={"word": word})


def test_a_worker_outlives_its_broker_again_and_again(
    worker: Worker, publisher: Celery, redis_server: RedisServer
) -> None:
    worker.start()
    assert worker.process is not None
    for life in range(4):
        publisher.send_task("test.slow", kwargs={"word": f"slow {life}", "seconds": 0.6})
        eventually(worker.has(f"begin slow {life}"), worker.log)
        redis_server.kill()
        redis_server.start()
        ring(publisher, f"after {life}")
        eventually(worker.has(f"after {life}"), worker.log)
    assert worker.process.poll() is None, worker.log()


def test_a_worker_started_before_its_broker_waits_for_it(
    worker: Worker, publisher: Celery, redis_server: RedisServer
) -> None:
    redis_server.kill()
    worker.spawn()
    eventually(lambda: "Trying again" in worker.log(), worker.log)
    redis_server.start()
    ring(publisher, "at last")
    eventually(lambda: worker.marks() == ["at last"], worker.log)


def test_a_task_of_a_killed_process_comes_back(worker: Worker, publisher: Celery) -> None:
    worker.start()
    publisher.send_task("test.slow", kwargs={"word": "stubborn", "seconds": 1.5})
    eventually(lambda: worker.marks() == ["begin stubborn"], worker.log)
    for pid in worker.pool():
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: "end stubborn" in worker.marks(), worker.log)
    assert worker.marks() == ["begin stubborn", "begin stubborn", "end stubborn"]


def test_the_tasks_of_a_killed_worker_come_back_to_the_next_one(worker: Worker, publisher: Celery) -> None:
    worker.start()
    assert worker.process is not None
    publisher.send_task("test.slow", kwargs={"word": "orphan", "seconds": 3})
    eventually(lambda: worker.marks() == ["begin orphan"], worker.log)
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    worker.start()
    eventually(lambda: "end orphan" in worker.marks(), worker.log, seconds=60)
    assert worker.marks() == ["begin orphan", "begin orphan", "end orphan"]


def test_a_worker_asked_to_stop_gives_back_what_it_cannot_finish(
    worker: Worker, publisher: Celery, redis_server: RedisServer
) -> None:
    worker.start()
    assert worker.process is not None
    publisher.send_task("test.slow", kwargs={"word": "long", "seconds": 30})
    eventually(lambda: worker.marks() == ["begin long"], worker.log)
    asked = time.monotonic()
    worker.process.send_signal(signal.SIGTERM)
    worker.process.wait(20)
    assert time.monotonic() - asked < 10
    with redis_server.client() as client:
        assert client.llen("dondoc:mail") + client.hlen("dondoc:unacked") >= 1


def test_a_worker_that_lives_has_a_pulse(worker: Worker) -> None:
    worker.start()
    first = worker.ready.stat().st_mtime_ns
    eventually(lambda: worker.ready.stat().st_mtime_ns > first, worker.log, seconds=10)


def test_only_json_is_understood(worker: Worker, publisher: Celery) -> None:
    worker.start()
    publisher.send_task("test.mark", kwargs={"word": "pickled"}, serializer="pickle")
    ring(publisher, "plain")
    eventually(lambda: "plain" in worker.marks(), worker.log)
    assert worker.marks() == ["plain"]


def test_a_bell_nobody_hears_costs_no_time_and_no_error(tmp_path: Path) -> None:
    with Celery("publisher", set_as_current=False) as app:
        app.conf.update(configuration(f"redis+socket://{tmp_path}/none.sock?virtual_host=0", "UTC"))
        bell = Bell(app)
        began = time.monotonic()
        heard = [bell.ring("dondoc.deliver") for _ in range(100)]
        assert not any(heard)
        assert time.monotonic() - began < 3


def test_a_bell_rings_again_once_the_broker_is_back(redis_server: RedisServer, publisher: Celery) -> None:
    bell = Bell(publisher)
    assert bell.ring("dondoc.deliver")
    redis_server.kill()
    assert not bell.ring("dondoc.deliver")
    redis_server.start()
    bell.away_until = 0
    assert bell.ring("dondoc.sweep", night="2026-08-21")
    with redis_server.client() as client:
        assert (client.llen("dondoc:sweep"), client.llen("dondoc:mail")) == (1, 1)


def test_the_application_is_ready_to_import_without_any_setting(tmp_path: Path) -> None:
    code = "import tasks.app as t; print(t.app.conf.broker_url); print(t.app.conf.accept_content)"
    environment = {**os.environ, "DONDOC_HOME": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines() == [f"redis+socket://{tmp_path}/broker.sock?virtual_host=0", "['json']"]
