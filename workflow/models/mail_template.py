"""Mail texts an administrator wrote over the shipped ones: every version is kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, key


class MailTemplate(SQLModel, table=True):
    """`path` names the shipped file it stands for, such as `vi/reminder/subject.txt`.

    A path without an active version is written by the shipped file.
    """

    __tablename__ = "mail_template"
    __table_args__ = (
        sa.UniqueConstraint("path", "number"),
        sa.Index("ix_mail_template_active", "path", unique=True,
                 postgresql_where=sa.text("is_active"), sqlite_where=sa.text("is_active")),
        ONCE,
    )  # fmt: skip

    id: int = key()
    path: str = Field(max_length=80)
    number: int
    source: str
    is_active: bool = False
    published_at: datetime
    actor: str = Field(max_length=200)
