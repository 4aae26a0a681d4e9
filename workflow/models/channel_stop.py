"""The way out is broken: while this row is there, mails wait and one of them tries now and then."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class ChannelStop(SQLModel, table=True):
    """At most one row. `needs_operator`: a password, a certificate or a rule of the relay, which time does not cure.

    `retry_at` follows the civil clock, as the next attempt of a mail does.
    """

    __tablename__ = "channel_stop"

    name: str = Field(default="mail", primary_key=True, max_length=20)
    since_at: datetime
    retry_at: datetime
    failures: int
    needs_operator: bool
    response: str = Field(max_length=500)
