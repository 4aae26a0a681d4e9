"""From what happened to one line of the report."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.selftest.checker import Verdict
from tasks.selftest.stage import Row


class Judged:
    """Collects number and bound while a fault runs; `row` is there once the block has ended."""

    row: Row

    def __init__(self, fault: str, url: str) -> None:
        self.fault = fault
        self.url = url
        self.n = 0
        self.passed = True
        self.numbers: list[str] = []
        self.bounds: list[str] = []

    @staticmethod
    def pause(rng: random.Random) -> None:
        time.sleep(rng.uniform(0.05, 0.3))

    def judge(self, verdict: Verdict, n: int, *, at_most: int) -> None:
        """Nothing lost, doubled, changed or unexpected, and no more repeats than `at_most`."""
        self.n = n
        self.passed &= verdict.is_exact and verdict.duplicates <= at_most
        self.numbers.append(str(verdict))
        self.bounds.append(f"lost 0, duplicates <= {at_most}")

    def also(self, holds: bool, said: str, bound: str = "") -> None:
        self.passed &= holds
        self.numbers.append(said)
        if bound:
            self.bounds.append(bound)


@contextmanager
def judged(fault: str, folder: Path, url: str) -> Iterator[Judged]:
    folder.mkdir(parents=True, exist_ok=True)
    run, started = Judged(fault, url), time.monotonic()
    yield run
    kind = url.partition(":")[0].partition("+")[0]
    run.row = Row(
        fault, kind, run.n, "; ".join(run.numbers), "; ".join(run.bounds), run.passed,
        round(time.monotonic() - started, 1),
    )  # fmt: skip
