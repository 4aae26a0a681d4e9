"""Forks processes that do one job each, quick enough to be killed ten times a second.

    python -m tasks.selftest.nursery [--lease SECONDS]

Reads one JSON order a line from standard input and answers each with one line: `{"do": "deliver"}` forks a sender
that never stops (`"ends": true`: when nothing waits any more), `{"do": "sweep", "night": "2026-09-11", "at": 1.5e9}`
one sweep that starts at that instant, `{"do": "move", …}` one act; `failpoint` arms a place in the child.
`{"do": "ended"}` says how children ended.
A shorter lease only shortens the wait for what a killed sender held; nor does a channel that failed rest here.
"""

import argparse
import ctypes
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from config.database import reading, writing
from config.instant import now
from config.logging import configure_logging
from notifications import delivery
from tasks import jobs
from tasks.app import engine, settings
from tasks.launch import PR_SET_PDEATHSIG
from workflow import access, channel, failpoints, outbox
from workflow.desk import Desk
from workflow.errors import WorkflowError
from workflow.inputs import Evidence, Inputs

IDLE_SECONDS = 0.05
Order = dict[str, Any]


def deliver(order: Order) -> None:
    while not (order.get("ends") and _nothing_waits()):
        try:
            jobs.deliver()
        except WorkflowError as error:
            print(error, file=sys.stderr, flush=True)  # noqa: T201 - the child's own log
        time.sleep(IDLE_SECONDS)


def _nothing_waits() -> bool:
    with reading(engine()) as db:
        return outbox.waiting(db) == 0


def sweep(order: Order) -> None:
    time.sleep(max(0.0, order.get("at", 0) - time.time()))
    jobs.sweep_night(order["night"])


def move(order: Order) -> None:
    given = dict(order.get("inputs", {}))
    evidence = tuple(Evidence(name) for name in given.pop("evidence", ()))
    days: dict[str, Any] = {
        name: date.fromisoformat(given.pop(name)) for name in ("due_on", "resume_on") if name in given
    }
    with writing(engine()) as db:
        desk = Desk(db, access.find_actor(db, order["who"]), now(settings()))
        desk.move(order["code"], order["name"], Inputs(evidence=evidence, **days, **given))
        desk.finish()


DEEDS: dict[str, Callable[[Order], None]] = {"deliver": deliver, "sweep": sweep, "move": move}


def fork(order: Order) -> int:
    """The child has no part of this process but its loaded modules."""
    nursery = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.dup2(2, 1)  # only the nursery answers
        if os.getppid() == nursery:
            failpoints.arm(order.get("failpoint"))
            DEEDS[order["do"]](order)
            status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def ended() -> dict[int, int]:
    """Exit status of each child that has ended since the last asking; negative: the signal that ended it."""
    found: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        found[pid] = os.waitstatus_to_exitcode(status)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tasks.selftest.nursery")
    parser.add_argument("--lease", type=float, default=outbox.LEASE.total_seconds())
    lease = parser.parse_args().lease
    outbox.LEASE, delivery.RENEW_EVERY, delivery.LEAST_LEFT = timedelta(seconds=lease), lease / 4, lease / 9
    channel.PAUSES = (0, 0, 0, 0, 0)
    configure_logging(settings().log_level, "text")
    for line in sys.stdin:
        order = json.loads(line)
        answer = {"ended": ended()} if order["do"] == "ended" else {"pid": fork(order)}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
