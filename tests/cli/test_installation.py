"""dondoc status, doctor, db, and what every command has in common."""

import json
import os
import pty
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from cli import nouns
from config.database import writing
from config.instant import real_now
from tasks.nights import beat
from tests.cli.conftest import Shell
from tests.world import World, at
from workflow import job_runs
from workflow.models.person import Mailbox, Person

ROOT = Path(__file__).resolve().parents[2]


def test_status_is_one_screen_of_nights_directives_mails_and_processes(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 8, 21))
    world.night(date(2026, 8, 25))
    beat(world.engine, "clock", real_now() - timedelta(seconds=5))
    shell.set_now(at(date(2026, 8, 25)))
    document = json.loads(shell("status", "--json").out)
    assert document["directives"] == {"overdue": 1}
    assert document["last_night"]["open"] == document["last_night"]["looked_at"]
    assert document["next_night"] == "2026-08-26"
    assert 4 <= document["heartbeats"]["clock"] <= 60
    assert document["heartbeats"]["worker"] is None
    lines = shell("status").out.splitlines()
    assert lines[1] == "Nhiệm vụ\t1 nhiệm vụ: 1 quá hạn. Ngày = ngày làm việc."
    assert len(lines) <= 10


def test_a_worker_that_does_its_jobs_is_not_told_as_one_that_never_ran(world: World, shell: Shell) -> None:
    beat(world.engine, "clock", real_now())
    assert parts(shell("doctor", "--json").out)["worker"] is False
    for ago, is_well in ((40, True), (600, False)):
        with writing(world.engine) as db:
            job_runs.note(
                db, "dondoc.seal", real_now() - timedelta(seconds=ago), timedelta(seconds=1), error=None
            )
        found = json.loads(shell("doctor", "--json").out)
        assert next(one["ok"] for one in found if one["part"] == "worker") is is_well
        assert ago - 2 <= json.loads(shell("status", "--json").out)["heartbeats"]["worker"] <= ago + 30


def test_an_agency_reads_its_own_counts_in_status(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 12, 25))
    assert json.loads(shell("status", "--json", who="ben").out)["directives"] == {"in_time": 1}
    foreign = json.loads(shell("status", "--json", who="cleo").out)
    assert (foreign["directives"], foreign["outbox"], foreign["last_night"]) == ({}, {}, None)


def parts(out: str) -> dict[str, bool]:
    return {one["part"]: one["ok"] for one in json.loads(out)}


def test_doctor_finds_nothing_wrong_with_a_living_installation(
    world: World, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_BROKER_URL", "memory://")
    for name in ("clock", "worker"):
        beat(world.engine, name, real_now())
    answer = shell("doctor", "--json")
    assert (answer.code, {part for part, ok in parts(answer.out).items() if not ok}) == (0, set())


def test_doctor_names_what_is_wrong_and_how_to_mend_it(
    world: World, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_BROKER_URL", "redis://127.0.0.1:9/0")
    monkeypatch.setenv("DONDOC_SMTP_URL", "smtp://127.0.0.1:9")
    world.issue("GS14-01", due=date(2026, 12, 25))
    world.night(date(2026, 8, 21))
    with writing(world.engine) as db:
        names = ["ben@lamgiang.example", "huy@lamgiang.example"]
        for one in db.scalars(select(Person).where(col(Person.email).in_(names))):
            one.mailbox = Mailbox.DEAD
    beat(world.engine, "clock", real_now() - timedelta(hours=1))
    shell.set_now(at(date(2026, 11, 25)))
    answer = shell("doctor", "--json")
    wrong = {part for part, ok in parts(answer.out).items() if not ok}
    assert answer.code == 4
    assert wrong == {"broker", "channel", "clock", "worker", "sweep", "mailboxes", "contacts", "calendar"}
    remedies = [row[3] for row in shell("doctor").rows() if row[0] == "!!"]
    assert "dondoc sweep run" in remedies


def test_doctor_says_a_wrong_setting_and_stops_there(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_PORT", "chín")
    answer = shell("doctor")
    assert answer.code == 4
    assert "DONDOC_PORT" in answer.out


def test_an_empty_database_is_one_sentence_with_its_remedy(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("DONDOC_HOME", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")
    shell = Shell(tmp_path)
    refused = shell("directive", "list")
    assert refused.code == 75
    assert "dondoc db upgrade" in refused.err
    assert shell("db", "check").code == 75
    assert shell("db", "upgrade").code == 0
    assert shell("db", "check").code == 0


def test_a_database_that_is_away_is_said_in_one_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none")
    answer = shell("status")
    assert answer.code == 75
    assert answer.out == ""
    assert "Traceback" not in answer.err


def test_every_noun_in_the_table_has_its_command_and_help(shell: Shell) -> None:
    for noun in nouns.TABLE:
        answer = shell(noun, "--help")
        assert answer.code == 0, noun
        assert f"dondoc {noun}" in answer.out, noun


def test_help_speaks_one_language_at_a_time(shell: Shell) -> None:
    vi, en = shell("directive", "--help").out, shell("--lang", "en", "directive", "--help").out
    assert "Đề nghị, đồng ý, từ chối gia hạn" in vi
    assert "extensions." not in vi
    assert "extensions." in en
    assert "gia hạn" not in en


def test_wrong_usage_is_two_and_no_help_is_shown_to_a_script(shell: Shell) -> None:
    assert shell("directive", "list", "--colour").code == 2
    assert shell("chuyện").code == 2
    assert shell("directive", "show").code == 2


def process(shell: Shell, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def on_terminal(shell: Shell, *words: str, **environment: str) -> str:
    """What a person at a terminal of 120 columns sees."""
    main, side = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", **environment}
    command = [sys.executable, "-m", "cli.main", *words]
    child = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=side, stderr=side, stdin=side)
    os.close(side)
    seen = b""
    while True:
        try:
            more = os.read(main, 65536)
        except OSError:
            break
        if not more:
            break
        seen += more
    child.wait()
    os.close(main)
    return seen.decode()


def test_a_terminal_shows_the_same_with_and_without_colour(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 8, 21))
    world.issue("GS14-02", due=date(2026, 12, 25), title="Khai thác [bold]khoáng sản[/bold]")
    shell.set_now(at(date(2026, 9, 4)))
    coloured = on_terminal(shell, "directive", "list")
    plain = on_terminal(shell, "directive", "list", NO_COLOR="1")
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == re.sub(r"\x1b\[[0-9;]*m", "", plain)
    assert "\x1b[31" not in plain
    assert "[bold]khoáng sản[/bold]" in plain
    assert "2 nhiệm vụ: 1 quá hạn, 1 trong hạn." in plain


def test_ascii_draws_tables_without_box_characters(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 12, 25))
    assert "─" in on_terminal(shell, "directive", "list", NO_COLOR="1")
    plain = on_terminal(shell, "--ascii", "directive", "list", NO_COLOR="1")
    assert not set(plain) & set("━─│┃╇═")
    assert "GS14-01" in plain


def test_a_pipe_gets_columns_and_nothing_else(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 12, 25), title="Rất dài " * 24)
    done = process(shell, "directive", "list")
    assert done.returncode == 0
    heading, *lines = done.stdout.splitlines()
    assert len(lines) == 1
    assert len(lines[0].split("\t")) == len(heading.split("\t")) == 7
    assert "\x1b" not in done.stdout
    assert done.stderr.startswith("1 nhiệm vụ")


def test_a_refusal_in_a_real_process_keeps_its_exit_code(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 12, 25))
    done = process(shell, "--as", "cleo@lamgiang.example", "directive", "show", "GS14-01")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "Không tìm thấy nhiệm vụ GS14-01.\n"


def test_help_imports_no_command(shell: Shell) -> None:
    script = (
        "import sys; from cli import main; main.run(['--help']); "
        "print(sorted(name for name in sys.modules if name.split('.')[0] in "
        "('sqlalchemy', 'rich', 'celery', 'pydantic', 'jinja2') or name.startswith('cli.commands.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
