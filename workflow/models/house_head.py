"""The head of papers as an administrator wrote it; without a row the settings speak."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class HouseHead(SQLModel, table=True):
    """One row. `version` grows with each change: who saves second sees what the first wrote."""

    __tablename__ = "house_head"

    name: str = Field(primary_key=True, max_length=20)
    body: str = Field(max_length=300)
    parent_body: str | None = Field(default=None, max_length=300)
    place: str | None = Field(default=None, max_length=100)
    layout: str = Field(max_length=20)
    version: int = 1
    changed_at: datetime
