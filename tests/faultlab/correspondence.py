"""F21, F22: what comes in by mail. Machines that answer each other, and reports of mails that came back."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from config import schema
from config.database import open_database, writing
from tasks.selftest.stage import NewDatabase, Row, Size
from tasks.selftest.verdicts import Judged, judged
from tests.inbound_letters import Room, report, room
from tests.world import World, at
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Person

DAY = date(2026, 8, 20)
MOST_ANSWERS = 3
"""To one thread within one hour."""


def _world(url: str) -> tuple[Engine, World]:
    engine = open_database(url)
    schema.upgrade(engine)
    world = World(engine)
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.deliver()
    world.today = DAY
    return engine, world


def mail_loop(folder: Path, new: NewDatabase, size: Size) -> Row:
    """One hour: a responder that marks nothing, one that marks itself, and people whose mails are marked so too."""
    with judged("F21 mail loop of three kinds of machine", folder, new()) as run:
        engine, world = _world(run.url)
        with room(engine, world, folder / "room", at(DAY)) as inbox:
            for minute in range(0, 60, max(1, 60 // size.agencies)):
                inbox.now = at(DAY, 9, minute)
                inbox.answer(f"Cảm ơn quý vị, thư số {minute}.")
                inbox.answer(f"Tôi nghỉ phép, thư số {minute}.", Auto_Submitted="auto-replied")
                inbox.answer(f"TIẾN ĐỘ\nĐoàn đã đến mỏ thứ {minute}.", "huy", Auto_Submitted="auto-generated")
                run.n += 3
            _judge_loop(run, inbox)
        engine.dispose()
    return run.row


def _judge_loop(run: Judged, inbox: Room) -> None:
    rows, answers = inbox.rows(), len(inbox.answers())
    fates = Counter(str(one.outcome) for one in rows)
    kept = sum(bool(one.stored_as) for one in rows)
    run.also(
        0 < answers <= MOST_ANSWERS and len(rows) == kept == run.n and not fates["applied"],
        f"mails out {answers}, kept to be read {kept} of {run.n} ({dict(sorted(fates.items()))})",
        f"out <= {MOST_ANSWERS} an hour, none lost, none acted on",
    )


def forged_reports(folder: Path, new: NewDatabase, size: Size) -> Row:
    """True reports of some, each twice, among ten times as many forged ones of all the others."""
    rng = size.random("F22")
    with judged("F22 forged and true bounces", folder, new()) as run:
        engine, world = _world(run.url)
        sent = _sent(engine, size.agencies)
        true, others = sent[: size.agencies // 4], sent[size.agencies // 4 :]
        with room(engine, world, folder / "room", at(DAY)) as inbox:
            route = inbox.answering.envelope_sender
            mails = [report(route(id, inbox.now), email) for id, email in true] * 2
            mails += [_forged(rng.choice(others), rng.randrange(3), inbox) for _ in range(5 * len(mails))]
            rng.shuffle(mails)
            for mail in mails:
                inbox.take(mail)
        closed = {one.email for one in world.rows(Person) if one.mailbox is Mailbox.DEAD}
        engine.dispose()
        wanted = {email for _, email in true}
        run.n = len(mails)
        run.also(
            closed == wanted,
            f"true ones missed {len(wanted - closed)} of {len(wanted)}, wrongly closed {len(closed - wanted)}",
            "0, 0",
        )
    return run.row


def _sent(engine: Engine, people: int) -> list[tuple[int, str]]:
    now = at(DAY)
    with writing(engine) as db:
        crowd = [Person(name=f"P{n}", email=f"p{n}@sct.example") for n in range(people)]
        db.add_all(crowd)
        db.flush()
        mails = [
            Message(
                key=f"X:{one.id}", person_id=one.id, kind="reminder", night_on=DAY, created_at=now,
                not_before_at=now, next_attempt_at=now, use_by_at=now, status=MessageStatus.HANDED_OVER, address=one.email,
            )
            for one in crowd
        ]  # fmt: skip
        db.add_all(mails)
        db.flush()
        return [(one.id, one.address or "") for one in mails]


def _forged(of: tuple[int, str], kind: int, inbox: Room) -> bytes:
    """Nine days old, with a changed signature, or about somebody else's mail."""
    (id, email), sign = of, inbox.answering.envelope_sender
    now: datetime = inbox.now
    old, right = sign(id, now - timedelta(days=9)), sign(id, now)
    local, _, host = right.partition("@")
    changed = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{host}"
    return report((old, changed, right)[kind], email if kind < 2 else "nobody@else.example")
