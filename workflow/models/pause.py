"""The operator's hand on the tap: while this row is there, no mail leaves."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class SendingPause(SQLModel, table=True):
    """At most one row. Sweeps go on and write mails; they wait in the outbox."""

    __tablename__ = "sending_pause"

    name: str = Field(default="sending", primary_key=True, max_length=20)
    since_at: datetime
    actor: str = Field(max_length=200)
    reason: str
