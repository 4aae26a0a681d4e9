"""Versions of policies, lifecycles and calendars: written once, never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, document, key


class RuleKind(StrEnum):
    POLICY = "policy"
    LIFECYCLE = "lifecycle"
    CALENDAR = "calendar"


class RuleVersion(SQLModel, table=True):
    """`version` is the SHA-256 of the canonical document; `is_active` marks the one new directives get."""

    __tablename__ = "rule_version"
    __table_args__ = (
        sa.UniqueConstraint("kind", "name", "version"),
        sa.Index("ix_rule_version_active", "kind", "name", unique=True,
                 postgresql_where=sa.text("is_active"), sqlite_where=sa.text("is_active")),
        ONCE,
    )  # fmt: skip

    id: int = key()
    kind: RuleKind = choice(RuleKind, "kind")
    name: str = Field(max_length=80)
    number: int
    version: str = Field(max_length=64)
    document: dict[str, Any] = document(dict)
    source: str
    is_active: bool = False
    published_at: datetime
