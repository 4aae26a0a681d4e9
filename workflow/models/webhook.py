"""Programs elsewhere that are told of acts, and each telling."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, choice, document, key, reference


class CallSource(StrEnum):
    """The table whose row a call tells of; `test` tells of nothing."""

    EVENT = "event"
    MESSAGE = "message"
    SWEEP_RUN = "sweep_run"
    TEST = "test"


class CallStatus(StrEnum):
    """`dropped`: not asked for, or not the owner's to see."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    DEAD = "dead"
    DROPPED = "dropped"


OPEN = sa.text("status IN ('pending', 'sending')")


class Webhook(SQLModel, table=True):
    """`person_id` is the owner: a call tells only what this person may see. `secret` is sealed."""

    __table_args__ = (ONCE,)

    id: int = key()
    person_id: int = reference("person.id")
    url: str = Field(max_length=500)
    events: list[str] = document(list)
    secret: str = Field(max_length=500)
    created_at: datetime
    ended_at: datetime | None = None


class WebhookCall(SQLModel, table=True):
    """Written by the database itself beside the row it tells of. `body` is frozen at the first attempt.

    `next_attempt_at` empty means at once; `token` is the fencing token, as of a mail.
    """

    __tablename__ = "webhook_call"
    __table_args__ = (
        sa.Index("ix_webhook_call_open", "next_attempt_at", postgresql_where=OPEN, sqlite_where=OPEN),
        sa.Index("ix_webhook_call_webhook", "webhook_id"),
        ONCE,
    )

    id: int = key()
    webhook_id: int = reference("webhook.id")
    source: CallSource = choice(CallSource, "source")
    source_id: int = Field(sa_type=KEY)
    status: CallStatus = choice(CallStatus, "status", default=CallStatus.PENDING)
    kind: str | None = Field(default=None, max_length=60)
    body: str | None = None
    created_at: datetime | None = None
    next_attempt_at: datetime | None = None
    lease_until: datetime | None = None
    token: int = 0
    attempts: int = 0
    response: str | None = Field(default=None, max_length=300)
    delivered_at: datetime | None = None
