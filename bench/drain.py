"""How fast do mails leave? `python -m bench.drain [--mails N] [--runs N] [--full] [--database KIND]`

The outbox of one night is emptied by 1, 2 and 4 sender processes into three counting relays: on the loopback,
with a millisecond before each flight of replies, and over TLS. In the same run: the floor (ready bytes over a
pipelined socket) and the plain design (ORM loop, one task and one connection a mail). All of them take turns, so
that whatever else the machine does falls on each alike.
"""

import argparse
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import text

from bench import province
from bench.databases import KINDS, Original, original
from bench.drain_runs import Run, drained, plainly, poured
from bench.province import NIGHT, Size
from bench.relay import Sink, certificate, sink
from bench.table import Timed, show
from config.database import open_database, writing
from workflow.sweep.run import sweep

AT_NIGHT = datetime(2026, 9, 16, 18, 30, tzinfo=UTC)
WORKERS = (1, 2, 4)
OURS, FLOOR, PLAIN = "dondoc", "floor: ready bytes", "plain design"
QUICK, FULL = (1500, 3), (10_000, 7)


class Cell(NamedTuple):
    relay: str
    who: str
    workers: int


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mails", type=int, help="about so many mails a run")
    parser.add_argument("--runs", type=int, help="of each cell of the table")
    parser.add_argument("--full", action="store_true", help=f"{FULL[0]} mails, {FULL[1]} runs")
    parser.add_argument("--database", choices=KINDS, action="append")
    asked = parser.parse_args()
    mails, runs = FULL if asked.full else QUICK
    mails, runs = asked.mails or mails, asked.runs or runs
    size = Size(mails, 1.0, agencies=2 * mails)
    rows = [row for kind in asked.database or KINDS for row in _measured(kind, size, runs)]
    show("drain", "Outbox to relay", rows)


def _measured(kind: str, size: Size, runs: int) -> Iterator[dict[str, Any]]:
    done: dict[Cell, list[Run]] = defaultdict(list)
    with (
        original(kind, partial(_swept, size=size)) as night,
        tempfile.TemporaryDirectory() as scratch,
        _relays(Path(scratch)) as relays,
    ):
        mails = _bytes_of(night, relays["loopback"], Path(scratch))
        for _ in range(runs):
            for name, relay in relays.items():
                for who, workers, run in _round(kind, night, relay, Path(scratch), mails):
                    done[Cell(name, who, workers)].append(run)
    for cell in done:
        yield _row(kind, cell, done)


def _swept(engine: Any, size: Size) -> None:
    province.fill(engine, size)
    sweep(partial(writing, engine), NIGHT, AT_NIGHT)


@contextmanager
def _relays(folder: Path) -> Iterator[dict[str, Sink]]:
    with ExitStack() as open_ones:
        yield {
            "loopback": open_ones.enter_context(sink()),
            "1 ms a reply": open_ones.enter_context(sink(latency_ms=1)),
            "TLS": open_ones.enter_context(sink(tls=certificate(folder))),
        }


def _round(
    kind: str, night: Original, relay: Sink, folder: Path, mails: Sequence[bytes]
) -> Iterator[tuple[str, int, Run]]:
    yield FLOOR, 1, poured(relay, mails)
    for workers in WORKERS if kind == "postgresql" else (1,):
        yield OURS, workers, drained(night.copy(), relay, folder, workers)
    if kind == "postgresql":
        yield PLAIN, 1, plainly(night.copy(), relay)


def _bytes_of(night: Original, relay: Sink, folder: Path) -> list[bytes]:
    """Every mail of the night as it went out."""
    url = night.copy()
    drained(url, relay, folder, 1)
    engine = open_database(url)
    with engine.connect() as connection:
        mails = list(connection.scalars(text("SELECT mime FROM message WHERE mime IS NOT NULL")))
    engine.dispose()
    return [bytes(mail) for mail in mails]


def _row(kind: str, cell: Cell, done: Mapping[Cell, Sequence[Run]]) -> dict[str, Any]:
    runs = done[cell]
    rate, floor, plain = (_rate(done.get(one)) for one in (cell, cell._replace(who=FLOOR, workers=1),
                                                           cell._replace(who=PLAIN, workers=1)))  # fmt: skip
    return {
        "database": kind, "relay": cell.relay, "who": cell.who, "workers": cell.workers, "mails": runs[0].mails,
        "runs": len(runs), "mails/s": rate, "spread %": round(100 * _a_mail(runs).spread),
        "CPU ms/mail": statistics.median(1000 * run.cpu / run.mails for run in runs),
        "of floor": rate / floor, "x plain": rate / plain if plain else "",
        "MiB": max(run.mib for run in runs) or "",
    }  # fmt: skip


def _rate(runs: Sequence[Run] | None) -> float:
    return 1 / _a_mail(runs).median if runs else 0.0


def _a_mail(runs: Sequence[Run]) -> Timed:
    return Timed(tuple(run.seconds / run.mails for run in runs))


if __name__ == "__main__":
    main()
