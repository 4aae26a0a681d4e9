"""Notices of one recipient become one message."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, null, select
from sqlmodel import Session, col

from workflow.kinds import BY_SEVERITY
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.statements import changed, insert_new

USE_WITHIN = timedelta(days=3)
COLUMNS = (
    "key", "person_id", "kind", "night_on", "sweep_run_id", "status", "created_at", "not_before_at",
    "next_attempt_at", "use_by_at", "token", "attempts", "repeats",
)  # fmt: skip


def bundle(
    db: Session,
    which: ColumnElement[bool],
    *,
    now: datetime,
    send_at: datetime,
    run_id: int | None = None,
    night: date | None = None,
) -> int:
    """Write one message per bundle key of the wanted notices in `which`; returns how many are new.

    A mail is of the latest night of its lines, or of `night` where older lines travel with it.

    The key is unique, so bundling twice, or by two sweeps at once, writes each message once.
    """
    instant = Message.__table__.c.created_at.type  # type: ignore[attr-defined]
    worst = case({kind.severity: kind.value for kind in BY_SEVERITY}, value=func.max(col(Notice.severity)))
    rows = (
        select(
            col(Notice.bundle),
            func.max(col(Notice.person_id)),
            worst,
            func.max(col(Notice.night_on)) if night is None else literal(night),
            null() if run_id is None else literal(run_id),
            literal(MessageStatus.PENDING.value),
            literal(now, type_=instant),
            literal(send_at, type_=instant),
            literal(send_at, type_=instant),
            literal(send_at + USE_WITHIN, type_=instant),
            literal(0),
            literal(0),
            literal(0),
        )
        .where(which, col(Notice.status) == NoticeStatus.WANTED, col(Notice.bundle).is_not(None))
        .group_by(col(Notice.bundle))
    )
    return changed(db, insert_new(db, Message).from_select(COLUMNS, rows))
