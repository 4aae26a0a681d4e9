"""One run of each rival over the same night: the product's senders, ready bytes on a socket, the plain design."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.province import NIGHT
from bench.relay import Sink, pour, taken
from bench.spent import on_cpu
from config.instant import set_now
from tasks import child
from tests.servers.redis import RedisServer

AT_EIGHT = datetime(2026, 9, 17, 1, 30, tzinfo=UTC)
PLAIN_MAILS = 300
"""The plain design is timed over its first mails and their share of its sweep: it would take minutes."""
CELERY = ("-m", "celery", "-A", "bench.plain", "worker", "-P", "solo", "-l", "ERROR", "--without-gossip",
          "--without-mingle", "--without-heartbeat")  # fmt: skip


@dataclass(frozen=True)
class Run:
    """`cpu`: seconds of those that hand the mails over, without the database and the relay."""

    mails: int
    seconds: float
    cpu: float
    mib: int = 0


def drained(url: str, relay: Sink, folder: Path, workers: int) -> Run:
    """From the word go to the end of the last sender."""
    environment = _environment(url, relay, folder)
    senders = [_sender(environment) for _ in range(workers)]
    for sender in senders:
        assert sender.stdout is not None
        assert sender.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("go\n")
        sender.stdin.flush()
    said = [json.loads(sender.communicate()[0]) for sender in senders]
    seconds = time.perf_counter() - began
    assert all(one["others"] == 0 for one in said), said
    return Run(
        sum(one["sent"] for one in said), seconds, sum(one["cpu"] for one in said),
        max(one["mib"] for one in said),
    )  # fmt: skip


def _environment(url: str, relay: Sink, folder: Path) -> dict[str, str]:
    set_now(folder / "clock", AT_EIGHT)
    home = folder / "home"
    with suppress(FileNotFoundError):
        (home / "sent.jsonl").unlink()  # of a copy of the night that is gone
    return {
        **os.environ, "DONDOC_DATABASE_URL": url, "DONDOC_SMTP_URL": relay.url, "DONDOC_HOME": str(home),
        "DONDOC_CLOCK_FILE": str(folder / "clock"), "DONDOC_LOG_LEVEL": "ERROR",
    }  # fmt: skip


def _sender(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bench.drain_worker"], env=environment, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip


def poured(relay: Sink, mails: Sequence[bytes]) -> Run:
    cpu = time.process_time()
    seconds = pour(relay, mails)
    return Run(len(mails), seconds, time.process_time() - cpu)


def plainly(url: str, relay: Sink) -> Run:
    """One worker process; what it takes to start is not counted, nor is that of its sweep."""
    with _broker() as broker:
        environment = {
            **os.environ, "PLAIN_DATABASE_URL": url, "PLAIN_BROKER_URL": broker.url,
            "PLAIN_SMTP_HOST": relay.host, "PLAIN_SMTP_PORT": str(relay.port), "PLAIN_SMTP_SCHEME": relay.scheme,
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.plain", NIGHT.isoformat()]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        swept = json.loads(said.stdout)
        assert swept["published"] > PLAIN_MAILS, "too few mails to time the plain design"
        share = PLAIN_MAILS / swept["published"]
        with _worker(environment) as worker:
            seconds, cpu = _first_mails(worker, relay)
    return Run(PLAIN_MAILS, seconds + share * swept["seconds"], cpu + share * swept["cpu"])


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with tempfile.TemporaryFile() as said:
        worker = child.spawn([sys.executable, *CELERY], env=environment, output=said)
        try:
            yield worker
        finally:
            child.stop(worker, 0)


def _first_mails(worker: "subprocess.Popen[bytes]", relay: Sink) -> tuple[float, float]:
    """Seconds and CPU from one mail to the PLAIN_MAILSth after it."""
    first = _reached(worker, relay, taken(relay) + 1)
    began, cpu = time.perf_counter(), on_cpu(worker.pid)
    last = _reached(worker, relay, first + PLAIN_MAILS)
    share = PLAIN_MAILS / (last - first)
    return share * (time.perf_counter() - began), share * (on_cpu(worker.pid) - cpu)


def _reached(worker: "subprocess.Popen[bytes]", relay: Sink, count: int) -> int:
    while (now := taken(relay)) < count:
        assert worker.poll() is None, "the plain worker ended"
        time.sleep(0.02)
    return now


@contextmanager
def _broker() -> Iterator[RedisServer]:
    redis = RedisServer()
    try:
        redis.start()
        yield redis
    finally:
        redis.remove()
