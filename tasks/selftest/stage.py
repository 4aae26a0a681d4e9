"""One night's mails waiting in the outbox, and what a fault is told to do with their senders."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from config.database import reading
from config.instant import real_now
from tasks.selftest import population
from tasks.selftest.checker import Verdict, check
from tasks.selftest.lab import Lab, LabFailed, Nursery, laboratory, wait_for
from tasks.selftest.oracle import Told, promised
from workflow.errors import WorkflowError

NewDatabase = Callable[[], str]


@dataclass(frozen=True)
class Row:
    """One line of the report: what was done how often, what came of it, what was allowed."""

    fault: str
    database: str
    n: int
    number: str
    bound: str
    passed: bool
    seconds: float


@dataclass
class Size:
    """How much of everything; a seed replays a failure."""

    seed: int = 1
    agencies: int = 40
    kills: int = 10
    moves: int = 9

    def random(self, name: str) -> random.Random:
        return random.Random(f"{self.seed}:{name}")


@dataclass
class Stage:
    lab: Lab
    nursery: Nursery
    port: int
    told: Told
    since: datetime

    def drain(self, *, senders: int = 1, patience: float = 120) -> None:
        """Healthy senders until nothing waits; what is left then is lost and will be counted so."""
        pids = [self.nursery.fork("deliver") for _ in range(senders)]
        try:
            wait_for(self.is_empty, "the outbox does not empty", patience)
        except LabFailed:
            pass
        finally:
            for pid in pids:
                self.nursery.kill(pid)

    def is_empty(self) -> bool:
        try:
            return self.lab.open_messages() == 0
        except WorkflowError:  # the database is away: ask again
            return False

    def killed(self, rng: random.Random, *, longest: float = 0.5) -> None:
        """One sender killed somewhere in its work."""
        pid = self.nursery.fork("deliver")
        time.sleep(rng.uniform(0.02, longest))
        self.nursery.kill(pid)

    def frozen(self, places: Sequence[str], passes: int, left: int) -> None:
        """One sender at each place stops for three leases and goes on as if nothing had been. Nobody is killed.

        Another sends meanwhile, until no more than `left` wait; then all go on until nothing does.
        """
        orders = [f"{place}:{passes if place.startswith('smtp.') else 1}:stop" for place in places]
        pids = [self.nursery.fork("deliver", failpoint=order, ends=True) for order in orders]
        wait_for(lambda: all(_state(pid) == "T" for pid in pids), "a sender does not stop at its place")
        helper = self.nursery.fork("deliver", ends=True)
        time.sleep(3 * self.lab.lease)
        wait_for(lambda: self.lab.open_messages() <= left, "nobody takes over what frozen senders held", 120)
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        if any(self.nursery.wait(*pids, helper, seconds=120)):
            raise LabFailed(why="a sender ended with an error; nursery.log says why")

    def dies_at(self, place: str, passes: int) -> None:
        pid = self.nursery.fork("deliver", failpoint=f"{place}:{passes}")
        self.nursery.wait(pid, seconds=60)

    def verdict(self) -> Verdict:
        with reading(self.lab.engine) as db:
            return check(self.lab, db, self.told, self.since)


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


@contextmanager
def staged(
    folder: Path, url: str, agencies: int, *, lease: float = 6.0, due: Sequence[date] = population.DUE
) -> Iterator[Stage]:
    """Populated, swept, and the clock running."""
    with laboratory(folder, url, agencies, lease=lease, due=due) as lab:
        port = lab.start_relay()
        nursery = lab.nursery(port)
        (status,) = nursery.wait(nursery.fork("sweep", night=population.NIGHT.isoformat()))
        if status:
            raise LabFailed(why=(folder / "nursery.log").read_text()[-500:])
        with reading(lab.engine) as db:
            told = promised(db, population.NIGHT)
        with lab.time_passes():
            yield Stage(lab, nursery, port, told, real_now())
