"""Faults of sweeps and acts: killed between any two statements, run at once, or against each other."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from config.database import reading, writing
from tasks.selftest import population
from tasks.selftest.lab import Lab, Nursery, laboratory
from tasks.selftest.oracle import promised
from tasks.selftest.stage import NewDatabase, Row, Size, Stage, staged
from tasks.selftest.verdicts import judged
from workflow import access
from workflow.desk import Desk
from workflow.inputs import Evidence, Inputs
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation
from workflow.models.person import Person
from workflow.models.sweep_run import SweepRun, SweepStatus

NIGHT = population.NIGHT.isoformat()
STEADY_SWEEPS = 12
Lines = set[tuple[str, str]]


def written(db: Session) -> Lines:
    """What the sweep wrote to be told: (address, code)."""
    query = (
        select(col(Person.email), col(Directive.code))
        .join(Notice, col(Notice.person_id) == col(Person.id))
        .join(Directive, col(Directive.id) == col(Notice.directive_id))
        .where(col(Notice.sweep_run_id).is_not(None))
    )
    return {(email, code) for email, code in db.execute(query)}


def _wanted(db: Session) -> Lines:
    told = promised(db, population.NIGHT)
    return {(who, code) for who, codes in told.items() for code in codes}


def _certificates(db: Session) -> int:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    return db.scalar(select(func.count()).select_from(SweepRun).where(done)) or 0


@contextmanager
def _rigged(folder: Path, url: str, size: Size) -> Iterator[tuple[Lab, Nursery]]:
    with laboratory(folder, url, size.agencies) as lab:
        yield lab, lab.nursery(1)


def sweep_killed(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F3: at every stage, before it begins and before it commits, then at random statements; then run to its end."""
    rng = size.random("F3")
    orders = [f"{place}:{number}" for number in range(1, 8) for place in ("sweep.stage", "sweep.commit")]
    orders += [f"statement:{rng.randint(1, 60)}" for _ in range(size.kills)]
    with (
        judged("F3 sweep killed at each stage", folder, new()) as run,
        _rigged(folder, run.url, size) as (lab, nursery),
    ):
        deaths = 0
        for order in orders:
            (status,) = nursery.wait(nursery.fork("sweep", night=NIGHT, failpoint=order))
            deaths += status == -9
        (last,) = nursery.wait(nursery.fork("sweep", night=NIGHT))
        _judge_sweep(run, lab.engine, deaths)
        run.also(last == 0, f"last exit {last}")
    return run.row


def sweeps_at_once(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F12: started at one instant by processes of their own."""
    with (
        judged("F12 sweeps at once", folder, new()) as run,
        _rigged(folder, run.url, size) as (lab, nursery),
    ):
        at = time.time() + 1.5
        pids = [nursery.fork("sweep", night=NIGHT, at=at) for _ in range(STEADY_SWEEPS + size.kills)]
        statuses = nursery.wait(*pids)
        slowest = time.time() - at
        _judge_sweep(run, lab.engine, len(pids))
        run.also(not any(statuses), f"errors {sum(map(bool, statuses))}, slowest {slowest:.1f} s", "errors 0")
    return run.row


def _judge_sweep(run: Any, engine: Engine, n: int) -> None:
    with reading(engine) as db:
        found, wanted, nights = written(db), _wanted(db), _certificates(db)
        mails = db.scalar(select(func.count()).select_from(Message)) or 0
    run.n = n
    people = len({who for who, _ in wanted})
    run.also(
        found == wanted and nights == 1 and mails == people,
        f"lines {len(found)} of {len(wanted)}, mails {mails} of {people}, certificates {nights}",
        "equal to the oracle, 1 certificate",
    )


MOVES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("report", {"text": "Đã xong.", "evidence": ["Biên bản"]}, "clerk"),
    ("accept", {"text": "Đạt."}, "chair"),
    ("reopen", {"reason": "Thiếu hồ sơ.", "due_on": "2026-10-09"}, "chair"),
    ("report", {"text": "Bổ sung.", "evidence": ["Hồ sơ"]}, "clerk"),
    ("send_back", {"reason": "Chưa đủ.", "due_on": "2026-10-16"}, "chair"),
    ("request_extension", {"due_on": "2026-11-20", "reason": "Mưa lũ.", "text": "Một nửa."}, "clerk"),
    ("grant_extension", {"due_on": "2026-11-20"}, "chair"),
    ("suspend", {"reason": "Chờ ý kiến.", "resume_on": "2026-12-01"}, "chair"),
    ("resume", {"text": "Tiếp tục."}, "chair"),
)


def moves_killed(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F4: each move killed before each of its statements, until it has run out of statements to die at."""
    with (
        judged("F4 move killed before each statement", folder, new()) as run,
        _rigged(folder, run.url, Size(size.seed, 3)) as (lab, nursery),
    ):
        run.n = sum(_killed_move(lab, nursery, one, run) for one in MOVES[: size.moves])
        run.also(True, f"moves {size.moves}, disagreeing triples 0" if run.passed else "see above", "0")
    return run.row


def _killed_move(lab: Lab, nursery: Nursery, one: tuple[str, dict[str, Any], str], run: Any) -> int:
    name, inputs, side = one
    who = population.CHI if side == "chair" else population.clerk(0)
    order = {"code": population.code(0), "name": name, "who": who, "inputs": inputs}
    deaths = 0
    while True:
        before = triple(lab.engine)
        (status,) = nursery.wait(nursery.fork("move", failpoint=f"statement:{deaths + 1}", **order))
        after = triple(lab.engine)
        if status == 0:
            run.also(_has_moved(before, after, name), f"{name} after {deaths} deaths")
            return deaths
        if status != -9 or after != before:
            run.also(False, f"{name}: statement {deaths + 1} left {after} for {before}, exit {status}")
            return deaths
        deaths += 1


def triple(engine: Engine) -> tuple[Any, ...]:
    """State, journal and outbox of the first directive: they move together or not at all."""
    with reading(engine) as db:
        one = db.scalars(select(Directive).where(col(Directive.code) == population.code(0))).one()
        ours = col(Event.directive_id) == one.id
        acts = tuple(db.scalars(select(col(Event.act)).where(ours).order_by(col(Event.id))))
        clocks = select(col(Obligation.kind), col(Obligation.status), col(Obligation.due_on))
        owed = tuple(
            db.execute(clocks.where(col(Obligation.directive_id) == one.id).order_by(col(Obligation.id)))
        )
        notices = db.scalar(select(func.count()).select_from(Notice)) or 0
        mails = db.scalar(select(func.count()).select_from(Message)) or 0
    return one.state, one.version, acts, owed, notices, mails


def _has_moved(before: tuple[Any, ...], after: tuple[Any, ...], name: str) -> bool:
    return bool(after[1] == before[1] + 1 and after[2] == (*before[2], name) and after[4] >= before[4])


def closed_during_the_drain(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F15: half of the agencies report while mails leave: what closed before its claim is not told."""
    with (
        judged("F15 reports during the drain", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        stage.lab.faults({"at": "data", "do": "delay", "seconds": 0.03})
        closers = [threading.Thread(target=_report, args=(stage, n)) for n in range(0, size.agencies, 2)]
        pids = [stage.nursery.fork("deliver") for _ in range(2)]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join()
        stage.lab.faults()
        stage.drain()  # nobody is killed: a mail is either sent or not
        for pid in pids:
            stage.nursery.kill(pid)
        _judge_storm(run, stage, len(closers))
    return run.row


def _report(stage: Stage, number: int) -> None:
    with writing(stage.lab.engine) as db:
        desk = Desk(db, access.find_actor(db, population.clerk(number)), stage.lab.now())
        desk.move(
            population.code(number), "report", Inputs(text="Đã xong.", evidence=(Evidence("Biên bản"),))
        )
        desk.finish()


def _judge_storm(run: Any, stage: Stage, n: int) -> None:
    """A line of the clock that was dropped must not have been told, one that was kept must have been."""
    with reading(stage.lab.engine) as db:
        query = (
            select(col(Message.header_id), col(Person.email), col(Directive.code), col(Notice.status))
            .join(Notice, col(Notice.bundle) == col(Message.key))
            .join(Directive, col(Directive.id) == col(Notice.directive_id))
            .join(Person, col(Person.id) == col(Message.person_id))
            .where(col(Notice.sweep_run_id).is_not(None))
        )
        lines = list(db.execute(query))
    sent: dict[str, bytes] = {one["message_id"]: stage.lab.mail(one) for one in stage.lab.journal()}
    kept = [(header, code) for header, _, code, status in lines if status == "wanted"]
    dropped = [(header, code) for header, _, code, status in lines if status == "dropped"]
    unsaid = sum(code.encode() not in sent.get(header or "", b"") for header, code in kept)
    stale = sum(code.encode() in sent.get(header or "", b"") for header, code in dropped)
    run.n = n
    run.also(
        unsaid == 0 and stale == 0,
        f"kept lines {len(kept)} (unsaid {unsaid}), dropped lines {len(dropped)} (told {stale})",
        "unsaid 0, told after the close 0",
    )


def poison(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F13: letters that cannot be rendered are parked and shown; everybody else is told."""
    with (
        judged("F13 mails that cannot be rendered", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        bad = [population.clerk(number) for number in range(1, size.agencies, 7)]
        with writing(stage.lab.engine) as db:
            for person in db.scalars(select(Person).where(col(Person.email).in_(bad))):
                person.email = f"{person.email.partition('@')[0]}@bad\r\nBcc: x@y.example"
        stage.drain()
        with reading(stage.lab.engine) as db:
            parked = [one for one in db.scalars(select(Message)) if one.status.value == "parked"]
        hit = [who for who in bad if who in stage.told]
        stage.told = {who: codes for who, codes in stage.told.items() if who not in bad}
        run.judge(stage.verdict(), len(hit), at_most=0)
        run.also(
            len(parked) == len(hit) and all(one.reason for one in parked),
            f"parked {len(parked)} of {len(hit)}", "all parked with a reason",
        )  # fmt: skip
    return run.row
