"""F18: two releases on one database. The older is this one less its newest migration, in a copy of its own."""

import shutil
import time
from pathlib import Path

from config import schema
from tasks.selftest.lab import wait_for
from tasks.selftest.stage import NewDatabase, Row, Size, staged
from tasks.selftest.verdicts import judged

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workflow", "notifications", "reports", "config", "tasks", "web", "cli", "migrations")
MOST_SECONDS = 5.0
"""How long an upgrade may keep writers waiting."""


def older(folder: Path) -> tuple[Path, str]:
    """The copy, and the version of the tables it knows."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    *_, before, newest = sorted((folder / "migrations/versions").glob("0*.py"))
    newest.unlink()
    return folder, before.name.partition("_")[0]


def upgraded(folder: Path, new: NewDatabase, size: Size) -> Row:
    """Senders of both releases run before, during and after the upgrade; each sends on its own tables only."""
    source, version = older(folder / "older")
    with (
        judged("F18 upgrade under load, old and new senders", folder, new()) as run,
        staged(folder, run.url, 3 * size.agencies) as stage,
    ):
        schema.downgrade(stage.lab.engine, version)
        old_log, new_log = folder / "older.log", folder / "nursery.log"
        old = stage.lab.nursery(stage.port, log=old_log, PYTHONPATH=str(source), PYTHONSAFEPATH="1")
        stage.lab.faults({"at": "data", "do": "delay", "seconds": 0.05})
        senders = [(old, old.fork("deliver")), (stage.nursery, stage.nursery.fork("deliver"))]
        refusals = {"new": (new_log, version), "old": (old_log, schema.newest())}
        _hear(*refusals["new"])
        wait_for(lambda: len(stage.lab.journal()) > size.agencies // 2, "the older release sends nothing")
        began = time.monotonic()
        schema.upgrade(stage.lab.engine)
        seconds = time.monotonic() - began
        stage.lab.faults()
        wait_for(stage.is_empty, "the outbox does not empty", 120)
        _hear(*refusals["old"])
        for nursery, pid in senders:
            nursery.kill(pid)
        run.judge(stage.verdict(), 2, at_most=0)
        run.also(seconds <= MOST_SECONDS, f"upgrade {seconds:.2f} s", f"<= {MOST_SECONDS:.0f} s")
        run.also(True, "each refused the other's tables", "both refuse")
    return run.row


def _hear(log: Path, version: str) -> None:
    """Raises LabFailed when nobody refuses the tables of that version."""
    wait_for(lambda: f"at version {version}" in log.read_text(), f"{log.name}: nobody refuses {version}", 120)
