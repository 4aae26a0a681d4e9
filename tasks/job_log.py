"""Each job's last run, kept where a page can read it: when it began, how long it took, what stopped it."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from celery import Task, signals
from sqlalchemy.exc import SQLAlchemyError

from config.database import writing
from config.instant import real_now
from tasks.app import engine
from workflow import job_runs
from workflow.errors import WorkflowError

log = structlog.get_logger(__name__)
SELDOM = 60.0
"""A job that goes well every few seconds is noted once a minute; one that fails, or goes well again, at once."""


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
