"""A working session of a delegation with an agency, and the conclusion it produced."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, key, reference


class Supervision(SQLModel, table=True):
    """`programme`: the work programme it belongs to, where a policy is chosen by that."""

    __table_args__ = (ONCE,)

    id: int = key()
    code: str = Field(unique=True, max_length=40)
    delegation_id: int = reference("organization.id", index=True)
    subject: str
    session_on: date | None = None
    programme: str | None = Field(default=None, max_length=80)


class ConclusionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


class Conclusion(SQLModel, table=True):
    """The text as read (NFC); offsets of directives count its characters."""

    __table_args__ = (sa.UniqueConstraint("supervision_id", "text_sha256"), ONCE)

    id: int = key()
    code: str = Field(unique=True, max_length=40)
    supervision_id: int = reference("supervision.id", index=True)
    state: ConclusionState = choice(ConclusionState, "state", default=ConclusionState.DRAFT)
    kind: str | None = Field(default=None, max_length=40)
    number: str | None = Field(default=None, max_length=80)
    issued_on: date | None = None
    chair: str | None = Field(default=None, max_length=200)
    topic: str | None = None
    source_name: str = Field(max_length=255)
    text: str
    text_sha256: str = Field(max_length=64)
    received_at: datetime
