"""Questions about the parts that run unattended."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from workflow.models.heartbeat import Heartbeat
from workflow.models.job_run import JobRun

PARTS = ("clock", "worker")


def ages(db: Session, real: datetime) -> dict[str, timedelta | None]:
    """How long each part has been silent; None when it was never heard. `real` is the machine's clock.

    A worker beside a broker does not beat: the end of its newest job is its sign of life.
    """
    beats = {one.name: one.at for one in db.scalars(select(Heartbeat))}
    ends = [run.began_at + timedelta(seconds=run.seconds) for run in db.scalars(select(JobRun))]
    if ends:
        beats["worker"] = max([*ends, beats.get("worker", ends[0])])
    return {name: real - beats[name] if name in beats else None for name in PARTS}
