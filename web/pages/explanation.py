"""`/nhiem-vu/{code}/cach-tinh`: why this date, and for any night why a mail went out or none did."""

from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from web.form import parse_day
from web.visit import Signed
from workflow.errors import InputWrong
from workflow.plan import KINDS, explain, step_name
from workflow.store import directives
from workflow.why import Hindsight
from workflow.words import OBLIGATION_STATUS

router = APIRouter()


@router.get("/nhiem-vu/{code}/cach-tinh")
def explained(visit: Signed, code: str) -> Response:
    """`ngay`: as of which evening; `dem`: which night is asked about. The agency reads what its delegation reads."""
    directive = directives.get(visit.db, visit.me, code)
    asked = visit.request.query_params
    on, night = _day(asked.get("ngay"), visit.today), _day(asked.get("dem"), None)
    return visit.page(
        "explained.html",
        directive=directive,
        explanation=explain(visit.db, directive, on or visit.today),
        night=night,
        answered=Hindsight(visit.db, directive).night(night) if night else [],
        kinds=KINDS,
        statuses=OBLIGATION_STATUS,
        step_name=step_name,
    )


def _day(text: str | None, otherwise: date | None) -> date | None:
    """As people write days, or as links do; what is neither asks nothing."""
    try:
        return parse_day(text or "", "ngay") or otherwise
    except InputWrong:
        return otherwise
