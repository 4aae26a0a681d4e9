"""`/`: what waits for this person first, then the figures."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from web.menu import oversees
from web.visit import Signed, Visit
from workflow.models.sweep_run import SweepRun
from workflow.store import directives
from workflow.store.filters import Filter
from workflow.views import agenda, axis, conclusions, duties, nights
from workflow.views.groups import OPEN, Group, grouped

router = APIRouter()
NIGHTS = 14
AHEAD = timedelta(days=14)
ROWS = 12
ALL_DUTIES = 500
WIDTH, GAP = 800, 3


@router.get("/")
def overview(visit: Signed) -> Response:
    db, me, rules = visit.db, visit.me, visit.rules.as_of
    counts = grouped(directives.counts(db, me, rules, Filter()))
    page = directives.page(db, me, rules, Filter(standings=OPEN), limit=ROWS)
    runs, strip = _nights(visit)
    return visit.page(
        "overview.html",
        waiting=duties.waiting(db, me, visit.rules, limit=_shown(visit)),
        conclusions=conclusions.waiting(db, me),
        counts=counts,
        bars=_bars(counts),
        rows=page.rows,
        has_more=page.after is not None,
        axis=axis.drawn(page.rows, rules, visit.look.locale) if page.after is None else None,
        run=runs[0] if runs else None,
        strip=strip,
        agenda=agenda.ahead(db, me, visit.today, visit.today + AHEAD),
    )


def _shown(visit: Visit) -> int:
    return ALL_DUTIES if visit.request.query_params.get("viec") == "tat-ca" else duties.AT_MOST


def _nights(visit: Visit) -> tuple[list[SweepRun], list[nights.Bar]]:
    return nights.recent(visit.db, visit.me, NIGHTS) if oversees(visit.me) else ([], [])


def _bars(counts: dict[Group, int]) -> list[tuple[Group, float, float]]:
    """(group, x, width) of the distribution bar."""
    total = sum(counts.values())
    bars, x = [], 0.0
    for group, count in counts.items():
        width = WIDTH * count / total if total else 0
        if count:
            bars.append((group, x, max(width - GAP, 1)))
        x += width
    return bars
