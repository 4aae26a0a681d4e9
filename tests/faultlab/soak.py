"""F24: faults at random for as long as one likes, on a larger register, with the real clock, worker and pages.

Those three live through all of it and are measured; senders of ours beside them are killed and frozen. The nights
pass quicker than ours, twenty in a run, and nothing is due before the last of them, so what each must tell is known.
A night that began in trouble ends in peace: it lasts until its mails have left.
"""

import random
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from os import kill
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from config.database import reading
from tasks import child
from tasks.selftest import population
from tasks.selftest.checker import told_lines
from tasks.selftest.oracle import promised
from tasks.selftest.stage import NewDatabase, Row, Size, Stage, staged
from tasks.selftest.verdicts import Judged, judged
from tests.faultlab.gauges import Gauge
from tests.faultlab.outside import ROOT, parts
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from workflow import outbox
from workflow.errors import WorkflowError
from workflow.models.message import Message, MessageStatus
from workflow.models.sweep_run import SweepRun, SweepStatus

NIGHTS = [population.NIGHT + timedelta(days=number) for number in range(20)]
DUE = [NIGHTS[-1] + timedelta(days=number) for number in range(1, 15)]
OLDEST_SECONDS = 15 * 60
PATIENCE = 180.0
"""Seconds at the end; a worker whose database went away leaves rows leased for 90."""
AWAY = -1
TROUBLES = (
    {"at": "data", "do": "cut after dot", "every": 7},
    {"at": "data", "reply": "451 4.3.0 busy", "every": 5},
    {"at": "mail", "do": "cut", "every": 4},
    {"at": "data", "do": "delay", "seconds": 0.3},
    {"at": "rcpt", "reply": "450 4.2.0 greylisted", "every": 6},
)
Line = tuple[date, str, str]


@dataclass
class Soak:
    """`allowed`: how many mails may have come twice by now, cuts apart."""

    stage: Stage
    postgres: PostgresServer
    redis: RedisServer
    rng: random.Random
    gauges: list[Gauge]
    pages: int
    done: Counter[str] = field(default_factory=Counter)
    allowed: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    open_since: dict[int, float] = field(default_factory=dict)
    oldest: float = 0.0

    def fault(self) -> None:
        fault = self.rng.choice(FAULTS)
        fault(self)
        self.done[fault.__name__] += 1

    def look(self) -> None:
        for gauge in self.gauges:
            gauge.look()
        self.answers[_answer(self.pages)] += 1
        try:
            with reading(self.stage.lab.engine) as db:
                waiting = col(Message.status).in_([MessageStatus.PENDING, MessageStatus.SENDING])
                still = set(db.scalars(select(col(Message.id)).where(waiting)))
        except WorkflowError:
            return
        now = time.monotonic()
        self.open_since = {one: self.open_since.get(one, now) for one in still}
        self.oldest = max([self.oldest, *(now - since for since in self.open_since.values())])


def sender_killed(soak: Soak) -> None:
    soak.stage.killed(soak.rng, longest=1.5)
    soak.allowed += 1


def sender_frozen(soak: Soak) -> None:
    """One freeze and, since nobody tells when it is through, one kill."""
    pid = soak.stage.nursery.fork("deliver")
    time.sleep(soak.rng.uniform(0.1, 1.0))
    kill(pid, signal.SIGSTOP)
    time.sleep(soak.stage.lab.lease * 1.2)
    kill(pid, signal.SIGCONT)
    time.sleep(0.3)
    soak.stage.nursery.kill(pid)
    soak.allowed += 2


def sweeps_killed(soak: Soak) -> None:
    """Of the night that is, beside those of the real clock; one dies before it commits."""
    night = population.day_of(soak.stage.lab.now()).isoformat()
    orders = [None, None, f"sweep.commit:{soak.rng.randint(1, 5)}"]
    pids = [soak.stage.nursery.fork("sweep", night=night, failpoint=order) for order in orders]
    soak.stage.nursery.wait(*pids, seconds=120)


def redis_lost(soak: Soak) -> None:
    soak.redis.flush()
    soak.redis.kill()
    time.sleep(soak.rng.uniform(0.2, 4.0))
    soak.redis.start()


def connections_ended(soak: Soak) -> None:
    soak.postgres.end_connections()
    soak.allowed += 1


def postgres_crashed(soak: Soak) -> None:
    soak.postgres.crash()
    time.sleep(soak.rng.uniform(0.0, 3.0))
    soak.postgres.start()
    soak.allowed += 1


def relay_in_trouble(soak: Soak) -> None:
    soak.stage.lab.faults(soak.rng.choice(TROUBLES))
    time.sleep(soak.rng.uniform(1.0, 4.0))
    soak.stage.lab.faults()


def relay_lost(soak: Soak) -> None:
    lab = soak.stage.lab
    lab.relay.kill()
    lab.relay.wait()
    time.sleep(soak.rng.uniform(0.0, 2.0))
    lab.start_relay(soak.stage.port)
    soak.allowed += 1


def quiet(soak: Soak) -> None:
    time.sleep(soak.rng.uniform(0.5, 3.0))


FAULTS: tuple[Callable[[Soak], None], ...] = (
    sender_killed, sender_frozen, sweeps_killed, redis_lost, connections_ended, postgres_crashed, relay_in_trouble,
    relay_lost, quiet, quiet,
)  # fmt: skip


def soaked(
    postgres: PostgresServer, redis: RedisServer, minutes: float, folder: Path, new: NewDatabase, size: Size
) -> Row:
    with (
        judged(f"F24 soak of {minutes:g} min, {size.agencies} agencies", folder, new()) as run,
        staged(folder, run.url, size.agencies, due=DUE) as stage,
        _running(stage, redis, folder) as running,
    ):
        soak = Soak(stage, postgres, redis, size.random("F24"), *running)
        began = time.monotonic()
        for number, night in enumerate(NIGHTS):
            until = began + (number + 1) * minutes * 60 / len(NIGHTS)
            while time.monotonic() < until or not _is_over(stage, night):
                if stage.lab.now() < (morning := population.local(night, 8)):
                    stage.lab.set_now(morning)
                soak.look()
                (soak.fault if time.monotonic() < until else partial(quiet, soak))()
        stage.drain(patience=PATIENCE)
        soak.look()
        _judge(run, soak)
    return run.row


@contextmanager
def _running(stage: Stage, redis: RedisServer, folder: Path) -> Iterator[tuple[list[Gauge], int]]:
    """What is measured, and the port of the pages."""
    port = _free_port()
    environment = stage.lab.environment(
        DONDOC_BROKER_URL=redis.url, DONDOC_POLL_SECONDS="2", DONDOC_WORKER_PROCESSES="1",
        DONDOC_SMTP_URL=f"smtp://127.0.0.1:{stage.port}?starttls=never",
    )  # fmt: skip
    with (folder / "pages.log").open("ab") as log:
        serve = [sys.executable, "-m", "cli.main", "serve", "--port", port]
        running = [
            *parts(environment, folder, 1),
            child.spawn(serve, env=environment, cwd=ROOT, output=log),
        ]
    try:
        names = ("worker", "clock", "pages")
        yield [Gauge(name, part.pid) for name, part in zip(names, running, strict=True)], port
    finally:
        for part in running:
            child.stop(part, 20)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _answer(port: int) -> int:
    """Of the pages: 503 while something is away is honest, 500 never."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return AWAY


def _is_over(stage: Stage, night: date) -> bool:
    """Certified, and every mail has left: what is still waiting when the next day begins expires, and rightly so."""
    try:
        with reading(stage.lab.engine) as db:
            return night in _swept(db) and not outbox.waiting(db)
    except WorkflowError:
        return False


def _swept(db: Session) -> Counter[date]:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    return Counter(db.scalars(select(col(SweepRun.night_on)).where(done)))


def _judge(run: Judged, soak: Soak) -> None:
    lab = soak.stage.lab
    with reading(lab.engine) as db:
        wanted = {
            (night, who, code)
            for night in NIGHTS
            for who, codes in promised(db, night).items()
            for code in codes
        }
        certificates, waiting = _swept(db), outbox.waiting(db)
        nights = {one.header_id: one.night_on for one in db.scalars(_nightly())}
    journal = lab.journal()
    told: dict[Line, set[str]] = defaultdict(set)
    for entry in journal:
        if (header := entry["message_id"]) in nights:
            for who, code in told_lines(lab, entry):
                told[nights[header], who, code].add(header)
    _judge_mails(run, soak, wanted, told, journal)
    run.also(
        set(certificates) == set(NIGHTS) and set(certificates.values()) == {1} and not waiting,
        f"nights certified {len(certificates)} of {len(NIGHTS)}, still waiting {waiting}",
        "one certificate a night, nothing waits",
    )
    _judge_processes(run, soak)


def _nightly() -> Select[Message]:
    return select(Message).where(col(Message.sweep_run_id).is_not(None), col(Message.header_id).is_not(None))


def _judge_mails(
    run: Judged, soak: Soak, wanted: set[Line], told: dict[Line, set[str]], journal: list[dict[str, Any]]
) -> None:
    arrivals = Counter(entry["message_id"] for entry in journal)
    other_bytes = len({(entry["message_id"], entry["sha256"]) for entry in journal}) - len(arrivals)
    cuts = sum(entry["outcome"] == "cut" for entry in journal)
    lost, unexpected = len(wanted - told.keys()), len(told.keys() - wanted)
    doubled = sum(len(ids) - 1 for ids in told.values())
    duplicates, bound = len(journal) - len(arrivals), soak.allowed + cuts
    run.n = soak.done.total() - soak.done["quiet"]
    run.also(
        not (lost or unexpected or doubled or other_bytes) and duplicates <= bound,
        f"due {len(wanted)}, mails {len(arrivals)}, lost {lost}, duplicates {duplicates} (other bytes {other_bytes}), "
        f"doubled {doubled}, unexpected {unexpected}",
        f"lost 0, duplicates <= {bound}",
    )


def _judge_processes(run: Judged, soak: Soak) -> None:
    run.also(
        soak.oldest < OLDEST_SECONDS, f"oldest pending {soak.oldest:.0f} s", f"< {OLDEST_SECONDS // 60} min"
    )
    for gauge in soak.gauges:
        run.also(gauge.is_flat and gauge.lives, str(gauge))
    run.bounds.append("RSS < 1 %/h (or 4 MiB in all), open files flat")
    run.also(not soak.answers[500], f"answers of the pages {dict(sorted(soak.answers.items()))}", "no 500")
    run.also(True, f"faults {dict(sorted(soak.done.items()))}")
