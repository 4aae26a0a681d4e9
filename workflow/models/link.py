"""Links by which people act or read without an account. The token itself is never stored."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import KEY, ONCE, document, key, reference

STANDING = sa.text("revoked_at IS NULL")


class AnswerLink(SQLModel, table=True):
    """Lets one registered contact answer for an agency from one mail address.

    `salt` and a secret outside the database give the token; `token_hash` recognises it. `scope` is the
    digest of who and what, so that every mail about the same thing carries the same link. The answering
    person's name and post are remembered, so that nothing is asked twice. The code opens secret directives.
    """

    __tablename__ = "answer_link"
    __table_args__ = (
        sa.Index("ix_answer_link_scope", "scope", unique=True, postgresql_where=STANDING, sqlite_where=STANDING),
        ONCE,
    )  # fmt: skip

    id: int = key()
    person_id: int = reference("person.id", index=True)
    address: str = Field(max_length=254)
    scope: str = Field(max_length=64)
    salt: str = Field(max_length=32)
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime
    revoked_at: datetime | None = None
    name: str | None = Field(default=None, max_length=100)
    post: str | None = Field(default=None, max_length=100)
    code_hash: str | None = Field(default=None, max_length=64)
    code_ends_at: datetime | None = None
    code_failures: int = 0


class AnswerLinkItem(SQLModel, table=True):
    """One directive a link opens, for one agency; `due_version` is the one the mail spoke of."""

    __tablename__ = "answer_link_item"

    link_id: int = Field(primary_key=True, foreign_key="answer_link.id", sa_type=KEY)
    directive_id: int = Field(primary_key=True, foreign_key="directive.id", sa_type=KEY, index=True)
    organization_id: int = Field(primary_key=True, foreign_key="organization.id", sa_type=KEY)
    due_version: int


class LinkAnswer(SQLModel, table=True):
    """One form sent through a link. The key is the form's own: the same form sent twice is one answer."""

    __tablename__ = "link_answer"
    __table_args__ = (ONCE,)

    id: int = key()
    link_id: int = reference("answer_link.id", index=True)
    form_key: str = Field(unique=True, max_length=64)
    digest: str = Field(max_length=64)
    at: datetime
    name: str = Field(max_length=100)
    post: str = Field(max_length=100)
    event_ids: list[int] = document(list)


class CalendarFeed(SQLModel, table=True):
    """The due days of one agency, or of all that one person may see, for a calendar program to read."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) <> (organization_id IS NULL)", name="one_owner"),
        ONCE,
    )

    id: int = key()
    person_id: int | None = reference("person.id", nullable=True, index=True)
    organization_id: int | None = reference("organization.id", nullable=True, index=True)
    salt: str = Field(max_length=32)
    token_hash: str = Field(unique=True, max_length=64)
    made_at: datetime
    revoked_at: datetime | None = None
