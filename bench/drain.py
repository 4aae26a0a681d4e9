"""How fast do mails leave? `python -m bench.drain [--mails N]`

The outbox of one night is emptied by 1, 2 and 4 sender processes into a counting sink: on the loopback, with a
millisecond before each flight of replies, and over TLS. In the same run: the floor (ready bytes over a
pipelined socket) and the plain design (ORM loop, one task and one connection a mail).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench import province
from bench.databases import KINDS, Original, original
from bench.province import NIGHT, Size
from bench.relay import Sink, certificate, pour, sink
from bench.table import show
from config.database import open_database, writing
from config.instant import set_now
from tasks import child
from tests.servers.redis import RedisServer
from workflow.sweep.run import sweep

AT_NIGHT = datetime(2026, 9, 16, 18, 30, tzinfo=UTC)
AT_EIGHT = datetime(2026, 9, 17, 1, 30, tzinfo=UTC)
WORKERS = (1, 2, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mails", type=int, default=6000, help="about so many mails")
    parser.add_argument("--database", choices=KINDS, action="append")
    options = parser.parse_args()
    size = Size(options.mails, 1.0, agencies=2 * options.mails)
    rows = [row for kind in options.database or KINDS for row in _measured(kind, size)]
    show("drain", "Outbox to relay", rows)


def _measured(kind: str, size: Size) -> Iterator[dict[str, Any]]:
    with original(kind, partial(_swept, size=size)) as night, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pair = certificate(folder)
        with sink() as plain_sink:
            mails = _bytes_of(night, plain_sink, folder)
            seconds = pour(plain_sink, mails)
            floor = len(mails) / seconds
            yield _row(kind, "floor: ready bytes, pipelined", 1, len(mails), floor, floor)
            for workers in WORKERS if kind == "postgresql" else (1,):
                yield _drained(kind, "loopback", workers, night, plain_sink, folder, floor)
        with sink(latency_ms=1) as slow:
            yield _drained(kind, "1 ms a flight", 1, night, slow, folder, floor)
        with sink(tls=pair) as secret:
            yield _drained(kind, "TLS", 1, night, secret, folder, floor)
        if kind == "postgresql":
            with sink() as plain_sink:
                yield _plainly(night, plain_sink, floor)


def _swept(engine: Any, size: Size) -> None:
    province.fill(engine, size)
    sweep(partial(writing, engine), NIGHT, AT_NIGHT)


def _row(
    kind: str, what: str, workers: int, mails: int, rate: float, floor: float, **more: object
) -> dict[str, Any]:
    return {
        "database": kind, "what": what, "workers": workers, "mails": mails, "mails/s": rate,
        "of floor": rate / floor, **more,
    }  # fmt: skip


def _environment(url: str, relay: Sink, folder: Path) -> dict[str, str]:
    set_now(folder / "clock", AT_EIGHT)
    return {
        **os.environ, "DONDOC_DATABASE_URL": url, "DONDOC_SMTP_URL": relay.url, "DONDOC_HOME": str(folder / "home"),
        "DONDOC_CLOCK_FILE": str(folder / "clock"), "DONDOC_LOG_LEVEL": "ERROR",
    }  # fmt: skip


def _run(url: str, relay: Sink, folder: Path, workers: int) -> tuple[float, list[dict[str, Any]]]:
    """Seconds from the word go to the end of the last sender, and what each of them says."""
    senders = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.drain_worker"], env=_environment(url, relay, folder), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(workers)
    ]  # fmt: skip
    for sender in senders:
        assert sender.stdout is not None
        assert sender.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("go\n")
        sender.stdin.flush()
    reports = [json.loads(sender.communicate()[0]) for sender in senders]
    return time.perf_counter() - began, reports


def _bytes_of(night: Original, relay: Sink, folder: Path) -> list[bytes]:
    """Every mail of the night as it went out."""
    url = night.copy()
    _run(url, relay, folder, 1)
    engine = open_database(url)
    with engine.connect() as connection:
        mails = list(connection.scalars(text("SELECT mime FROM message WHERE mime IS NOT NULL")))
    engine.dispose()
    return [bytes(mail) for mail in mails]


def _drained(
    kind: str, what: str, workers: int, night: Original, relay: Sink, folder: Path, floor: float
) -> dict[str, Any]:
    seconds, reports = _run(night.copy(), relay, folder, workers)
    sent = sum(one["sent"] for one in reports)
    assert all(one["others"] == 0 for one in reports), reports
    return _row(
        kind, what, workers, sent, sent / seconds, floor,
        **{"CPU ms/mail": 1000 * sum(one["cpu"] for one in reports) / sent, "MiB": max(one["mib"] for one in reports)},
    )  # fmt: skip


def _plainly(night: Original, relay: Sink, floor: float) -> dict[str, Any]:
    """The same night by the plain design, one worker process, from the sweep to the last mail."""
    redis = RedisServer()
    redis.start()
    environment = {
        **os.environ, "PLAIN_DATABASE_URL": night.copy(), "PLAIN_BROKER_URL": redis.url,
        "PLAIN_SMTP_HOST": relay.host, "PLAIN_SMTP_PORT": str(relay.port),
    }  # fmt: skip
    try:
        began = time.perf_counter()
        said = subprocess.run(
            [sys.executable, "-m", "bench.plain", NIGHT.isoformat()], env=environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        count = int(said.stdout)
        worker = child.spawn(
            [sys.executable, "-m", "celery", "-A", "bench.plain", "worker", "-P", "solo", "-l", "ERROR",
             "--without-gossip", "--without-mingle", "--without-heartbeat"],
            env=environment,
        )  # fmt: skip
        while _taken(relay) < count:
            time.sleep(0.05)
        seconds = time.perf_counter() - began
        child.stop(worker, 10)
    finally:
        redis.remove()
    return _row("postgresql", "plain design, from its sweep on", 1, count, count / seconds, floor)


def _taken(relay: Sink) -> int:
    import socket

    with socket.create_connection((relay.host, relay.port)) as wire, wire.makefile("rb") as replies:
        replies.readline()
        wire.sendall(b"XCOUNT\r\n")
        return int(replies.readline().split()[1])


if __name__ == "__main__":
    main()
