"""`/`: what waits for this person first, then the figures."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from web.menu import oversees
from web.visit import Signed
from workflow.views import directives, duties, nights
from workflow.views.directives import Wanted
from workflow.views.standing import Group, Rules

router = APIRouter()
STRIP = 14
AHEAD = timedelta(days=14)
ROWS = 12


@router.get("/")
def overview(visit: Signed) -> Response:
    db, me = visit.db, visit.me
    rules = Rules.of(db)
    counts = directives.counts(db, me, rules, visit.today)
    open_ones = directives.listing(db, me, rules, visit.today, Wanted(only_open=True), limit=ROWS)
    return visit.page(
        "overview.html",
        waiting=duties.waiting(db, me, rules, visit.today),
        counts=counts,
        total=sum(counts.values()),
        bars=_bars(counts),
        listing=open_ones,
        run=nights.last_run(db) if oversees(me) else None,
        strip=nights.strip(db, visit.today, STRIP) if oversees(me) else [],
        ahead=visit.today + AHEAD,
    )


def _bars(counts: dict[Group, int]) -> list[tuple[Group, float, float]]:
    """(group, x, width) of the distribution bar, 0 to 800, with a gap of 3 between segments."""
    total = sum(counts.values())
    bars, x = [], 0.0
    for group, count in counts.items():
        width = 800 * count / total if total else 0
        if count:
            bars.append((group, x, max(width - 3, 1)))
        x += width
    return bars
