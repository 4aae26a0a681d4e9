"""F20: the real worker asked to stop while mails leave, as at every restart of a service."""

import time
from functools import partial
from pathlib import Path

from tasks import child
from tasks.selftest.lab import wait_for
from tasks.selftest.stage import NewDatabase, Row, Size, Stage, staged
from tasks.selftest.verdicts import judged
from tests.faultlab.outside import parts
from tests.servers.redis import RedisServer
from workflow.outbox import LEASE

MOST_SECONDS = 30.0
PROCESSES = 2
LEASE_SECONDS = LEASE.total_seconds()
"""What a stopped worker could not give back waits so long; the shipped lease, since this is the shipped worker."""


def asked_to_stop(server: RedisServer, folder: Path, new: NewDatabase, size: Size) -> Row:
    """SIGTERM with sends open on every process, then another worker, again and again.

    Each process ends the mail it is sending and gives the others back: nothing comes twice, nothing waits for a lease.
    """
    times = max(1, size.kills // 8)
    with (
        judged("F20 worker asked to stop with sends open", folder, new()) as run,
        staged(folder, run.url, 2 * size.agencies) as stage,
    ):
        stage.lab.faults({"at": "data", "do": "delay", "seconds": 0.4})
        environment = stage.lab.environment(
            DONDOC_BROKER_URL=server.url, DONDOC_POLL_SECONDS="0.5", DONDOC_WORKER_PROCESSES=str(PROCESSES),
            DONDOC_SMTP_URL=f"smtp://127.0.0.1:{stage.port}?starttls=never",
        )  # fmt: skip
        slowest, left = 0.0, []
        for _ in range(times):
            sent = len(stage.lab.journal())
            worker, clock = parts(environment, folder, PROCESSES)
            wait_for(partial(_is_sending, stage, sent), "no mail leaves", LEASE_SECONDS + 60)
            left.append(stage.lab.open_messages())
            began = time.monotonic()
            child.stop(worker, MOST_SECONDS + 5)
            slowest = max(slowest, time.monotonic() - began)
            child.stop(clock, 20)
        stage.lab.faults()
        stage.drain(patience=LEASE_SECONDS + 60)
        run.judge(stage.verdict(), times, at_most=0)
        run.also(
            slowest <= MOST_SECONDS and all(left),
            f"waiting at each stop {left}, slowest exit {slowest:.1f} s", f"exit <= {MOST_SECONDS:.0f} s",
        )  # fmt: skip
    return run.row


def _is_sending(stage: Stage, before: int) -> bool:
    return len(stage.lab.journal()) >= before + 4 or stage.is_empty()
