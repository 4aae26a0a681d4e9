"""Faults of senders and of the relay: killed, frozen, cut, refused."""

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from config.database import reading
from notifications.delivery import LEAST
from tasks.selftest.stage import NewDatabase, Row, Size, staged
from tasks.selftest.verdicts import Judged, judged
from workflow.failpoints import PLACES
from workflow.models.message import Message

POINTS = tuple(place for place in PLACES if not place.startswith("sweep."))
ALLOWED = {"smtp.dot": 1, "smtp.answer": 1}
"""Duplicates a kill may cost: only between the final dot and the line of the sent journal."""
FREEZING_LEASE = 2.0
"""Seconds. Long enough that a busy machine overtakes nobody who is not frozen: that would be a duplicate too."""
MANY_KILLS = 20
"""From so many on a run is a long one."""
CUTS = {"at": "data", "do": "cut after dot", "every": 9}


def senders_killed(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F1: killed at random instants, while the relay cuts one connection in nine after the dot."""
    rng = size.random("F1")
    with (
        judged("F1 senders killed at random", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        stage.lab.faults(CUTS)
        for _ in range(size.kills):
            stage.killed(rng)
        stage.drain(senders=2)
        cuts = sum(entry["outcome"] == "cut" for entry in stage.lab.journal())
        run.judge(stage.verdict(), size.kills, at_most=size.kills + cuts)
    return run.row


def killed_at_each_point(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F2: one sender dies at each named place; only what had left may come twice."""
    with (
        judged("F2 sender killed at each of 7 places", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        for place in POINTS:
            stage.dies_at(place, 1 if place.startswith(("claim", "mark")) else 2)
        stage.drain()
        run.judge(stage.verdict(), len(POINTS), at_most=sum(ALLOWED.values()))
    return run.row


def duplicates_of(place: str, folder: Path, url: str, agencies: int = 10) -> tuple[int, int]:
    """(lost, duplicates) after one sender died at this place."""
    with staged(folder, url, agencies) as stage:
        stage.dies_at(place, 1)
        stage.drain()
        verdict = stage.verdict()
    return verdict.lost, verdict.duplicates


def senders_frozen(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F5: stopped for three leases, overtaken, woken: late results change nothing, and nothing more leaves.

    Senders that share an outbox freeze at all places at once. SQLite has one sender, whom nobody may overtake: it
    freezes at one place after the other, in the short form at every third.
    """
    with judged("F5 sender frozen past its lease", folder, new()) as run:
        if run.url.startswith("sqlite"):
            for place in POINTS if size.kills >= MANY_KILLS else POINTS[::3]:
                with staged(folder / place, new(), 2 * LEAST, lease=0.5) as stage:
                    stage.frozen([place], 3, left=2 * LEAST)
                    verdict = stage.verdict()
                run.n += 1
                run.also(verdict.is_exact and not verdict.duplicates, f"{place}: {verdict.short}")
            run.bounds.append("lost 0, duplicates 0")
        else:
            _frozen_together(run, folder)
    return run.row


def _frozen_together(run: Judged, folder: Path) -> None:
    """Who is frozen within a transaction keeps its rows locked, so nobody takes those."""
    agencies = 2 * LEAST * len(POINTS)  # two of three are told this night: a full batch for each
    within = sum(place.endswith(".commit") for place in POINTS)
    with staged(folder, run.url, agencies, lease=FREEZING_LEASE) as stage:
        stage.frozen(POINTS, 3, left=LEAST * within)
        run.judge(stage.verdict(), len(POINTS), at_most=sum(ALLOWED.values()))


RELAY_FAULTS = (
    ("421 at MAIL", {"at": "mail", "reply": "421 4.3.2 closing"}),
    ("450 at RCPT", {"at": "rcpt", "reply": "450 4.2.0 greylisted"}),
    ("451 after DATA", {"at": "data", "reply": "451 4.3.0 busy"}),
    ("452 at RCPT", {"at": "rcpt", "reply": "452 4.3.1 no room"}),
    ("cut at MAIL", {"at": "mail", "do": "cut"}),
    ("cut at RCPT", {"at": "rcpt", "do": "cut"}),
    ("cut before the dot's answer, not kept", {"at": "data", "do": "cut"}),
    ("answer after 1 s", {"at": "data", "do": "delay", "seconds": 1.0}),
    ("cut after the dot", {"at": "data", "do": "cut after dot"}),
)


def relay_misbehaves(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F9: each kind of trouble meets every third mail for a while; all passes, so all must arrive."""
    with (
        judged("F9 relay: 9 kinds of trouble", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        stage.lab.faults(*({**fault, "every": 3, "times": 2} for _, fault in RELAY_FAULTS))
        stage.drain()
        cuts = sum(entry["outcome"] == "cut" for entry in stage.lab.journal())
        run.judge(stage.verdict(), 2 * len(RELAY_FAULTS), at_most=cuts)
    return run.row


def relay_refuses_some(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F9: 550 for some recipients: those are rejected and on the screen, everybody else hears."""
    with (
        judged("F9 relay: 550 for some recipients", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        unreachable = {address for address in stage.told if address.startswith("clerk0001")}
        stage.lab.faults({"at": "rcpt", "to": "clerk0001", "reply": "550 5.1.1 nobody here"})
        stage.drain()
        with reading(stage.lab.engine) as db:
            fates = Counter(one.status.value for one in db.scalars(select(Message)))
        stage.told = {who: codes for who, codes in stage.told.items() if who not in unreachable}
        run.judge(stage.verdict(), len(unreachable), at_most=0)
        run.also(fates["rejected"] == len(unreachable), f"rejected {fates['rejected']}")
    return run.row


def relay_away(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F9: killed and started again while mails flow: nothing costs an attempt, nothing is lost."""
    rng = size.random("F9")
    with (
        judged("F9 relay killed and restarted", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        for _ in range(3):
            sender = stage.nursery.fork("deliver")
            Judged.pause(rng)
            stage.lab.relay.kill()
            stage.lab.relay.wait()
            Judged.pause(rng)
            stage.lab.start_relay(stage.port)
            stage.nursery.kill(sender)
        stage.drain()
        run.judge(stage.verdict(), 3, at_most=6)
    return run.row
