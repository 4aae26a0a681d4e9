"""A synthetic year of a province: agencies, supervisions and directives with whole lives, from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from tests.world import at
from workflow import rulebook
from workflow.access import SYSTEM
from workflow.ladder import ObligationKind
from workflow.models.directive import Coordination, Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.rule_version import RuleKind
from workflow.models.supervision import Supervision

FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
URGENCIES = (None, None, None, "urgent", "very_urgent", "express")
PROGRAMMES = ("NQ 21", "NQ 57", None)
FATES = (
    "done",
    "done",
    "done",
    "done",
    "done",
    "open",
    "open",
    "open",
    "waiting",
    "withdrawn",
    "not_done",
    "paused",
)


@dataclass(frozen=True)
class Size:
    agencies: int = 30
    supervisions: int = 60
    directives: int = 3_000


@dataclass(frozen=True)
class Life:
    """One directive, told as facts: what the database is filled from, and what an independent count reads."""

    number: int
    agency: int
    supervision: int
    urgency: str | None
    issued_on: date
    due_on: date | None
    original_on: date | None
    granted_on: date | None
    reported_on: date | None
    closed_on: date | None
    fate: str
    rhythm: str | None


def lives(size: Size, seed: int = 14) -> Iterator[Life]:
    dice = random.Random(seed)
    for number in range(1, size.directives + 1):
        yield _life(dice, number, size)


def _life(dice: random.Random, number: int, size: Size) -> Life:
    issued = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days))
    is_undated = dice.random() < 0.06
    original = issued + timedelta(days=dice.choice((15, 30, 45, 60, 90, 180))) if not is_undated else None
    fate = dice.choice(FATES) if not is_undated else "open"
    granted = due = None
    if original is not None:
        due = original
        if dice.random() < 0.2:
            granted = issued + timedelta(days=max(1, ((original - issued).days * 2) // 3))
            due = original + timedelta(days=dice.choice((10, 20, 40)))
    reported = closed = None
    if fate in ("done", "waiting"):
        assert due is not None
        reported = max(
            issued + timedelta(days=1), (granted or issued), due + timedelta(days=dice.randrange(-25, 40))
        )
        closed = reported + timedelta(days=dice.randrange(8)) if fate == "done" else None
    elif fate in ("withdrawn", "not_done", "paused"):
        closed = max(granted or issued, issued + timedelta(days=dice.randrange(3, 60)))
    return Life(
        number, dice.randrange(size.agencies), dice.randrange(size.supervisions), dice.choice(URGENCIES), issued, due,
        original, granted, reported, closed, fate, "FREQ=MONTHLY;BYMONTHDAY=25" if is_undated else None,
    )  # fmt: skip


CLOSING = {"done": ("accept", "done"), "withdrawn": ("withdraw", "withdrawn"),
           "not_done": ("close_not_done", "closed_not_done"), "paused": ("suspend", "suspended")}  # fmt: skip


def acts(life: Life) -> list[tuple[date, str, str, date | None]]:
    """(day, act, state afterwards, due date afterwards)."""
    told: list[tuple[date, str, str, date | None]] = [(life.issued_on, "issue", "issued", life.original_on)]
    if life.granted_on is not None:
        told.append((life.granted_on, "grant_extension", "issued", life.due_on))
    if life.reported_on is not None:
        told.append((life.reported_on, "report", "reported", life.due_on))
    if life.closed_on is not None:
        act, state = CLOSING[life.fate]
        told.append((life.closed_on, act, state, life.due_on))
    return told


def fill(db: Session, size: Size, seed: int = 14) -> None:
    """Straight into the tables: a year of acts would take an hour to live through."""
    pinned = {f"{kind.value}_id": rulebook.active(db, kind).id for kind in RuleKind}
    body = Organization(code="doan", name="Đoàn giám sát", kind=OrganizationKind.DELEGATION)
    agencies = [
        Organization(code=f"cq{n:02d}", name=f"Cơ quan {n:02d}", kind=OrganizationKind.AGENCY)
        for n in range(size.agencies)
    ]
    db.add_all([body, *agencies])
    db.flush()
    supervisions = [
        Supervision(code=f"GS{n:02d}", delegation_id=body.id, subject=f"Chuyên đề {n:02d}", session_on=FIRST,
                    programme=PROGRAMMES[n % 3])
        for n in range(size.supervisions)
    ]  # fmt: skip
    db.add_all(supervisions)
    db.flush()
    told = list(lives(size, seed))
    rows = [_directive(life, agencies, supervisions, pinned) for life in told]
    db.execute(insert(Directive), rows)
    db.execute(insert(Event), [event for life in told for event in _events(life)])
    db.execute(insert(Obligation), [_owed(life, agencies, body.id, pinned["policy_id"]) for life in told])
    coordinated = [life for life in told if life.number % 4 == 0]
    db.execute(
        insert(Coordination),
        [
            {"directive_id": one.number, "organization_id": agencies[(one.agency + 1) % len(agencies)].id}
            for one in coordinated
        ],
    )


def _directive(
    life: Life, agencies: list[Organization], supervisions: list[Supervision], pinned: dict[str, int]
) -> dict[str, Any]:
    return {
        "id": life.number, "code": f"NV-{life.number:05d}", "supervision_id": supervisions[life.supervision].id,
        "text": f"Rà soát, báo cáo việc số {life.number} theo kết luận", "title": f"Việc số {life.number}",
        "lead_id": agencies[life.agency].id, "state": acts(life)[-1][2], "urgency": life.urgency,
        "issued_on": life.issued_on, "due_on": life.due_on, "original_due_on": life.original_on,
        "extensions": 1 if life.granted_on else 0, "reported_on": life.reported_on,
        "closed_on": life.closed_on if life.fate != "paused" else None, "rhythm": life.rhythm,
        "changed_at": at(life.issued_on), "is_secret": False, "due_is_express": True, "due_version": 1, "version": 1,
        **pinned,
    }  # fmt: skip


def _events(life: Life) -> Iterator[dict[str, Any]]:
    for on, act, state, due_on in acts(life):
        yield {"at": at(on), "on": on, "actor": SYSTEM.name, "act": act, "directive_id": life.number,
               "to_state": state, "due_on": due_on}  # fmt: skip


def _owed(life: Life, agencies: list[Organization], body_id: int, policy_id: int) -> dict[str, Any]:
    due_on = life.due_on or life.issued_on + timedelta(days=4_000)
    is_over = life.reported_on is not None or life.fate in ("withdrawn", "not_done")
    status = (
        ObligationStatus.MET
        if life.reported_on
        else ObligationStatus.VOID
        if is_over
        else ObligationStatus.RUNNING
    )
    return {
        "directive_id": life.number, "kind": ObligationKind.DELIVER, "ladder": "deliver",
        "owed_by_id": agencies[life.agency].id, "owed_to_id": body_id, "opened_on": life.issued_on, "due_on": due_on,
        "original_due_on": life.original_on or due_on, "due_version": 1, "span_days": 10,
        "status": ObligationStatus.PAUSED if life.fate == "paused" else status,
        "met_on": (life.reported_on or life.closed_on) if is_over else None, "level": 0, "policy_id": policy_id,
    }  # fmt: skip
