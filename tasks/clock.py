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
from typing import Any, ClassVar

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


@dataclass(frozen=True)
class Rhythm:
    """When things happen, in the policy's zone, and whom they ring."""

    settings: Settings
    ring: Ring

    def each(self, **interval: float) -> IntervalTrigger:
        return IntervalTrigger(**interval, timezone=self.settings.timezone)

    def daily(self, at: time) -> CronTrigger:
        return CronTrigger(hour=at.hour, minute=at.minute, timezone=self.settings.timezone)

    def call(self, task: str, **options: Any) -> Callable[[], object]:
        return partial(self.ring, f"dondoc.{task}", **options)


def timetable(
    settings: Settings,
    *,
    night_is_missing: NightIsMissing,
    beat: Callable[[], object],
    ring: Ring = bell.ring,
) -> tuple[Job, ...]:
    """Everything that happens by itself, in one table."""
    rhythm = Rhythm(settings, ring)
    return (
        *_nights(rhythm, night_is_missing),
        *_outward(rhythm),
        *_inbound(rhythm),
        *_upkeep(rhythm),
        *_watches(rhythm, beat),
    )


def _nights(rhythm: Rhythm, night_is_missing: NightIsMissing) -> tuple[Job, ...]:
    settings, ring = rhythm.settings, rhythm.ring
    poll = settings.poll_seconds

    def sweep() -> None:
        ring("dondoc.sweep", night=last_night_due(settings, now(settings)).isoformat())

    def catch_up() -> None:
        night = last_night_due(settings, now(settings))
        if night_is_missing(night):
            ring("dondoc.sweep", expires=3 * poll, night=night.isoformat())

    again = "a night missed while we were down is swept once"
    return (
        Job("nightly sweep", rhythm.daily(settings.sweep_at), sweep, "reminds and escalates once a night"),
        Job("catch-up", rhythm.each(seconds=poll), catch_up, again, True),
    )


def _outward(rhythm: Rhythm) -> tuple[Job, ...]:
    poll = rhythm.settings.poll_seconds
    deliver, call_out = (rhythm.call(task, expires=6 * poll) for task in ("deliver", "webhooks"))
    late, why = rhythm.each(seconds=poll), "a lost ring delays a mail by one poll at most"
    return (
        Job("delivery poll", late, deliver, why),
        Job(
            "webhooks", rhythm.each(seconds=max(poll, 5)), call_out, "tells programs elsewhere what happened"
        ),
    )


def _inbound(rhythm: Rhythm) -> tuple[Job, ...]:
    if rhythm.settings.imap_url is None:
        return ()
    look, why = rhythm.call("receive", expires=60), "reads answers by mail and mails that came back"
    return (Job("inbound mail", rhythm.each(minutes=1), look, why),)


def _upkeep(rhythm: Rhythm) -> tuple[Job, ...]:
    seal, reports = rhythm.call("seal", expires=60), rhythm.call("reports", expires=900)
    clean = rhythm.call("housekeeping")
    return (
        Job("seal", rhythm.each(minutes=1), seal, "chains the latest events"),
        Job("reports", rhythm.each(minutes=15), reports, "makes the reports whose day has come"),
        Job(
            "housekeeping",
            rhythm.daily(time(3, 15)),
            clean,
            "forgets what is over its term, folds what is closed",
        ),
    )


def _watches(rhythm: Rhythm, beat: Callable[[], object]) -> tuple[Job, ...]:
    def live() -> None:
        pulse()
        beat()

    audit, alarm = rhythm.call("audit_ledger", expires=1200), rhythm.call("watch", expires=300)
    year, asks = rhythm.call("watch_calendar"), "asks for next year's calendar from November on"
    return (
        Job("ledger audit", rhythm.each(minutes=20), audit, "holds each night's ledger against the rules"),
        Job("calendar watch", rhythm.daily(time(7, 0)), year, asks),
        Job("alarm", rhythm.each(minutes=5), alarm, "says when a night is missing"),
        Job("heartbeat", rhythm.each(seconds=30), live, "shows that this process lives", True),
    )


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
