"""Mails a person wants no more, of those that may be refused."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import SQLModel

from workflow.models.columns import ONCE, choice, key, reference


class Refusable(StrEnum):
    """What informs and asks nothing. Notices of a duty are not among them, whoever asks."""

    WEEKLY = "weekly"
    REPORTS = "reports"


class MailRefusal(SQLModel, table=True):
    __tablename__ = "mail_refusal"
    __table_args__ = (sa.UniqueConstraint("person_id", "mails"), ONCE)

    id: int = key()
    person_id: int = reference("person.id")
    mails: Refusable = choice(Refusable, "mails")
    refused_at: datetime
