"""The command as a shell sees it: arguments in, exit code and both streams out."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from cli import main
from config.instant import set_now
from tests.world import World, at


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    def rows(self) -> list[list[str]]:
        """Piped output as columns, without its heading."""
        return [line.split("\t") for line in self.out.splitlines()[1:]]

    def column(self, number: int) -> list[str]:
        return [row[number] for row in self.rows()]


class Shell:
    """Runs `dondoc` in this process, on the tables of one world, at an instant that stands still."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = home / "clock"

    def set_now(self, instant: datetime) -> None:
        set_now(self.clock, instant)

    def __call__(self, *arguments: str, who: str | None = None, stdin: str | None = None) -> Answer:
        named = ("--as", f"{who}@lamgiang.example") if who else ()
        with CliRunner().isolation(input=stdin) as (out, err, _):
            code = main.run([*named, *arguments])
            return Answer(code, out.getvalue().decode(), err.getvalue().decode())


@pytest.fixture
def shell(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    home = tmp_path / "home"
    home.mkdir()
    shell = Shell(home)
    for name, value in {
        "HOME": home, "DATABASE_URL": database_url, "CLOCK_FILE": shell.clock, "LOG_LEVEL": "ERROR",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"DONDOC_{name}", str(value))
    for name in ("DONDOC_ACTOR", "DONDOC_LOCALE", "NO_COLOR"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    shell.set_now(at(date(2026, 8, 20)))
    return shell


@pytest.fixture
def world(engine: Engine, shell: Shell) -> World:
    """Thursday 20 August 2026, nothing issued yet."""
    return World(engine)
