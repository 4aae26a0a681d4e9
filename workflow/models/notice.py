"""What must be told to one person about one obligation or act: unique by key."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, key, reference


class NoticeStatus(StrEnum):
    """`wanted` lines travel in the message named by `bundle`; the others are the journal of silence."""

    WANTED = "wanted"
    DROPPED = "dropped"
    MERGED = "merged"
    UNREACHABLE = "unreachable"


class Notice(SQLModel, table=True):
    """`night_on` is the night (or day of the act) that made it true; `bundle` is the message's key.

    `stands_for_id`: the absent person whose deputy is told; `instead_of`: the position nobody reachable holds.
    """

    __table_args__ = (
        sa.Index("ix_notice_bundle", "bundle"),
        sa.Index("ix_notice_obligation", "obligation_id"),
        sa.Index("ix_notice_directive", "directive_id"),
        sa.Index("ix_notice_sweep_run", "sweep_run_id"),
        ONCE,
    )

    id: int = key()
    key: str = Field(unique=True, max_length=120)
    kind: str = Field(max_length=32)
    severity: int
    status: NoticeStatus = choice(NoticeStatus, "status", default=NoticeStatus.WANTED)
    reason: str | None = Field(default=None, max_length=60)
    directive_id: int | None = reference("directive.id", nullable=True)
    obligation_id: int | None = reference("obligation.id", nullable=True)
    event_id: int | None = reference("event.id", nullable=True)
    sweep_run_id: int | None = reference("sweep_run.id", nullable=True)
    person_id: int | None = reference("person.id", nullable=True)
    organization_id: int | None = reference("organization.id", nullable=True)
    stands_for_id: int | None = reference("person.id", nullable=True)
    instead_of: str | None = Field(default=None, max_length=20)
    rung: int | None = None
    level: int | None = None
    due_on: date | None = None
    due_version: int | None = None
    night_on: date
    bundle: str | None = Field(default=None, max_length=120)
