"""A fault of ours: one sentence on the screen, the trace in a file, nothing half-done."""

from pathlib import Path

from sqlalchemy import Engine, text

from tests.cli.conftest import Shell
from tests.world import World


def spoil(engine: Engine) -> None:
    with engine.begin() as db:
        db.execute(text("ALTER TABLE sending_pause RENAME TO spoiled"))


def mend(engine: Engine) -> None:
    with engine.begin() as db:
        db.execute(text("ALTER TABLE spoiled RENAME TO sending_pause"))


def test_a_fault_is_one_sentence_and_a_file(engine: Engine, world: World, shell: Shell) -> None:
    spoil(engine)
    try:
        answer = shell("sweep", "pause", "--reason", "thử")
    finally:
        mend(engine)
    assert answer.code == 70
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert "Traceback" not in answer.err
    (kept,) = (shell.home / "errors").iterdir()
    assert str(kept) in answer.err
    assert "sending_pause" in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0


def test_without_a_home_the_trace_goes_to_the_temporary_folder(shell: Shell, tmp_path: Path) -> None:
    from cli import accident

    (shell.home / "errors").write_text("a file where the folder should be", encoding="utf-8")
    kept = accident._keep("a trace")
    assert kept.parent != shell.home / "errors"
    assert kept.read_text(encoding="utf-8") == "a trace"
    kept.unlink()
