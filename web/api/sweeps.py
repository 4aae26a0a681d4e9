"""The nights the system looked at everything."""

from datetime import date
from typing import Any

from web.api.caller import Limit
from web.api.noun import noun
from web.visit import Signed
from workflow.models.sweep_run import SweepRun
from workflow.store import sweeps

router = noun("sweeps")


@router.get("/sweeps")
def sweep_list(visit: Signed, limit: Limit = 30, before: date | None = None) -> dict[str, Any]:
    rows = sweeps.recent(visit.db, visit.me, limit=limit, before=before)
    return {"rows": [_run(one) for one in rows]}


@router.get("/sweeps/{night}")
def sweep(visit: Signed, night: date) -> dict[str, Any]:
    return _run(sweeps.get(visit.db, visit.me, night=night))


def _run(one: SweepRun) -> dict[str, Any]:
    return {
        "night": one.night_on, "since": one.since_on, "status": one.status.value, "told": one.told,
        "open": one.open_count, "looked_at": one.looked_at_count, "notices": one.notice_count,
        "messages": one.message_count, "held": one.held_count, "completed_at": one.completed_at, "seconds": one.seconds,
    }  # fmt: skip
