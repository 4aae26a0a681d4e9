"""What a piece of work used up, whoever else is busy on the machine: CPU on both sides, log, round trips."""

from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Engine, event, text


@dataclass(frozen=True)
class Spent:
    """Seconds of CPU of this process and of its database backend; `wal` in bytes, 0 on SQLite."""

    cpu: float
    wal: int
    statements: int


@dataclass
class Meter:
    """Of one engine, used by one thread: its pool then holds one connection, with one backend."""

    engine: Engine
    statements: int = 0
    _began: tuple[float, int] = field(default=(0.0, 0))

    def __post_init__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._count)

    def start(self) -> None:
        self._began, self.statements = self._read(), 0

    def spent(self) -> Spent:
        statements = self.statements
        cpu, wal = self._read()
        return Spent(cpu - self._began[0], wal - self._began[1], statements)

    def _read(self) -> tuple[float, int]:
        if self.engine.dialect.name != "postgresql":
            return process_time(), 0
        with self.engine.connect() as connection:
            pid, wal = connection.execute(
                text("SELECT pg_backend_pid(), pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
            ).one()
        return process_time() + on_cpu(pid), int(wal)

    def _count(self, *_call: Any) -> None:
        self.statements += 1


def cpu_of_all(engine: Engine) -> float:
    """Seconds so far of this process and, on PostgreSQL, of every backend of its database that lives."""
    if engine.dialect.name != "postgresql":
        return process_time()
    with engine.connect() as connection:
        query = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = list(connection.scalars(query))
    return sum(map(on_cpu, pids), process_time())


def on_cpu(pid: int) -> float:
    """Of the threads it has now, in seconds. Our own process asks its clock, which counts threads that ended too:
    a page's may live no longer than the page.
    """
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def peak() -> int:
    """MiB of this program alone: what getrusage says begins with the size of the program that started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024
