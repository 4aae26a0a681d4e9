"""The Celery application: a doorbell between processes. Every value is here, and why.

What must not be lost is a row in the database; a message says "look", carries ids or a night, and may vanish.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from ctypes import c_bool
from functools import cache
from importlib.metadata import version
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from types import FrameType
from typing import Any

import kombu.transport.redis as redis_transport
import structlog
from celery import Celery, signals
from kombu import Exchange, Queue
from sqlalchemy import Engine

from config.database import forget_connections, open_database
from config.logging import configure_logging
from config.settings import Settings, load_settings
from tasks.broker import MEMORY, broker_url

log = structlog.get_logger(__name__)

JOBS = {
    "dondoc.deliver": "mail",
    "dondoc.webhooks": "mail",
    "dondoc.receive": "mail",
    "dondoc.sweep": "sweep",
    "dondoc.seal": "sweep",
    "dondoc.housekeeping": "sweep",
    "dondoc.reports": "sweep",
    "dondoc.watch": "sweep",
    "dondoc.audit_ledger": "sweep",
    "dondoc.watch_calendar": "sweep",
}
HARD_LIMIT_SECONDS = 120
PULSE_FILE = "DONDOC_PULSE_FILE"
"""A process started with this variable touches the file it names once it is ready, and from then on as long
as it lives: at least every half minute."""


class SafeQoS(redis_transport.QoS):
    """Keeps a worker alive when the broker goes away while a task is unacknowledged.

    kombu gives such messages back through the connection that has just been lost, and dies of it. Left alone,
    they come back when their visibility runs out.
    """

    def restore_unacked_once(self, stderr: Any = None) -> None:
        try:
            super().restore_unacked_once(stderr)
        except Exception as error:  # whatever the lost connection says, the worker lives on
            log.warning("unacked_left_to_visibility_timeout", error=repr(error))


def guard_kombu() -> None:
    if not version("kombu").startswith("5.7."):
        raise RuntimeError("SafeQoS was written for kombu 5.7: look whether it is still needed")
    redis_transport.Channel.QoS = SafeQoS


def configuration(broker: str, timezone: str) -> dict[str, Any]:
    return {
        "broker_url": broker,
        "timezone": timezone,
        "enable_utc": True,
        # ids and dates only: a writer to the broker can ring, never run anything
        "task_serializer": "json",
        "accept_content": ["json"],
        # results, chords and their channels leak; state belongs in tables
        "result_backend": None,
        "task_ignore_result": True,
        # a killed worker's task comes back; every task may run twice
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_time_limit": HARD_LIMIT_SECONDS,
        "task_soft_time_limit": 90,
        "worker_max_tasks_per_child": 500,
        "worker_hijack_root_logger": False,
        # waits for a broker for ever, at start and later
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # with SIGTERM remapped: a busy worker waits so long, then gives its tasks back to the queue
        "worker_soft_shutdown_timeout": 10,
        # several lists stand for one with priorities: two plain queues are clearer
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in ("mail", "sweep")],
        "task_default_queue": "mail",
        "task_create_missing_queues": False,
        "task_routes": {name: {"queue": queue} for name, queue in JOBS.items()},
        **_transport(broker),
    }


def _transport(broker: str) -> dict[str, Any]:
    if broker.startswith(MEMORY):
        # one second between looks, as shipped, makes the fallback unusable
        return {"broker_transport_options": {"polling_interval": 0.05}, "worker_pool": "threads"}
    return {
        "worker_pool": "prefork",
        "worker_cancel_long_running_tasks_on_connection_loss": True,  # prefork only
        "broker_transport_options": {
            "visibility_timeout": 5 * HARD_LIMIT_SECONDS,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_keepalive": True,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "health_check_interval": 25,
            "global_keyprefix": "dondoc:",
            # a publisher gives up after a moment: the row it rings for is safe
            "max_retries": 2,
            "interval_start": 0.1,
            "interval_step": 0.2,
            "interval_max": 0.5,
        },
    }


@cache
def settings() -> Settings:
    """This process's settings, read once."""
    return load_settings()


@cache
def engine() -> Engine:
    """This process's database."""
    return open_database(settings().database_url)


guard_kombu()
app = Celery("dondoc", include=["tasks.jobs", "tasks.inbound", "tasks.job_log"])
app.add_defaults(lambda: configuration(broker_url(settings()), settings().timezone.key))


class Bell:
    """Rings for a job, and never makes its caller wait or fail for a broker that is away."""

    QUIET_SECONDS = 5.0
    COMPLAINT_SECONDS = 60.0

    def __init__(self, celery: Celery) -> None:
        self.celery = celery
        self.away_until = 0.0
        self.complain_from = 0.0
        self.lock = threading.Lock()

    def ring(self, job: str, *, expires: float = 300, **arguments: str) -> bool:
        """Whether it was heard. After a failure it stays silent for a moment instead of trying again."""
        if time.monotonic() < self.away_until:
            return False
        try:
            self.celery.send_task(job, kwargs=arguments, expires=expires, retry_policy={"max_retries": 2})
        # kombu speaks of a lost connection in many tongues, AttributeError among them
        except Exception as error:
            self._unheard(job, error)
            return False
        return True

    def _unheard(self, job: str, error: Exception) -> None:
        now = time.monotonic()
        with self.lock:
            self.away_until = now + self.QUIET_SECONDS
            if now < self.complain_from:
                return
            self.complain_from = now + self.COMPLAINT_SECONDS
        log.warning("broker_away", job=job, error=str(error))


bell = Bell(app)


@signals.setup_logging.connect
def _log_like_the_others(**_kwargs: object) -> None:
    configure_logging(settings().log_level, settings().log_format)


_ending = RawValue(c_bool, False)
"""In memory the pool's processes share, without a lock that a killed one could keep."""


def is_ending() -> bool:
    """Was this worker asked to stop? A long job gives back what it has not begun."""
    return bool(_ending.value)


@signals.worker_ready.connect
def _listen(**_kwargs: object) -> None:
    """Celery tells of its end when its patience is over; the pool must know when it begins."""
    _ending.value = False
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT):
            signal.signal(number, _noting(signal.getsignal(number)))


def _noting(then: Any) -> Callable[[int, FrameType | None], Any]:
    def handle(number: int, frame: FrameType | None) -> Any:
        _ending.value = True
        return then(number, frame) if callable(then) else None

    return handle


@signals.worker_process_init.connect
def _own_connections(**_kwargs: object) -> None:
    if engine.cache_info().currsize:
        forget_connections(engine())


@signals.worker_ready.connect
@signals.heartbeat_sent.connect
def pulse(**_kwargs: object) -> None:
    if PULSE_FILE in os.environ:
        Path(os.environ[PULSE_FILE]).touch()
