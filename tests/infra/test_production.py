"""The very commands, variables and health checks of docker-compose.yml, as plain processes on real servers."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tasks import child
from tests.infra.composition import filled, services
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.servers.smtp import SmtpServer
from tests.servers.waiting import eventually

pytestmark = pytest.mark.timeout(300)  # real processes, on a machine that may be busy

DONDOC = Path(sys.executable).with_name("dondoc")


class Production:
    """What Compose would do for our four services: secrets as files, variables, commands, health checks."""

    def __init__(self, folder: Path, database: str, broker: str, relay: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        given = {
            "database_url": database.replace("postgresql+psycopg", "postgresql"),
            "broker_url": broker,
            "smtp_url": relay,
            "secret_key": os.urandom(24).hex(),
        }
        (folder / "secrets").mkdir()
        (folder / "home").mkdir()
        for name, value in given.items():
            (folder / "secrets" / name).write_text(f"{value}\n")

    def placed(self, service: str, text: str) -> str:
        """Paths and ports of a container, on this machine."""
        text = text.replace("/run/secrets/", f"{self.folder}/secrets/")
        text = text.replace("/tmp/pulse", f"{self.folder}/{service}.pulse")
        return text.replace("8000", str(self.port)).replace("0.0.0.0", "127.0.0.1")  # noqa: S104

    def environment(self, service: str) -> dict[str, str]:
        declared: dict[str, Any] = services()[service]["environment"]
        ours = {name: self.placed(service, filled(value)) for name, value in declared.items()}
        bare = {name: value for name, value in os.environ.items() if not name.startswith("DONDOC_")}
        return {**bare, "DONDOC_HOME": str(self.folder / "home"), "PYTHONSAFEPATH": "1", **ours}

    def start(self, service: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{service}.log").open("ab") as log:
            self.processes[service] = child.spawn(
                [DONDOC, *services()[service]["command"]],
                env=self.environment(service),
                cwd=self.folder / "home",
                output=log,
            )
        return self.processes[service]

    def is_healthy(self, service: str) -> bool:
        kind, *words = (
            self.placed(service, filled(word)) for word in services()[service]["healthcheck"]["test"]
        )
        command = ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else [sys.executable, *words[1:]]
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text()

    def stop(self) -> None:
        for process in self.processes.values():
            child.stop(process, 30)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def production(
    postgres: PostgresServer, redis_server: RedisServer, smtp_server: SmtpServer, tmp_path: Path
) -> Iterator[Production]:
    with ExitStack() as stack:
        name = postgres.create_database()
        stack.callback(postgres.drop_database, name)
        running = Production(tmp_path, postgres.url(name), redis_server.url, smtp_server.url)
        stack.callback(running.stop)
        yield running


def swept(production: Production) -> list[tuple[Any, ...]]:
    """The nights whose sweep completed."""
    url = (production.folder / "secrets" / "database_url").read_text().strip()
    with psycopg.connect(url) as db:
        return db.execute("SELECT night_on FROM sweep_run WHERE status = 'completed' ORDER BY id").fetchall()


def forget_the_night(production: Production) -> None:
    url = (production.folder / "secrets" / "database_url").read_text().strip()
    with psycopg.connect(url) as db:
        db.execute("DELETE FROM sweep_run")


def test_the_parts_of_the_compose_file_sweep_a_night_and_survive_each_others_deaths(
    production: Production, redis_server: RedisServer
) -> None:
    migrate = production.start("migrate")
    assert migrate.wait(60) == 0, production.log("migrate")
    for service in ("worker", "clock"):
        assert not production.is_healthy(service)
        production.start(service)
    for service in ("worker", "clock"):
        eventually(lambda: production.is_healthy(service), lambda: production.log(service))  # noqa: B023
    eventually(lambda: bool(swept(production)), lambda: production.log("worker"))

    forget_the_night(production)
    for service in ("worker", "clock"):
        os.killpg(production.processes[service].pid, signal.SIGKILL)
        production.processes[service].wait()
    redis_server.flush()
    for service in ("worker", "clock"):
        production.start(service)
    eventually(lambda: bool(swept(production)), lambda: production.log("worker"))
    [(night,)] = swept(production)
    assert abs((datetime.now(UTC).date() - night).days) <= 1

    for service in ("worker", "clock"):
        production.processes[service].send_signal(signal.SIGTERM)
        assert production.processes[service].wait(30) == 0, production.log(service)
        assert "Traceback" not in production.log(service)


def test_the_pages_of_the_compose_file_become_healthy(production: Production) -> None:
    assert production.start("migrate").wait(60) == 0, production.log("migrate")
    production.start("web")
    production.start("clock")
    eventually(lambda: production.is_healthy("web"), lambda: production.log("web"))


@pytest.mark.parametrize("service", ["worker", "clock"])
def test_a_part_started_before_the_migration_says_so_and_ends(production: Production, service: str) -> None:
    process = production.start(service)
    assert process.wait(60) == 75, production.log(service)
    said = production.log(service)
    assert "dondoc db upgrade" in said
    assert "Traceback" not in said


def test_a_part_without_its_database_says_so_and_ends(production: Production) -> None:
    (production.folder / "secrets" / "database_url").write_text(
        "postgresql://dondoc:hunter2@127.0.0.1:1/dondoc"
    )
    for service in ("migrate", "clock"):
        assert production.start(service).wait(60) == 75, production.log(service)
        assert len(production.log(service).strip().splitlines()) == 1
        assert "hunter2" not in production.log(service)
