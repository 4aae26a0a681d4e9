"""What pages and commands say of the jobs: the last run of each, and when it comes again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from config.settings import Settings
from workflow import job_runs
from workflow.models.job_run import JobRun
from workflow.words import Texts, pair

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
    from tasks.clock import timetable  # the Celery application: no page and no other command waits for it

    runs = job_runs.by_name(db)
    for job in timetable(settings, night_is_missing=lambda _: False, beat=lambda: None):
        if job.name in JOBS:
            task, title = JOBS[job.name]
            run = runs.get(task)
            rings_at = job.trigger.get_next_fire_time(run.began_at if run else None, now)
            next_at = rings_at.astimezone(UTC) if rings_at else None
            is_late = run is not None and next_at is not None and next_at < now - LATE
            yield JobSeen(task.removeprefix("dondoc."), title, run, next_at, is_late)
