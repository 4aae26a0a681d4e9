"""The one clock: it looks at the hour and rings. It does no work, so nothing it misses is lost.

Uniqueness lives in the database, which makes a second clock harmless and a repeated ring cheap.
"""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from functools import partial
from time import monotonic, sleep
from time import time as wall
from typing import ClassVar

import structlog
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_SCHEDULER_STARTED,
    JobEvent,
    SchedulerEvent,
)
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from config.instant import now, real_now
from config.logging import configure_logging
from config.settings import Settings
from tasks.app import bell, pulse
from tasks.nights import last_night_due

log = structlog.get_logger(__name__)

Ring = Callable[..., bool]
NightIsMissing = Callable[[date], bool]
COMPLAINT_SECONDS = 60
WALL_CHECK_SECONDS = 10
WALL_JUMP_SECONDS = 2


@dataclass(frozen=True)
class Job:
    name: str
    trigger: BaseTrigger
    what: Callable[[], object]
    why: str
    at_once: bool = False
    """Also when the clock starts, not one interval later."""


def timetable(
    settings: Settings,
    *,
    night_is_missing: NightIsMissing,
    beat: Callable[[], object],
    ring: Ring = bell.ring,
) -> tuple[Job, ...]:
    """Everything that happens by itself, in one table."""
    zone, poll = settings.timezone, settings.poll_seconds

    def each(**interval: float) -> IntervalTrigger:
        return IntervalTrigger(**interval, timezone=zone)

    def daily(at: time) -> CronTrigger:
        return CronTrigger(hour=at.hour, minute=at.minute, timezone=zone)

    def sweep() -> None:
        ring("dondoc.sweep", night=last_night_due(settings, now(settings)).isoformat())

    def catch_up() -> None:
        night = last_night_due(settings, now(settings))
        if night_is_missing(night):
            ring("dondoc.sweep", expires=3 * poll, night=night.isoformat())

    def live() -> None:
        pulse()
        beat()

    deliver = partial(ring, "dondoc.deliver", expires=6 * poll)
    return (
        Job("nightly sweep", daily(settings.sweep_at), sweep, "reminds and escalates once a night"),
        Job(
            "catch-up", each(seconds=poll), catch_up, "a night missed while we were down is swept once", True
        ),
        Job("delivery poll", each(seconds=poll), deliver, "a lost ring delays a mail by one poll at most"),
        *_inbound(settings, each, ring),
        Job(
            "webhooks",
            each(seconds=max(poll, 5)),
            partial(ring, "dondoc.webhooks", expires=6 * poll),
            "tells programs elsewhere what happened",
        ),
        Job("seal", each(minutes=1), partial(ring, "dondoc.seal", expires=60), "chains the latest events"),
        Job(
            "reports",
            each(minutes=15),
            partial(ring, "dondoc.reports", expires=900),
            "makes the reports whose day has come",
        ),
        Job(
            "housekeeping",
            daily(time(3, 15)),
            partial(ring, "dondoc.housekeeping"),
            "expires old links and drafts",
        ),
        Job(
            "ledger audit",
            each(minutes=20),
            partial(ring, "dondoc.audit_ledger", expires=1200),
            "holds each night's ledger against the rules",
        ),
        Job(
            "calendar watch",
            daily(time(7, 0)),
            partial(ring, "dondoc.watch_calendar"),
            "asks for next year's calendar from November on",
        ),
        Job(
            "alarm",
            each(minutes=5),
            partial(ring, "dondoc.watch", expires=300),
            "says when a night is missing",
        ),
        Job("heartbeat", each(seconds=30), live, "shows that this process lives", True),
    )


def _inbound(settings: Settings, each: Callable[..., BaseTrigger], ring: Ring) -> tuple[Job, ...]:
    if settings.imap_url is None:
        return ()
    look = partial(ring, "dondoc.receive", expires=60)
    return (Job("inbound mail", each(minutes=1), look, "reads answers by mail and mails that came back"),)


def run_clock(settings: Settings, *, night_is_missing: NightIsMissing, beat: Callable[[], object]) -> None:
    """Until SIGTERM or SIGINT."""
    configure_logging(settings.log_level, settings.log_format)
    jobs = timetable(settings, night_is_missing=night_is_missing, beat=beat)
    scheduler = prepared(BlockingScheduler, settings, jobs)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.shutdown(wait=False))
    scheduler.start()


def background_clock(
    settings: Settings, *, night_is_missing: NightIsMissing, beat: Callable[[], object]
) -> BaseScheduler:
    """The same clock as a thread, for the one process that must be clock and worker at once."""
    jobs = timetable(settings, night_is_missing=night_is_missing, beat=beat)
    scheduler = prepared(BackgroundScheduler, settings, jobs)
    scheduler.start()
    return scheduler


def prepared(kind: type[BaseScheduler], settings: Settings, jobs: tuple[Job, ...]) -> BaseScheduler:
    scheduler = kind(
        timezone=settings.timezone,
        # as shipped, a job one second late is dropped; and two of a kind never run side by side
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for job in jobs:
        first = {"next_run_time": real_now()} if job.at_once else {}
        scheduler.add_job(job.what, job.trigger, id=job.name, name=job.name, **first)
    scheduler.add_listener(_say_started, EVENT_SCHEDULER_STARTED)
    scheduler.add_listener(Complaints().hear, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    watch = threading.Thread(target=_follow_the_wall_clock, args=(scheduler, jobs), daemon=True)
    watch.start()
    return scheduler


class Complaints:
    """Logs what went wrong with a job, at most once a minute for each job and kind."""

    KINDS: ClassVar[dict[int, str]] = {
        EVENT_JOB_ERROR: "job_failed",
        EVENT_JOB_MISSED: "job_missed",
        EVENT_JOB_MAX_INSTANCES: "job_still_running",
    }

    def __init__(self) -> None:
        self.silent_until: dict[tuple[str, int], float] = {}

    def hear(self, event: JobEvent) -> None:
        at, key = monotonic(), (event.job_id, event.code)
        if at >= self.silent_until.get(key, at):
            self.silent_until[key] = at + COMPLAINT_SECONDS
            log.warning(self.KINDS[event.code], job=event.job_id, error=str(getattr(event, "exception", "")))


def _follow_the_wall_clock(scheduler: BaseScheduler, jobs: tuple[Job, ...]) -> None:
    """A wall clock set back an hour would otherwise silence every poll for that hour."""
    offset = wall() - monotonic()
    while True:
        sleep(WALL_CHECK_SECONDS)
        if abs(wall() - monotonic() - offset) > WALL_JUMP_SECONDS:
            offset = wall() - monotonic()
            log.warning("wall_clock_jumped")
            reschedule(scheduler, jobs)


def reschedule(scheduler: BaseScheduler, jobs: tuple[Job, ...]) -> None:
    for job in jobs:
        scheduler.reschedule_job(job.name, trigger=job.trigger)


def _say_started(_event: SchedulerEvent) -> None:
    pulse()
