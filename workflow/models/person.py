"""People, the posts they hold, and whether their mailbox still takes mail."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.ladder import Position
from workflow.models.columns import ONCE, choice, key, reference


class Role(StrEnum):
    """What a person may do in the whole installation, beside the posts held."""

    ADMINISTRATOR = "administrator"
    LEADERSHIP = "leadership"
    AUDITOR = "auditor"


class Mailbox(StrEnum):
    """`dead`: the relay refused the address for good; nothing is sent until it is corrected."""

    OPEN = "open"
    DEAD = "dead"


class Person(SQLModel, table=True):
    """While absent, `deputy_id` (if any) gets this person's mails and may decide in their posts."""

    __table_args__ = (ONCE,)

    id: int = key()
    name: str = Field(max_length=200)
    email: str = Field(unique=True, max_length=254)
    locale: str = Field(default="vi", max_length=5)
    role: Role | None = choice(Role, "role", default=None, nullable=True)
    is_active: bool = True
    mailbox: Mailbox = choice(Mailbox, "mailbox", default=Mailbox.OPEN)
    mailbox_failure: str | None = None
    mailbox_failed_at: datetime | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    deputy_id: int | None = reference("person.id", nullable=True, index=True)


class Membership(SQLModel, table=True):
    __table_args__ = (sa.UniqueConstraint("person_id", "organization_id", "position"), ONCE)

    id: int = key()
    person_id: int = reference("person.id", index=True)
    organization_id: int = reference("organization.id", index=True)
    position: Position = choice(Position, "position")
    title: str | None = Field(default=None, max_length=200)
