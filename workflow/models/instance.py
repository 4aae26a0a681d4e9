"""Which installation this database belongs to: the same words stand in a file beside it."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Instance(SQLModel, table=True):
    """At most one row. A copy or an old state of the database has words its home does not know: it is mute."""

    name: str = Field(default="instance", primary_key=True, max_length=20)
    identity: str = Field(max_length=32)
    since_at: datetime
