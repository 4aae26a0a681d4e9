"""What a person gives with a move, and what each requirement of the lifecycle asks of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Evidence:
    """A file kept in the store, or proof that is not a file (a call, a visit) in words."""

    name: str
    media_type: str = "text/plain"
    size: int = 0
    sha256: str = ""
    stored_as: str | None = None


@dataclass(frozen=True)
class Inputs:
    """`text` is the note, result or progress in the person's own words."""

    reason: str | None = None
    text: str | None = None
    due_on: date | None = None
    resume_on: date | None = None
    lead: str | None = None
    coordinating: tuple[str, ...] | None = None
    evidence: tuple[Evidence, ...] = ()

    def gives(self, requirement: str) -> bool:
        """`note`, `result` and `progress` are the text; the others are fields of the same name."""
        value: Any = getattr(
            self, {"note": "text", "result": "text", "progress": "text"}.get(requirement, requirement)
        )
        return bool(value.strip() if isinstance(value, str) else value)
