"""The whole product on one machine: which processes `dondoc up` runs, from the settings alone."""

import sys
from collections.abc import Callable, Sequence
from typing import IO

from config.logging import configure_logging
from config.settings import Settings
from tasks.broker import MEMORY, PrivateBroker, broker_url, server_binary
from tasks.supervisor import Part, Supervisor
from tasks.worker import worker_command, worker_environment

PULSE_SECONDS = 180
DONDOC = (sys.executable, "-m", "cli.main")


def embedded(
    settings: Settings,
    *,
    migrate: Callable[[], None],
    dondoc: Sequence[str] = DONDOC,
    pages: bool = True,
    output: IO[bytes] | None = None,
) -> Supervisor:
    """`pages=False` leaves the web process out. From here on this process logs as its children do."""
    configure_logging(settings.log_level, settings.log_format)
    binary = server_binary() if settings.broker_url is None else None
    broker = PrivateBroker(binary, settings.home) if binary else None
    parts = _parts(settings, dondoc, pages)
    return Supervisor(settings.home, parts, broker=broker, migrate=migrate, output=output)


def _parts(settings: Settings, dondoc: Sequence[str], pages: bool) -> list[Part]:
    parts = _alone(dondoc) if broker_url(settings).startswith(MEMORY) else _apart(settings, dondoc)
    if pages:
        host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
        parts.append(Part("web", [*dondoc, "serve"], ready_url=f"http://{host}:{settings.port}/healthz"))
    return parts


def _apart(settings: Settings, dondoc: Sequence[str]) -> list[Part]:
    command, env = worker_command(settings.worker_processes), worker_environment()
    return [
        Part("worker", command, env=env, pulse_seconds=PULSE_SECONDS),
        Part("clock", [*dondoc, "clock"], pulse_seconds=PULSE_SECONDS),
    ]


def _alone(dondoc: Sequence[str]) -> list[Part]:
    """Without a broker the worker carries the clock, and everything hangs on its polls."""
    return [Part("worker", [*dondoc, "worker"], pulse_seconds=PULSE_SECONDS)]
