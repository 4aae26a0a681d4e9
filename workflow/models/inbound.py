"""Mail that came in: what each one was, what became of it, what was answered, what came back."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, document, key, reference


class InboundOutcome(StrEnum):
    """`held` waits for a person; every other one is final."""

    APPLIED = "applied"
    REFUSED = "refused"
    ASKED = "asked"
    HELD = "held"
    AUTOMATIC = "automatic"
    BOUNCED = "bounced"
    MATCHED = "matched"
    DISCARDED = "discarded"


class AnswerStatus(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DROPPED = "dropped"


WAITS = sa.text("outcome = 'held'")
UNSENT = sa.text("status = 'pending'")


class InboundMail(SQLModel, table=True):
    """One mail, received once: copies share Message-ID and body. `stored_as` names the bytes under home.

    `reason` is a word of `workflow.inbound_words`; `facts` holds what its sentence needs, the names of
    the files and, after a refusal, the sentence of the rule. `directive_id` of a held mail is a guess
    unless its token proved it (then `organization_id` is set too).
    """

    __tablename__ = "inbound_mail"
    __table_args__ = (
        sa.UniqueConstraint("header_id", "body_hash"),
        sa.Index("ix_inbound_mail_waits", "received_at", postgresql_where=WAITS, sqlite_where=WAITS),
        sa.Index("ix_inbound_mail_sender", "sender", "received_at"),
        ONCE,
    )

    id: int = key()
    received_at: datetime
    sent_at: datetime | None = None
    header_id: str = Field(max_length=250)
    body_hash: str = Field(max_length=64)
    sender: str = Field(max_length=254)
    sender_name: str = Field(max_length=200)
    subject: str = Field(max_length=300)
    outcome: InboundOutcome = choice(InboundOutcome, "outcome")
    reason: str | None = Field(default=None, max_length=40)
    facts: dict[str, Any] = document(dict)
    intent: str | None = Field(default=None, max_length=20)
    extension_on: date | None = None
    words: str = ""
    directive_id: int | None = reference("directive.id", nullable=True, index=True)
    organization_id: int | None = reference("organization.id", nullable=True)
    person_id: int | None = reference("person.id", nullable=True)
    event_id: int | None = reference("event.id", nullable=True)
    stored_as: str = Field(max_length=80)
    size: int
    decided_by: str | None = Field(default=None, max_length=200)
    decided_at: datetime | None = None
    decision: str | None = None


class BounceReport(SQLModel, table=True):
    """What a relay said of one of our mails, believed because the return address was signed by us.

    Copies and repeats of one report are one row: a counter of rows cannot be driven up by re-sending.
    """

    __tablename__ = "bounce_report"
    __table_args__ = (sa.UniqueConstraint("message_id", "action", "is_hard"), ONCE)

    id: int = key()
    inbound_id: int = reference("inbound_mail.id")
    message_id: int = reference("message.id")
    address: str = Field(max_length=254, index=True)
    action: str = Field(max_length=10)
    is_hard: bool
    status: str = Field(max_length=12)
    text: str
    received_at: datetime


class MailAnswer(SQLModel, table=True):
    """What the system wrote back to one inbound mail: at most one, to its sender alone."""

    __tablename__ = "mail_answer"
    __table_args__ = (
        sa.Index("ix_mail_answer_unsent", "next_attempt_at", postgresql_where=UNSENT, sqlite_where=UNSENT),
        sa.Index("ix_mail_answer_address", "address", "created_at"),
        ONCE,
    )

    id: int = key()
    inbound_id: int = reference("inbound_mail.id", index=True)
    created_at: datetime
    address: str = Field(max_length=254)
    header_id: str = Field(max_length=250)
    mime: bytes
    status: AnswerStatus = choice(AnswerStatus, "status", default=AnswerStatus.PENDING)
    attempts: int = 0
    next_attempt_at: datetime
    sent_at: datetime | None = None
    response: str | None = None
