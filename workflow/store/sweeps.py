"""Questions about nights: which ran, what each proved, which comes next."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.errors import NotFound
from workflow.models.message import Message, MessageStatus
from workflow.models.organization import OrganizationKind
from workflow.models.sweep_run import SweepRun, SweepStatus


def recent(db: Session, actor: Actor, *, limit: int = 30, before: date | None = None) -> list[SweepRun]:
    """Newest first; `before` is the night the page ends above."""
    _check_may_see(actor)
    query = select(SweepRun).order_by(col(SweepRun.night_on).desc()).limit(limit)
    return list(db.scalars(query if before is None else query.where(col(SweepRun.night_on) < before)))


def recent_with_mails(
    db: Session, actor: Actor, *, limit: int, failed: Sequence[MessageStatus]
) -> list[tuple[SweepRun, int, int]]:
    """Newest first, with the mails each wrote and how many of them failed. One query."""
    _check_may_see(actor)
    newest = select(col(SweepRun.id)).order_by(col(SweepRun.night_on).desc()).limit(limit).subquery()
    lost = func.sum(case((col(Message.status).in_(failed), 1), else_=0))
    of_each: tuple[Any, ...] = (
        col(Message.sweep_run_id).label("run_id"), func.count().label("mails"), lost.label("failed"),
    )  # fmt: skip
    mails = (
        select(*of_each)
        .where(col(Message.sweep_run_id).in_(select(newest.c.id)))
        .group_by(col(Message.sweep_run_id))
        .subquery()
    )
    columns: tuple[Any, ...] = (SweepRun, func.coalesce(mails.c.mails, 0), func.coalesce(mails.c.failed, 0))
    query = (
        select(*columns)
        .join(newest, newest.c.id == col(SweepRun.id))
        .outerjoin(mails, mails.c.run_id == col(SweepRun.id))
        .order_by(col(SweepRun.night_on).desc())
    )
    return [(run, count, int(lost_count)) for run, count, lost_count in db.execute(query)]


def get(db: Session, actor: Actor, *, night: date | None = None, run_id: int | None = None) -> SweepRun:
    _check_may_see(actor)
    which = col(SweepRun.night_on) == night if night is not None else col(SweepRun.id) == run_id
    found = db.scalar(select(SweepRun).where(which))
    if found is None:
        raise NotFound(what=RUN, code=f"{night:%d/%m/%Y}" if night else run_id)
    return found


def last_completed(db: Session) -> SweepRun | None:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    return db.scalar(select(SweepRun).where(done).order_by(col(SweepRun.night_on).desc()).limit(1))


def next_night(db: Session, today: date) -> date:
    """Tonight, or when this day's night has been swept already the one after it."""
    last = last_completed(db)
    return today if last is None or last.night_on < today else last.night_on + timedelta(days=1)


def held(db: Session) -> list[SweepRun]:
    """Runs stopped by the brake, oldest first."""
    query = select(SweepRun).where(col(SweepRun.held_count) > 0)
    return list(db.scalars(query.order_by(col(SweepRun.night_on))))


def messages_by_status(db: Session, run: SweepRun) -> dict[MessageStatus, int]:
    query = select(col(Message.status), func.count()).where(col(Message.sweep_run_id) == run.id)
    return dict(db.execute(query.group_by(col(Message.status))).all())


def _check_may_see(actor: Actor) -> None:
    """Certificates count what nobody but the delegations and the house may count."""
    supervises = actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
    if not (actor.sees_all or supervises):
        raise NotFound(what=RUN, code="")


RUN = {"vi": "lượt quét", "en": "Sweep"}
