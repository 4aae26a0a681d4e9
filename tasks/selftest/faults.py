"""Every fault that needs nothing but a database, processes of ours and a relay: what `dondoc selftest` injects."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tasks.selftest.planning import (
    closed_during_the_drain,
    moves_killed,
    poison,
    sweep_killed,
    sweeps_at_once,
)
from tasks.selftest.sending import (
    killed_at_each_point,
    relay_away,
    relay_misbehaves,
    relay_refuses_some,
    senders_frozen,
    senders_killed,
)
from tasks.selftest.stage import NewDatabase, Row, Size

Fault = Callable[[Path, NewDatabase, Size], Row]
FAULTS: tuple[Fault, ...] = (
    senders_killed, killed_at_each_point, sweep_killed, moves_killed, senders_frozen, relay_misbehaves,
    relay_refuses_some, relay_away, sweeps_at_once, poison, closed_during_the_drain,
)  # fmt: skip


def injected(folder: Path, new: NewDatabase, size: Size, faults: Iterable[Fault] = FAULTS) -> Iterator[Row]:
    """One after the other, each on a database of its own."""
    for number, fault in enumerate(faults):
        yield fault(folder / f"{number:02d}-{fault.__name__}", new, size)


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """The report, as a table of Markdown."""
    yield "| fault | database | n | number | bound | pass | seconds |"
    yield "|---|---|---:|---|---|---|---:|"
    for row in rows:
        said = "yes" if row.passed else "NO"
        yield (
            f"| {row.fault} | {row.database} | {row.n} | {row.number} | {row.bound} | {said} | {row.seconds} |"
        )
