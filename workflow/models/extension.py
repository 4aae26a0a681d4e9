"""A request to move a due date, and what was decided."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field, SQLModel

from workflow.models.columns import ONCE, choice, key, reference


class ExtensionStatus(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    VOID = "void"


class Extension(SQLModel, table=True):
    """Every request is kept; only a granted one moves the due date."""

    __table_args__ = (ONCE,)

    id: int = key()
    directive_id: int = reference("directive.id", index=True)
    status: ExtensionStatus = choice(ExtensionStatus, "status", default=ExtensionStatus.ASKED)
    asked_on: date
    wanted_on: date
    reason: str
    due_on: date
    decided_on: date | None = None
    granted_on: date | None = None
    decision_reason: str | None = None
    number: int = Field(default=1)
