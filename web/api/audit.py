"""The journal: is it whole, and what does it say."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import col

from web.api.caller import After, Reader
from web.api.noun import noun
from workflow import audit, auditing
from workflow.models.event import Event
from workflow.models.person import Role
from workflow.store.paging import cut, position

router = noun("audit")
AUDITORS = (Role.ADMINISTRATOR, Role.AUDITOR)
BIGGEST = 2**62


class Verdict(BaseModel):
    """`broken` names the links that do not hold; `head` is worth noting elsewhere."""

    model_config = ConfigDict(from_attributes=True)

    intact: bool
    events: int
    unsealed: int
    head: str
    broken: list[dict[str, str]]


class Line(BaseModel):
    """The fields the chain seals, as they are."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    on: date
    actor: str
    person_id: int | None
    act: str
    directive_id: int | None
    obligation_id: int | None
    from_state: str | None
    to_state: str | None
    due_on: date | None
    level: int | None
    reason: str | None
    detail: dict[str, Any] | None


class Journal(BaseModel):
    rows: list[Line]
    after: str | None


@router.get("/audit/verify")
def verify(visit: Reader) -> Verdict:
    """The whole chain is computed anew."""
    visit.only_for(*AUDITORS)
    return Verdict.model_validate(audit.verify(visit.db))


class LedgerFault(BaseModel):
    """`kind`: missing, unexpected, wrong_night, wrong_date, wrong_status, wrong_level or wrong_count."""

    kind: str
    directive: str
    night: date
    step: str
    text: dict[str, str]


class LedgerCompared(BaseModel):
    """How much was looked at up to which night; no differences means the ledger is right."""

    night: date | None
    obligations: int
    steps: int
    differences: list[LedgerFault]


@router.get("/audit/ledger")
def ledger(visit: Reader, everything: bool = False) -> LedgerCompared:
    """What should have been told so far, read forwards from the rules, against what was."""
    visit.only_for(*AUDITORS)
    return LedgerCompared.model_validate(auditing.compare(visit.db, everything=everything).as_json())


@router.get("/audit/events")
def export(
    visit: Reader,
    since: date | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
    after: After = None,
) -> Journal:
    """As it was written, oldest first."""
    visit.only_for(*AUDITORS)
    query = select(Event).order_by(col(Event.id)).limit(limit + 1)
    if since is not None:
        query = query.where(col(Event.on) >= since)
    if after is not None:
        query = query.where(col(Event.id) > _number(position(after, 1)[0]))
    rows = list(visit.db.scalars(query))
    page = cut(rows, [(row.id,) for row in rows], limit)
    return Journal(rows=[Line.model_validate(row) for row in page.rows], after=page.after)


def _number(text: str) -> int:
    """A cursor is ours or nothing: whatever else it says stands behind every row."""
    return min(int(text), BIGGEST) if text.isascii() and text.isdigit() else BIGGEST
