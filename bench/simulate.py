"""What does looking 90 nights ahead cost? `python -m bench.simulate [--times N]`

Twice each: due days spread over a year and more, and all of them within the nights played, so that
everything open is reminded, climbs to the last level and is told of weekly.
"""

import argparse
import resource
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Engine, text

from bench import province
from bench.databases import original
from bench.province import NIGHT, Size
from bench.table import Timed, show
from config.database import open_database, reading
from workflow.simulate import simulate

NIGHTS = 90
OPEN = (1_000, 10_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    rows = [measured(size, options.times, is_dense=dense) for size in OPEN for dense in (False, True)]
    show("simulate", f"Simulation of {NIGHTS} nights, SQLite, nobody answers", rows)


def measured(size: int, times: int, *, is_dense: bool) -> dict[str, Any]:
    with original("sqlite", partial(_fill, size=size, is_dense=is_dense)) as data:
        url = data.copy()
        runs = [_apart(url) for _ in range(times)]
    return {
        "open": size,
        "due days": f"within {NIGHTS} nights" if is_dense else "over 400 days",
        "mails": runs[0]["mails"],
        "lines": runs[0]["lines"],
        "s": Timed(tuple(one["seconds"] for one in runs)).median,
        "CPU s": Timed(tuple(one["cpu"] for one in runs)).median,
        "MiB": runs[0]["mib"],
    }


def _fill(engine: Engine, *, size: int, is_dense: bool) -> None:
    province.fill(engine, Size(size, 0.01))
    if is_dense:
        days = f"date('{NIGHT}', '+' || (id % {NIGHTS}) || ' days')"
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE obligation SET due_on = {days}, original_due_on = {days}"))  # noqa: S608


def _apart(url: str) -> dict[str, Any]:
    """In a process of its own, so that its memory is its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(once, (url,))


def once(url: str) -> dict[str, Any]:
    engine = open_database(url)
    began, worked, mails, lines = perf_counter(), process_time(), 0, 0
    with reading(engine) as db:
        for _, of_the_night in simulate(db, NIGHT, NIGHT + timedelta(days=NIGHTS - 1)):
            mails += len(of_the_night)
            lines += sum(len(one.lines) for one in of_the_night)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "mails": mails, "lines": lines, "seconds": perf_counter() - began, "cpu": process_time() - worked,
        "mib": peak,
    }  # fmt: skip


if __name__ == "__main__":
    main()
