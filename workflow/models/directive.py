"""A directive: one instruction, one lead agency, one clock."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, key, reference


class Directive(SQLModel, table=True):
    """`state` is a name of the pinned lifecycle; whether it is late is always computed.

    `due_is_express`: the conclusion names the day itself, so no calendar change ever moves it.
    `rhythm`: an RRULE for duties without a date; `rhythm_on` is the latest period opened.
    `version` grows with every change and guards against overwriting somebody else's.
    """

    __table_args__ = (
        sa.CheckConstraint("NOT (due_on IS NOT NULL AND rhythm IS NOT NULL)", name="one_clock"),
        sa.Index("ix_directive_rhythm", "rhythm_on", postgresql_where=sa.text("rhythm IS NOT NULL"),
                 sqlite_where=sa.text("rhythm IS NOT NULL")),
        sa.Index("ix_directive_state_due", "state", "due_on"),
        ONCE,
    )  # fmt: skip

    id: int = key()
    code: str = Field(unique=True, max_length=40)
    supervision_id: int = reference("supervision.id", index=True)
    conclusion_id: int | None = reference("conclusion.id", nullable=True, index=True)
    span_start: int | None = None
    span_end: int | None = None
    quote: str | None = None
    text: str
    title: str = Field(max_length=200)
    product: str | None = None
    lead_id: int | None = reference("organization.id", nullable=True, index=True)
    state: str = Field(default="draft", max_length=40)
    state_before_pause: str | None = Field(default=None, max_length=40)
    is_secret: bool = False
    issued_on: date | None = None
    due_on: date | None = None
    original_due_on: date | None = None
    due_is_express: bool = False
    due_version: int = 1
    due_text: str | None = None
    rhythm: str | None = Field(default=None, max_length=200)
    rhythm_on: date | None = None
    extensions: int = 0
    reported_on: date | None = None
    closed_on: date | None = None
    incomplete_reason: str | None = None
    policy_id: int | None = reference("rule_version.id", nullable=True)
    lifecycle_id: int | None = reference("rule_version.id", nullable=True)
    calendar_id: int | None = reference("rule_version.id", nullable=True)
    changed_at: datetime
    version: int = 1


class Coordination(SQLModel, table=True):
    """An agency that contributes to a directive led by another."""

    directive_id: int = Field(primary_key=True, foreign_key="directive.id", sa_type=KEY)
    organization_id: int = Field(primary_key=True, foreign_key="organization.id", sa_type=KEY, index=True)
