"""The worker process: Celery, started the one way that suits us."""

import os
import secrets
import sys
from collections.abc import Callable

import structlog

from config.settings import Settings
from tasks.app import app
from tasks.broker import MEMORY, broker_url
from tasks.clock import NightIsMissing, background_clock

log = structlog.get_logger(__name__)


def worker_command(processes: int, application: str = "tasks.app") -> list[str]:
    """What to run as a process of its own, in `worker_environment`."""
    return [sys.executable, "-m", "celery", "-q", "-A", application, "worker", *worker_options(processes)]


def worker_options(processes: int) -> list[str]:
    """Gossip and mingle cost a second at each reconnect and tell nobody anything.

    The name is new each time: two workers of one machine must differ.
    """
    name = f"dondoc-{secrets.token_hex(3)}@%h"
    options = ["-n", name, "-c", str(processes), "-Q", "mail,sweep", "-O", "fair", "-l", "WARNING"]
    return [*options, "--without-gossip", "--without-mingle"]


def worker_environment() -> dict[str, str]:
    """SIGTERM then lets running tasks finish for a while and gives the rest back to the queue.

    Celery warns whoever runs it as root; what it warns of, pickled messages, is refused here.
    """
    return {
        **os.environ,
        "REMAP_SIGTERM": "SIGQUIT",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
    }


def run_worker(settings: Settings, *, night_is_missing: NightIsMissing, beat: Callable[[], object]) -> None:
    """Turns this process into the worker; without a broker it is the clock as well."""
    if broker_url(settings).startswith(MEMORY):
        _run_alone(settings, night_is_missing, beat)
    else:
        command = worker_command(settings.worker_processes)
        os.execve(command[0], command, worker_environment())  # noqa: S606


def _run_alone(settings: Settings, night_is_missing: NightIsMissing, beat: Callable[[], object]) -> None:
    """The memory transport reaches no other process. Slower, with the same promises: the database is the queue."""
    log.warning("no_broker", meaning="clock and worker share one process")
    clock = background_clock(settings, night_is_missing=night_is_missing, beat=beat)
    try:
        app.worker_main(["-q", "worker", *worker_options(settings.worker_processes)])
    finally:
        clock.shutdown(wait=False)
