"""Questions about the parts that run unattended."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from workflow.models.heartbeat import Heartbeat

PARTS = ("clock", "worker")


def ages(db: Session, real: datetime) -> dict[str, timedelta | None]:
    """How long each part has been silent; None when it was never heard. `real` is the machine's clock."""
    beats = {one.name: one.at for one in db.scalars(select(Heartbeat))}
    return {name: real - beats[name] if name in beats else None for name in PARTS}
