"""Directives as the caller may see them, and their moves."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from web.api.caller import Keyed, Limit
from web.api.noun import noun
from web.visit import Signed
from workflow.inputs import Evidence, Inputs
from workflow.models.event import Event
from workflow.possible import possible_moves
from workflow.standing import Standing
from workflow.store import directives, events, obligations
from workflow.store.directives import Filter
from workflow.views.sheet import find

router = noun("directives")


class MoveWanted(BaseModel):
    """One move of the lifecycle. `version` guards against overwriting somebody else's."""

    move: str = Field(max_length=60)
    version: int
    reason: str | None = None
    text: str | None = None
    due_on: date | None = None
    resume_on: date | None = None
    lead: str | None = None
    coordinating: list[str] | None = None
    proof: str | None = Field(
        default=None, description="Evidence in words: a document number, minutes, a visit."
    )


@router.get("/directives")
def directive_list(
    visit: Signed,
    q: str | None = None,
    standing: Annotated[list[Standing] | None, Query()] = None,
    state: Annotated[list[str] | None, Query()] = None,
    agency: str | None = None,
    supervision: str | None = None,
    sort: str = "due",
    limit: Limit = 50,
    after: str | None = None,
) -> dict[str, Any]:
    """Rows in the order asked for; `after` of one page is the cursor of the next."""
    as_of = visit.rules.as_of
    wanted = Filter(supervision, agency, tuple(state or ()), tuple(standing or ()), q)
    page = directives.page(
        visit.db, visit.me, as_of, wanted, sort="code" if sort == "code" else "due", limit=limit, after=after
    )
    counts = directives.counts(visit.db, visit.me, as_of, wanted)
    return {"total": sum(counts.values()), "rows": [asdict(row) for row in page.rows], "after": page.after}


@router.get("/directives/{code}")
def directive(visit: Signed, code: str) -> dict[str, Any]:
    found = find(visit.db, visit.me, code).directive
    moves = possible_moves(visit.db, visit.me, found)
    return {
        **asdict(directives.row(visit.db, visit.me, visit.rules.as_of, code)),
        "text": found.text,
        "quote": found.quote,
        "product": found.product,
        "version": found.version,
        "moves": [{"move": one.move.name, "requires": one.move.requires} for one in moves if one.may],
        "obligations": [_owed(one) for one in obligations.of_directive(visit.db, found)],
        "events": [_event(one) for one in events.of_directive(visit.db, found)],
    }


@router.post("/directives/{code}/moves", status_code=201)
def make_move(visit: Keyed, code: str, wanted: MoveWanted) -> dict[str, Any]:
    """All of it happens, mails included, or nothing."""
    given = Inputs(
        reason=wanted.reason, text=wanted.text, due_on=wanted.due_on, resume_on=wanted.resume_on, lead=wanted.lead,
        coordinating=None if wanted.coordinating is None else tuple(wanted.coordinating),
        evidence=(Evidence(wanted.proof),) if wanted.proof else (),
    )  # fmt: skip
    with visit.acting() as desk:
        event = desk.move(code, wanted.move, given, version=wanted.version)
        version = desk.locked(code).version
    return {**_event(event), "version": version}


def _owed(one: obligations.Owed) -> dict[str, Any]:
    row = one.obligation
    return {
        "kind": row.kind.value, "status": row.status.value, "owed_by": one.by, "owed_to": one.to,
        "opened_on": row.opened_on, "due_on": row.due_on, "level": row.level, "met_on": row.met_on,
    }  # fmt: skip


def _event(one: Event) -> dict[str, Any]:
    return {
        "id": one.id, "at": one.at, "on": one.on, "actor": one.actor, "act": one.act, "from_state": one.from_state,
        "to_state": one.to_state, "due_on": one.due_on, "level": one.level, "reason": one.reason, "detail": one.detail,
    }  # fmt: skip
