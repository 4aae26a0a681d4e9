"""What does a night cost, and does the cost follow what is due? `python -m bench.sweep [--full]`

Beside every sweep runs its floor: the same rows written by five statements of bare SQL on the same data.
Seconds are the median of the runs, CPU (of the process and its database backend) the least of them: the first
needs a quiet machine, the second much less so.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, text

from bench import province
from bench.databases import KINDS, original
from bench.province import NIGHT, Size
from bench.spent import Meter, peak
from bench.table import Timed, show
from config.database import open_database, writing
from workflow.sweep.run import sweep

USUAL = (Size(10_000, 0.01), Size(100_000, 0.0), Size(100_000, 0.01), Size(100_000, 0.1))
FULL = (*USUAL, Size(1_000_000, 0.0), Size(1_000_000, 0.01), Size(1_000_000, 0.1))
NOW = datetime(2026, 9, 16, 18, 30, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--full", action="store_true", help="up to a million open obligations")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--size", type=_size, action="append", help="OPEN:SHARE, as 100000:0.01")
    options = parser.parse_args()
    rows = [
        row
        for kind in options.database or KINDS
        for size in options.size or (FULL if options.full else USUAL)
        for row in measured(kind, size, options.times)
    ]
    show("sweep", "Nightly sweep, all stages, certificate written", rows)


def _size(given: str) -> Size:
    count, _, share = given.partition(":")
    return Size(int(count), float(share))


def measured(kind: str, size: Size, times: int) -> Iterator[dict[str, Any]]:
    with original(kind, partial(province.fill, size=size)) as data:
        floors = [_floor(data.copy()) for _ in range(times)]
        nights = [_sweep(data.copy()) for _ in range(times)]
    assert floors[0]["notices"] == nights[0]["notices"]
    night, floor = (Timed(tuple(one["seconds"] for one in runs)) for runs in (nights, floors))
    cpu, least = (min(one["cpu"] for one in runs) for runs in (nights, floors))
    yield {
        "database": kind,
        "open": size.open,
        "due": size.due,
        "notices": nights[0]["notices"],
        "mails": nights[0]["mails"],
        "s": night.median,
        "spread": night.spread,
        "floor s": floor.median,
        "x floor": night.median / floor.median,
        "cpu s": cpu,
        "x floor cpu": cpu / least,
        "cpu ms/due": 1000 * cpu / size.due if size.due else "",
        "WAL B/due": round(nights[0]["wal"] / size.due) if size.due else "",
        "statements": nights[0]["statements"],
        "MiB": nights[0]["mib"],
    }


def _sweep(url: str) -> dict[str, Any]:
    """In a process of its own, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.sweep_once", url], capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def once(url: str) -> dict[str, Any]:
    """One real sweep: what it took, what it wrote, the peak of its memory."""
    engine = open_database(url)
    _warm(engine)
    meter = Meter(engine)
    meter.start()
    began = perf_counter()
    run = sweep(partial(writing, engine), NIGHT, NOW)
    seconds = perf_counter() - began
    return {
        "seconds": seconds, "notices": run.notice_count, "mails": run.message_count, "mib": peak(),
        **asdict(meter.spent()),
    }  # fmt: skip


NOTICES = """
INSERT INTO notice (key, kind, severity, status, directive_id, obligation_id, person_id, organization_id,
  {step}, due_on, due_version, night_on, bundle)
SELECT '{mark}:' || o.id || ':' || o.due_version || ':' || m.person_id, '{kind}', 10, 'wanted', o.directive_id,
  o.id, m.person_id, m.organization_id, {value}, o.due_on, o.due_version, '{night}', 'S:{night}:' || m.person_id
FROM obligation o JOIN membership m ON m.organization_id = o.owed_by_id AND m.position IN ({posts})
WHERE o.status = 'running' AND o.policy_id = {policy} AND o.ladder = 'deliver' AND {which}
ON CONFLICT DO NOTHING
"""
MESSAGES = """
INSERT INTO message (key, person_id, kind, night_on, status, created_at, not_before_at, next_attempt_at, use_by_at,
  token, attempts, repeats)
SELECT bundle, max(person_id), 'reminder', '{night}', 'pending', '{now}', '{now}', '{now}', '{now}', 0, 0, 0
FROM notice WHERE night_on = '{night}' GROUP BY bundle ON CONFLICT DO NOTHING
"""
EVENTS = """
INSERT INTO event (at, "on", actor, act, directive_id, obligation_id, level)
SELECT '{now}', '{night}', 'sweep', 'climb', directive_id, id, 1 FROM obligation WHERE status = 'running' AND {which}
"""
COUNT = "SELECT policy_id, ladder, count(*) FROM obligation WHERE status = 'running' GROUP BY 1, 2"


def _floor(url: str) -> dict[str, Any]:
    """The same notices and messages by bare SQL, each statement committed as a stage of the sweep is."""
    engine = open_database(url)
    _warm(engine)
    statements = list(_bare(engine))
    meter = Meter(engine)
    meter.start()
    began = perf_counter()
    for statement in statements:
        with engine.begin() as connection:
            connection.execute(text(statement))
    seconds, spent = perf_counter() - began, meter.spent()
    with engine.connect() as connection:
        notices = connection.scalar(text("SELECT count(*) FROM notice"))
    engine.dispose()
    return {"seconds": seconds, "notices": notices, **asdict(spent)}


def _bare(engine: Engine) -> Iterator[str]:
    days = province.due_days(engine)
    with engine.connect() as connection:
        policy = connection.scalar(text("SELECT min(id) FROM rule_version WHERE kind = 'policy'"))
    common = {"night": NIGHT.isoformat(), "policy": policy}
    late = f"o.level = 0 AND o.due_on <= '{days.late}'"
    climbing = f"level = 0 AND due_on <= '{days.late}'"
    yield NOTICES.format(
        mark="L:1", kind="overdue", posts="'clerk', 'head'", which=late, step="level", value=1, **common
    )
    yield EVENTS.format(now=NOW.isoformat(" "), which=climbing, night=NIGHT)
    yield f"UPDATE obligation SET level = 1, level_raised_on = '{NIGHT}' WHERE status = 'running' AND {climbing}"  # noqa: S608
    for rung in days.rung:
        yield NOTICES.format(
            mark=f"R:{rung}", kind="reminder", posts="'clerk'", which=f"o.due_on = '{rung}'", step="rung",
            value=-5, **common,
        )  # fmt: skip
    yield MESSAGES.format(night=NIGHT, now=NOW.isoformat(" "))
    yield COUNT


def _warm(engine: Engine) -> None:
    """Both runs start with the open obligations in memory."""
    with engine.connect() as connection:
        connection.execute(text(COUNT)).all()
        connection.execute(text("SELECT count(*) FROM membership")).all()


if __name__ == "__main__":
    main()
