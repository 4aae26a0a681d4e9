"""Breaks a copy of the product in known ways and shows the test that notices: `python -m tests.faultlab.mutants`.

All of those tests must pass on the untouched copy first.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("workflow", "notifications", "reports", "config", "tasks", "web", "cli", "migrations", "tests")
FAULTS = "tests/faultlab/test_faults.py"
INVARIANTS = "tests/invariants/test_protocol.py"


@dataclass(frozen=True)
class Mutant:
    """`changes`: (file, what stands there once, what stands there now)."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    test: str


MUTANTS = (
    Mutant(
        "mark before send",
        (
            (
                "notifications/delivery.py",
                "            outcome = connection.send(returns_to",
                '            early = Outcome(Fate.HANDED_OVER, 250, "early")\n'
                "            marks.add(parcel, early, at=self.now(), began=0.0)\n"
                "            outcome = connection.send(returns_to",
            ),
        ),
        f"{FAULTS}::test_a_death_before_the_final_dot_doubles_nothing_and_one_after_it_doubles_one[smtp.body]",
    ),
    Mutant(
        "no claim",
        (
            (
                "workflow/outbox.py",
                "col(Message.next_attempt_at) <= at, free)",
                "col(Message.next_attempt_at) <= at)",
            ),
        ),
        "tests/engine/test_outbox.py::test_a_claimed_message_is_not_claimed_again_until_its_lease_ends[sqlite]",
    ),
    Mutant(
        "no re-check of state",
        (("workflow/outbox.py", "tuple(line for line in own if _keep(line))", "tuple(own)"),),
        "tests/engine/test_outbox.py::test_a_directive_closed_before_the_claim_is_left_out_of_the_mail[sqlite]",
    ),
    Mutant(
        "deferred BEGIN",
        (("config/database.py", 'else "BEGIN IMMEDIATE")', 'else "BEGIN")'),),
        "tests/config/test_database.py::test_writers_who_read_first_queue_up_and_lose_no_update[sqlite]",
    ),
    Mutant(
        "publish before commit",
        (
            (
                "tasks/jobs.py",
                "    run = sweep(partial(writing",
                '    bell.ring("dondoc.deliver")\n    run = sweep(partial(writing',
            ),
        ),
        f"{INVARIANTS}::test_the_bell_rings_when_what_it_rings_for_is_committed[sqlite]",
    ),
    Mutant(
        "ETA task",
        (
            (
                "tasks/app.py",
                "kwargs=arguments, expires=expires,",
                "kwargs=arguments, expires=expires, countdown=40,",
            ),
        ),
        f"{INVARIANTS}::test_a_ring_carries_no_hour_to_run_at",
    ),
    Mutant(
        "new Message-ID on retry",
        (
            (
                "notifications/packing.py",
                "{message.key.lower().replace(':', '.')}@",
                "{message.key.lower().replace(':', '.')}.{message.attempts}@",
            ),
            (
                "workflow/outcomes.py",
                "status=MessageStatus.PENDING, next_attempt_at=at, lease_until=None, response=response,",
                "status=MessageStatus.PENDING, mime=None, next_attempt_at=at, lease_until=None, response=response,",
            ),
        ),
        "tests/engine/test_delivery.py::test_a_cut_after_the_final_dot_repeats_the_same_bytes_once[sqlite]",
    ),
    Mutant(
        "naive local time",
        (("tasks/nights.py", "(now - wait).astimezone(zone)", "(now - wait).replace(tzinfo=None)"),),
        f"{INVARIANTS}::test_a_night_begins_by_the_clock_of_the_delegations_zone[instant1-night1]",
    ),
    Mutant(
        "session advisory lock",
        (("config/schema.py", "pg_advisory_xact_lock", "pg_advisory_lock"),),
        f"{INVARIANTS}::test_no_lock_outlives_an_upgrade[postgresql]",
    ),
    Mutant(
        "except: pass around a row",
        (
            (
                "notifications/packing.py",
                '            outbox.park(message, at=at, reason=f"{type(fault).__name__}: {fault}"[:500])\n',
                "            del fault\n",
            ),
        ),
        "tests/invariants/test_last_word.py::test_a_letter_that_cannot_be_made_is_parked_with_its_reason_while_the_others_leave[sqlite]",
    ),
    Mutant(
        "sweep due == today",
        (
            (
                "workflow/sweep/remind.py",
                "col(Obligation.due_on).between(hit.due_from, hit.due_to)",
                "col(Obligation.due_on) == hit.due_to",
            ),
        ),
        "tests/engine/test_sweep.py::test_missed_nights_are_caught_up_with_one_mail_and_no_jump_of_levels[sqlite]",
    ),
    Mutant(
        "filter missing on one route",  # a file has one filter; the page has two, either of which would hide it
        (
            (
                "workflow/store/directives.py",
                "db.scalar(select(Directive).where(col(Directive.code) == code, access.visible(actor)))",
                "db.scalar(select(Directive).where(col(Directive.code) == code))",
            ),
        ),
        "tests/web/test_acts.py::test_a_report_with_a_file_keeps_it_under_its_digest_and_gives_it_back[sqlite]",
    ),
    Mutant(
        "filter missing on the acts",
        (
            (
                "workflow/desk.py",
                "select(Directive).where(col(Directive.code) == code, access.visible(self.actor))",
                "select(Directive).where(col(Directive.code) == code)",
            ),
        ),
        "tests/engine/test_desk.py::test_a_stranger_cannot_tell_a_foreign_directive_from_none[sqlite]",
    ),
)


@dataclass(frozen=True)
class Tried:
    mutant: Mutant
    is_caught: bool
    said: str
    seconds: float


def copied(folder: Path) -> Path:
    skip = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "docs", folder / "docs")
    return folder


def broken(folder: Path, mutant: Mutant) -> dict[Path, str]:
    """What the changed files said before. A change that fits nowhere, or twice, is an error of this table."""
    before: dict[Path, str] = {}
    for name, old, new in mutant.changes:
        path = folder / name
        source = path.read_text(encoding="utf-8")
        if source.count(old) != 1:
            raise LookupError(f"{mutant.name}: {name} has {source.count(old)} times {old!r}")
        before.setdefault(path, source)
        path.write_text(source.replace(old, new), encoding="utf-8")
    return before


def run_tests(folder: Path, *tests: str) -> tuple[bool, str]:
    """Whether all passed; and the line that says why not."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-x",
        "--no-header",
        "-p",
        "no:cacheprovider",
        *tests,
    ]
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode not in (0, 1):
        raise LookupError(f"{tests}: {done.stdout[-500:]}{done.stderr[-500:]}")
    failed = [line for line in done.stdout.splitlines() if line.startswith(("E  ", "FAILED"))]
    return done.returncode == 0, (failed or [""])[0].strip()


def tried(folder: Path, mutant: Mutant) -> Tried:
    began = time.monotonic()
    before = broken(folder, mutant)
    try:
        passed, said = run_tests(folder, mutant.test)
    finally:
        for path, source in before.items():
            path.write_text(source, encoding="utf-8")
    return Tried(mutant, not passed, said, time.monotonic() - began)


def main() -> int:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    wanted, results = [one for one in MUTANTS if only in one.name], []
    with tempfile.TemporaryDirectory(prefix="dondoc-mutants-") as name:
        folder = copied(Path(name))
        healthy, said = run_tests(folder, *(one.test for one in wanted))
        if not healthy:
            print(f"the untouched copy fails: {said}")
            return 1
        print("| mutant | caught | by | said | seconds |\n|---|---|---|---|---:|")
        for mutant in wanted:
            result = tried(folder, mutant)
            results.append(result)
            said = result.said.replace("|", "\\|")[:110]
            caught = "yes" if result.is_caught else "NO"
            print(f"| {mutant.name} | {caught} | {mutant.test} | {said} | {result.seconds:.0f} |", flush=True)
    total = sum(one.is_caught for one in results)
    print(f"\ncaught {total} of {len(results)}")
    return 0 if results and total == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
