"""A directive: one instruction, one lead agency, one clock."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, key, reference
from workflow.plain import plain

NO_DAY = date(9999, 12, 31)


class Directive(SQLModel, table=True):
    """`state` is a name of the pinned lifecycle; whether it is late is always computed.

    `due_is_express`: the conclusion names the day itself, so no calendar change ever moves it.
    `rhythm`: an RRULE for duties without a date; `rhythm_on` is the latest period opened.
    `urgency` is one of policy_choice.Urgency, or nothing.
    `version` grows with every change and guards against overwriting somebody else's.
    `next_on` is the day the lead owes next (of a rhythm its oldest open period), `NO_DAY` when there is
    none. Triggers of the database keep it true: nothing else writes it.
    """

    __table_args__ = (
        sa.CheckConstraint("NOT (due_on IS NOT NULL AND rhythm IS NOT NULL)", name="one_clock"),
        sa.Index("ix_directive_rhythm", "rhythm_on", postgresql_where=sa.text("rhythm IS NOT NULL"),
                 sqlite_where=sa.text("rhythm IS NOT NULL")),
        sa.Index("ix_directive_state_due", "state", "due_on"),
        sa.Index("ix_directive_next", "next_on", "code", "state", "supervision_id"),
        sa.Index("ix_directive_standing", "state", "next_on", "rhythm", "supervision_id", "lead_id",
                 "code"),
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
    urgency: str | None = Field(default=None, max_length=20)
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
    next_on: date = Field(default=NO_DAY, sa_column_kwargs={"server_default": NO_DAY.isoformat()})


class SearchText(SQLModel, table=True):
    """Code, title and text of a directive as `plain` folds them: no database folds Vietnamese for us.

    Beside the directive and not in it, so that a search reads little else.
    """

    __tablename__ = "search_text"

    directive_id: int = Field(primary_key=True, foreign_key="directive.id", sa_type=KEY)
    folded: str


@event.listens_for(Directive, "after_insert")
def _write_search_text(_mapper: Any, connection: sa.Connection, directive: Directive) -> None:
    connection.execute(sa.insert(SearchText).values(directive_id=directive.id, folded=search_text(directive)))


@event.listens_for(Directive, "after_update")
def _rewrite_search_text(_mapper: Any, connection: sa.Connection, directive: Directive) -> None:
    """Nothing to do while neither words nor code changed."""
    state = sa.inspect(directive)
    if any(state.attrs[name].history.has_changes() for name in ("code", "title", "text")):
        which = sa.update(SearchText).where(sa.column("directive_id") == directive.id)
        connection.execute(which.values(folded=search_text(directive)))


def search_text(directive: Directive) -> str:
    return plain(f"{directive.code} {directive.title} {directive.text}")


class Coordination(SQLModel, table=True):
    """An agency that contributes to a directive led by another."""

    directive_id: int = Field(primary_key=True, foreign_key="directive.id", sa_type=KEY)
    organization_id: int = Field(primary_key=True, foreign_key="organization.id", sa_type=KEY, index=True)
