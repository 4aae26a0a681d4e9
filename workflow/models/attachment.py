"""Evidence files: stored outside the web root under a random name, known by their digest."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, key, reference


class Attachment(SQLModel, table=True):
    __table_args__ = (ONCE,)

    id: int = key()
    directive_id: int = reference("directive.id", index=True)
    event_id: int | None = reference("event.id", nullable=True)
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=120)
    size: int
    sha256: str = Field(max_length=64)
    stored_as: str = Field(unique=True, max_length=64)
    received_at: datetime
