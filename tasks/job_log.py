"""Each job's last run, kept where a page can read it: when, how long, what stopped it, when it comes again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from celery import Task, signals
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from config.database import writing
from config.instant import real_now
from config.settings import Settings
from tasks.app import engine
from tasks.clock import timetable
from workflow import job_runs
from workflow.errors import WorkflowError
from workflow.models.job_run import JobRun
from workflow.words import Texts, pair

log = structlog.get_logger(__name__)
SELDOM = 60.0
"""A job that goes well every few seconds is noted once a minute; one that fails, or goes well again, at once."""
LATE = timedelta(minutes=3)
JOBS: dict[str, tuple[str, Texts]] = {
    "nightly sweep": ("dondoc.sweep", pair("Lượt quét đêm", "Nightly sweep")),
    "delivery poll": ("dondoc.deliver", pair("Gửi thư", "Sending mails")),
    "inbound mail": ("dondoc.receive", pair("Nhận thư trả lời", "Reading answers by mail")),
    "webhooks": ("dondoc.webhooks", pair("Gọi webhook", "Calling webhooks")),
    "seal": ("dondoc.seal", pair("Niêm nhật ký", "Sealing the journal")),
    "reports": ("dondoc.reports", pair("Gửi báo cáo định kỳ", "Mailing reports")),
    "housekeeping": ("dondoc.housekeeping", pair("Dọn dữ liệu hết hạn", "Housekeeping")),
    "ledger audit": ("dondoc.audit_ledger", pair("Đối chiếu sổ nhắc", "Checking the ledger")),
    "calendar watch": ("dondoc.watch_calendar", pair("Xem lịch năm sau", "Watching next year's calendar")),
    "alarm": ("dondoc.watch", pair("Báo động đêm thiếu", "Alarm for a missing night")),
}
"""By the clock's name: the task it rings for, and what people call it."""


@dataclass(frozen=True)
class JobSeen:
    name: str
    title: Texts
    run: JobRun | None
    next_at: datetime | None
    is_late: bool


def seen(db: Session, settings: Settings, now: datetime) -> Iterator[JobSeen]:
    """In the order of the clock's table. `now`: the machine's clock."""
    runs = job_runs.by_name(db)
    for job in timetable(settings, night_is_missing=lambda _: False, beat=lambda: None):
        if job.name in JOBS:
            task, title = JOBS[job.name]
            run = runs.get(task)
            rings_at = job.trigger.get_next_fire_time(run.began_at if run else None, now)
            next_at = rings_at.astimezone(UTC) if rings_at else None
            is_late = run is not None and next_at is not None and next_at < now - LATE
            yield JobSeen(task.removeprefix("dondoc."), title, run, next_at, is_late)


class Log:
    """Of one process: what began, and when each job was last noted."""

    def __init__(self) -> None:
        self.began: dict[str, tuple[datetime, float]] = {}
        self.noted: dict[str, tuple[float, bool]] = {}

    def begin(self, task_id: str) -> None:
        self.began[task_id] = real_now(), monotonic()

    def end(self, task_id: str, name: str, error: str | None) -> None:
        began = self.began.pop(task_id, None)
        if began is None or not self._is_news(name, error is None):
            return
        try:
            with writing(engine()) as db:
                took = timedelta(seconds=monotonic() - began[1])
                job_runs.note(db, name, began[0], took, error)
        except (SQLAlchemyError, WorkflowError) as away:
            log.warning("job_not_noted", job=name, error=type(away).__name__)

    def _is_news(self, name: str, went_well: bool) -> bool:
        at, before = self.noted.get(name, (-SELDOM, not went_well))
        if went_well and before and monotonic() - at < SELDOM:
            return False
        self.noted[name] = monotonic(), went_well
        return True


LOG = Log()


@signals.task_prerun.connect
def _begun(task_id: str, task: Task[Any, Any], **_more: object) -> None:
    if task.name.startswith("dondoc."):
        LOG.begin(task_id)


@signals.task_postrun.connect
def _ended(task_id: str, task: Task[Any, Any], retval: object = None, **_more: object) -> None:
    if task.name.startswith("dondoc."):
        LOG.end(task_id, task.name, _why(retval) if isinstance(retval, BaseException) else None)


def _why(error: BaseException) -> str:
    """Our own sentences may be read by anybody; others may hold what only the log may."""
    return str(error) if isinstance(error, WorkflowError) else type(error).__name__
