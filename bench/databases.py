"""Databases for benchmarks: a filled original, and a fresh copy of it for every run.

PostgreSQL runs with fsync on, as in production; SQLite with synchronous=FULL in a folder on disk.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from config import schema
from config.database import open_database
from tests.servers.postgres import PostgresServer

DURABLE = (
    "max_connections=200", "shared_buffers=512MB", "wal_compression=on", "max_wal_size=4GB",
    "checkpoint_timeout=30min",
)  # fmt: skip
KINDS = ("postgresql", "sqlite")
Fill = Callable[[Engine], None]


class Original(Protocol):
    def copy(self) -> str:
        """The address of a fresh copy; the one before it is gone."""


@contextmanager
def original(kind: str, fill: Fill) -> Iterator[Original]:
    with (_postgresql if kind == "postgresql" else _sqlite)(fill) as made:
        yield made


class _Cluster:
    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.template = server.create_database()
        self.current: str | None = None

    def copy(self) -> str:
        if self.current is not None:
            self.server.drop_database(self.current)
        self.current = self.server.create_database(self.template)
        return self.server.url(self.current)


@contextmanager
def _postgresql(fill: Fill) -> Iterator[Original]:
    server = PostgresServer(settings=DURABLE).start()
    try:
        cluster = _Cluster(server)
        _filled(server.url(cluster.template), fill)
        yield cluster
    finally:
        server.remove()


class _File:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "original.db"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def copy(self) -> str:
        for old in self.folder.glob("copy.db*"):
            old.unlink()
        shutil.copy(self.path, self.folder / "copy.db")
        return f"sqlite:///{self.folder / 'copy.db'}"


@contextmanager
def _sqlite(fill: Fill) -> Iterator[Original]:
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        file = _File(Path(folder))
        _filled(file.url, fill)
        yield file


def _filled(url: str, fill: Fill) -> None:
    engine = open_database(url)
    schema.upgrade(engine)
    fill(engine)
    engine.dispose()
