"""A filter of the list of directives that somebody wants to find again."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, key, reference


class SavedView(SQLModel, table=True):
    """`query` is the part of the list's address after the question mark, known words only."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("person_id", "name"), ONCE)

    id: int = key()
    person_id: int = reference("person.id")
    name: str = Field(max_length=60)
    query: str = Field(max_length=1000)
    created_at: datetime
