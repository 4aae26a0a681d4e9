"""Faults of what is not ours: PostgreSQL, Redis, the disk. Each runs the product's own processes against it."""

import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tasks import child
from tasks.selftest.lab import wait_for
from tasks.selftest.stage import NewDatabase, Row, Size, Stage, staged
from tasks.selftest.verdicts import Judged, judged
from tasks.worker import worker_command, worker_environment
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

ROOT = Path(__file__).resolve().parents[2]
TMPFS_BYTES = 3 * 2**20
FILE_BYTES = 16_384  # three pages of the journal, and room for what the senders say
NO_ROOM, NO_GROWTH = "disk is full", "disk I/O error"


def postgres_crashes(server: PostgresServer, folder: Path, new: NewDatabase, size: Size) -> Row:
    """F7: power off under the senders, again and again; nothing is flushed, no child says goodbye."""
    rng = size.random("F7")
    crashes = max(2, size.kills // 3)
    with (
        judged("F7 PostgreSQL crashes during the drain", folder, new()) as run,
        staged(folder, run.url, 3 * size.agencies) as stage,
    ):
        stage.lab.faults({"at": "data", "do": "delay", "seconds": 0.05})
        senders = [stage.nursery.fork("deliver") for _ in range(2)]
        for _ in range(crashes):
            time.sleep(rng.uniform(0.2, 0.6))
            server.crash()
            server.start()
        stage.lab.faults()
        back = time.monotonic()
        stage.drain()
        for sender in senders:
            stage.nursery.kill(sender)
        run.judge(stage.verdict(), crashes, at_most=2 * crashes)
        run.also(time.monotonic() - back < 30, f"empty {time.monotonic() - back:.1f} s after the last")
    return run.row


def connections_ended(server: PostgresServer, folder: Path, new: NewDatabase, size: Size) -> Row:
    """F7: every connection of ours terminated, as a pooler or an administrator would."""
    with (
        judged("F7 all connections ended", folder, new()) as run,
        staged(folder, run.url, 2 * size.agencies) as stage,
    ):
        stage.lab.faults({"at": "data", "do": "delay", "seconds": 0.03})
        senders = [stage.nursery.fork("deliver") for _ in range(2)]
        for _ in range(size.kills):
            time.sleep(0.15)
            server.end_connections()
        stage.lab.faults()
        stage.drain()
        for sender in senders:
            stage.nursery.kill(sender)
        run.judge(stage.verdict(), size.kills, at_most=2 * size.kills)
    return run.row


def sqlite_killed(folder: Path, new: NewDatabase, size: Size) -> Row:
    """F8: killed in commits while a reader stays open and copies are taken; the file stays whole."""
    rng = size.random("F8")
    with judged("F8 SQLite: kills, a long reader, online copies", folder, new()) as run:
        path = run.url.removeprefix("sqlite:///")
        with staged(folder, run.url, size.agencies) as stage, closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN").execute("SELECT count(*) FROM message").fetchone()
            copies = []
            for number in range(size.kills):
                stage.killed(rng, longest=0.3)
                copies.append(_copied(path, folder / f"copy{number}.db"))
            stage.drain()
            run.judge(stage.verdict(), size.kills, at_most=size.kills)
            whole = [*copies, _check(path)]
            run.also(set(whole) == {"ok"}, f"integrity ok {whole.count('ok')} of {len(whole)}", "all ok")
    return run.row


def _copied(path: str, copy: Path) -> str:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return _check(str(copy))


def _check(path: str) -> str:
    with closing(sqlite3.connect(path)) as db:
        return str(db.execute("PRAGMA integrity_check").fetchone()[0])


def disk_full(folder: Path, _new: NewDatabase, _size: Size) -> Row:
    """F11: the disk of the database fills up under sweep and senders and is freed again.

    Where no small disk may be mounted, the senders' files may not grow: the same refusal under another name.
    """
    small = folder / "small"
    small.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_BYTES}", "tmpfs", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        return files_limited(folder, small)
    try:
        return _filled(folder, small)
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def files_limited(folder: Path, small: Path) -> Row:
    """F11 without root: the limit is set and lifted from outside, as a quota would be."""
    with (
        judged("F11 no file may grow during the drain", folder, f"sqlite:///{small}/lab.db") as run,
        staged(folder, run.url, 20) as stage,
    ):
        nursery = stage.nursery.process.pid
        for _ in range(3):
            _limit(nursery, FILE_BYTES)
            sender = stage.nursery.fork("deliver")
            _limit(nursery, resource.RLIM_INFINITY)
            _told_again(stage, NO_GROWTH)
            _limit(sender, resource.RLIM_INFINITY)
            stage.nursery.kill(sender)
        stage.drain()
        _judge_full(run, stage, folder, small, NO_GROWTH)
    return run.row


def _told_again(stage: Stage, sentence: str) -> None:
    """However slow the machine: until a sender has met the fault, or has found room for everything."""
    log = stage.lab.home / "nursery.log"
    before = log.read_text().count(sentence)
    wait_for(
        lambda: log.read_text().count(sentence) > before or stage.is_empty(), f"no sender says: {sentence}"
    )


def _limit(pid: int, most: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _judge_full(run: Judged, stage: Stage, folder: Path, small: Path, sentence: str) -> None:
    run.judge(stage.verdict(), 3, at_most=3)
    run.also(_check(f"{small}/lab.db") == "ok", "integrity ok", "ok")
    log = (folder / "nursery.log").read_text()
    traces = log.count("Traceback")
    run.also(
        not traces and sentence in log,
        f"'{sentence}' said {log.count(sentence)} times, stack traces {traces}",
        "no stack trace",
    )


def _filled(folder: Path, small: Path) -> Row:
    with (
        judged("F11 disk full during the drain", folder, f"sqlite:///{small}/lab.db") as run,
        staged(folder, run.url, 20) as stage,
    ):
        ballast = small / "ballast"
        for _ in range(3):
            _fill(ballast)
            sender = stage.nursery.fork("deliver")
            _told_again(stage, NO_ROOM)
            ballast.unlink()
            stage.nursery.kill(sender)
        stage.drain()
        _judge_full(run, stage, folder, small, NO_ROOM)
    return run.row


def _fill(ballast: Path) -> None:
    """To the last byte: the database may not grow by a page."""
    with ballast.open("wb", buffering=0) as out:
        for block in (65536, 4096, 512, 1):
            try:
                while True:
                    out.write(b"\0" * block)
            except OSError:
                continue


def broker_lost(server: RedisServer, folder: Path, new: NewDatabase, size: Size) -> Row:
    """F6: the real clock and worker sweep and send while Redis is flushed, killed, stopped and restarted."""
    with (
        judged("F6 Redis flushed, killed, away", folder, new()) as run,
        staged(folder, run.url, size.agencies) as stage,
    ):
        stage.lab.faults({"at": "data", "do": "delay", "seconds": 0.05})
        running = parts(stage.lab.environment(
            DONDOC_BROKER_URL=server.url, DONDOC_POLL_SECONDS="0.5", DONDOC_WORKER_PROCESSES="1",
            DONDOC_SMTP_URL=f"smtp://127.0.0.1:{stage.port}?starttls=never",
        ), folder, 1)  # fmt: skip
        try:
            for _ in range(3):
                time.sleep(0.7)
                server.flush()
                server.kill()
                time.sleep(0.5)
                server.start()
            back = time.monotonic()
            wait_for(stage.is_empty, "the outbox does not empty", 90)
            delay = time.monotonic() - back
        finally:
            for part in running:
                child.stop(part, 20)
        run.judge(stage.verdict(), 3, at_most=0)
        run.also(delay <= 60, f"empty {delay:.1f} s after Redis came back", "<= 60 s")
    return run.row


def parts(environment: dict[str, str], folder: Path, processes: int) -> list["subprocess.Popen[bytes]"]:
    """Worker and clock, as a service starts them."""
    with (folder / "parts.log").open("ab") as log:
        env = {**environment, **{k: v for k, v in worker_environment().items() if k not in environment}}
        return [
            child.spawn(worker_command(processes), env=env, cwd=ROOT, output=log),
            child.spawn([sys.executable, "-m", "cli.main", "clock"], env=environment, cwd=ROOT, output=log),
        ]
