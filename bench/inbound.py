"""Is every received mail settled, once, as it must be, and how fast? `python -m bench.inbound`

Valid answers, incomplete, forged, automatic and bad ones, bounces true and forged, and copies: 500 in all, through the
whole of receiving (bytes kept on disk, a limited child to read them, one transaction each).
"""

import argparse
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import col

from bench.databases import KINDS, original
from bench.inbound_corpus import Case, cases, drafts
from bench.table import show
from config.database import open_database, writing
from tests.inbound_letters import Room, room
from tests.world import World, at
from workflow.models.inbound import InboundMail
from workflow.models.message import Message
from workflow.models.person import Person

DAY = date(2026, 8, 20)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", choices=KINDS, action="append")
    options = parser.parse_args()
    rows = [row for kind in options.database or KINDS for row in measured(kind)]
    show("inbound", "500 received mails, settled one by one", rows)


def measured(kind: str) -> list[dict[str, Any]]:
    with original(kind, lambda _: None) as data, tempfile.TemporaryDirectory() as home:
        engine = open_database(data.copy())
        try:
            world = World(engine, DAY)
            with room(engine, world, Path(home), at(DAY)) as inbox:
                mails = cases(inbox, _sent(engine, world))
                return _table(kind, inbox, mails)
        finally:
            engine.dispose()


def _sent(engine: Engine, world: World) -> list[int]:
    for batch in drafts():
        world.issue_all(batch)
    world.deliver()
    with writing(engine) as db:
        for message in db.scalars(select(Message)):
            message.address = db.get_one(Person, message.person_id).email
        ben = select(col(Message.id)).where(col(Message.address) == "ben@lamgiang.example")
        return list(db.scalars(ben.order_by(col(Message.id))))


def _table(kind: str, inbox: Room, mails: list[Case]) -> list[dict[str, Any]]:
    """Fails when one mail is lost, doubled, or becomes what it must not."""
    began, used, found = perf_counter(), _used(), Counter[tuple[str, str, str]]()
    for case in mails:
        found[case.sort, case.expected, inbox.take(case.data).outcome] += 1
    seconds = perf_counter() - began
    inbox.receiver.reader.close()  # a child counts once it has ended
    cpu = _used() - used
    wrong = {what: count for what, count in found.items() if what[1] != what[2]}
    kept, copies = len(inbox.world.rows(InboundMail)), sum(case.expected == "duplicate" for case in mails)
    assert not wrong, wrong
    assert kept + copies == len(mails), (kept, copies)
    rows = [
        {"database": kind, "sort": sort, "outcome": got, "mails": n}
        for (sort, _, got), n in sorted(found.items())
    ]
    total = {
        "database": kind,
        "sort": "all",
        "outcome": "lost 0",
        "mails": len(mails),
        "seconds": seconds,
        "CPU": cpu,
    }
    return [*rows, total]


def _used() -> float:
    """CPU of this process and of the child that reads, whoever else is busy on the machine."""
    mine, read = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + read.ru_utime + read.ru_stime


if __name__ == "__main__":
    main()
