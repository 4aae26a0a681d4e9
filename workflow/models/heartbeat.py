"""Signs of life of the parts that run unattended."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Heartbeat(SQLModel, table=True):
    name: str = Field(primary_key=True, max_length=60)
    at: datetime
