"""One mail to one person: the outbox row, its lease and its outcome."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, key, reference


class MessageStatus(StrEnum):
    PENDING = "pending"
    HELD = "held"
    SENDING = "sending"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    PARKED = "parked"
    EXPIRED = "expired"


OPEN = sa.text("status IN ('pending', 'sending')")
UNTOLD = (MessageStatus.EXPIRED, MessageStatus.PARKED)
IS_UNTOLD = sa.text("status IN ('expired', 'parked')")


class Message(SQLModel, table=True):
    """`token` is the fencing token: whoever holds an older one may no longer write a result.

    `mime` is frozen once a byte may have reached the relay. `repeats` counts sends whose outcome was
    unknown (the connection died after the final dot): same bytes, same Message-ID again.
    """

    __table_args__ = (
        sa.Index("ix_message_open", "next_attempt_at", postgresql_where=OPEN, sqlite_where=OPEN),
        sa.Index("ix_message_untold", "id", postgresql_where=IS_UNTOLD, sqlite_where=IS_UNTOLD),
        sa.Index("ix_message_person", "person_id"),
        sa.Index("ix_message_sweep_run", "sweep_run_id"),
        sa.Index("ix_message_handed_over", "handed_over_at"),
        ONCE,
    )

    id: int = key()
    key: str = Field(unique=True, max_length=120)
    person_id: int = reference("person.id")
    kind: str = Field(max_length=32)
    night_on: date
    sweep_run_id: int | None = reference("sweep_run.id", nullable=True)
    status: MessageStatus = choice(MessageStatus, "status", default=MessageStatus.PENDING)
    reason: str | None = None
    created_at: datetime
    not_before_at: datetime
    next_attempt_at: datetime
    use_by_at: datetime
    lease_until: datetime | None = None
    token: int = 0
    attempts: int = 0
    repeats: int = 0
    header_id: str | None = Field(default=None, max_length=200)
    address: str | None = Field(default=None, max_length=254)
    subject: str | None = None
    mime: bytes | None = None
    handed_over_at: datetime | None = None
    response: str | None = None
