"""The whole fault lab on both databases: `python -m tests.faultlab [--long] [--seed N] [--only WORD]`.

`--soak MINUTES` injects faults at random into one running system for so long instead, up to two hours.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from tasks.selftest.faults import FAULTS, lines
from tasks.selftest.stage import NewDatabase, Row, Size
from tests.faultlab import correspondence, outside, releases, soak, starting, stopping
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

SHORT = {"agencies": 40, "kills": 8, "moves": 2}
LONG = {"agencies": 400, "kills": 60, "moves": 9}
Run = Callable[[Path], Row]


def runs(postgres: PostgresServer, redis: RedisServer, folder: Path, size: Size) -> Iterator[tuple[str, Run]]:
    numbers = count()
    on_sqlite: NewDatabase = lambda: f"sqlite:///{folder}/{next(numbers)}.db"  # noqa: E731
    on_postgresql: NewDatabase = lambda: postgres.url(postgres.create_database())  # noqa: E731
    for new in (on_sqlite, on_postgresql):
        for fault in FAULTS:
            yield fault.__name__, partial(_run, fault, new, size)
    yield "sqlite_killed", partial(_run, outside.sqlite_killed, on_sqlite, size)
    yield "disk_full", partial(_run, outside.disk_full, on_sqlite, size)
    yield "postgres_crashes", partial(_run, partial(outside.postgres_crashes, postgres), on_postgresql, size)
    yield (
        "connections_ended",
        partial(_run, partial(outside.connections_ended, postgres), on_postgresql, size),
    )
    yield "broker_lost", partial(_run, partial(outside.broker_lost, redis), on_postgresql, size)
    yield "upgraded", partial(_run, releases.upgraded, on_postgresql, size)
    yield "zones_missing", partial(_run, starting.zones_missing, on_sqlite, size)
    yield "asked_to_stop", partial(_run, partial(stopping.asked_to_stop, redis), on_postgresql, size)
    yield "mail_loop", partial(_run, correspondence.mail_loop, on_sqlite, size)
    yield "forged_reports", partial(_run, correspondence.forged_reports, on_sqlite, size)


def _run(fault: Callable[[Path, NewDatabase, Size], Row], new: NewDatabase, size: Size, folder: Path) -> Row:
    return fault(folder, new, size)


def soaking(
    minutes: float, agencies: int, postgres: PostgresServer, redis: RedisServer, folder: Path, size: Size
) -> Iterator[tuple[str, Run]]:
    new: NewDatabase = lambda: postgres.url(postgres.create_database())  # noqa: E731
    size = replace(size, agencies=agencies)
    yield "soak", partial(_run, partial(soak.soaked, postgres, redis, minutes), new, size)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faultlab")
    parser.add_argument("--long", action="store_true", help="ten times the mails and kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="faults whose name has this word")
    parser.add_argument(
        "--soak", type=float, metavar="MINUTES", help="random faults for so long, one table row"
    )
    parser.add_argument("--agencies", type=int, default=5000, help="of the soak; each has a directive")
    given = parser.parse_args()
    size = Size(seed=given.seed, **(LONG if given.long else SHORT))
    folder = Path(tempfile.mkdtemp(prefix="dondoc-faults-"))
    postgres, redis = PostgresServer(), RedisServer()
    rows = []
    try:
        postgres.start()
        redis.start()
        all_of_them = (
            soaking(given.soak, given.agencies, postgres, redis, folder, size)
            if given.soak
            else runs(postgres, redis, folder, size)
        )
        for number, (name, run) in enumerate(all_of_them):
            if given.only in name:
                rows.append(run(folder / f"{number:02d}-{name}"))
                print(list(lines(rows[-1:]))[-1], flush=True)
    finally:
        postgres.remove()
        redis.remove()
        shutil.rmtree(folder)
    print("\n".join(lines(rows)))
    return 0 if rows and all(row.passed for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
