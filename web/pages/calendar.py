"""`/lich`: one month of due days, holidays and exchanged days."""

from datetime import date, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from web.menu import oversees
from web.visit import Signed
from workflow.views import agenda

router = APIRouter()
WEEK = 7


@router.get("/lich")
def month_page(visit: Signed) -> Response:
    calendar = visit.rules.calendar
    month = _month(visit.request.query_params.get("thang", ""), visit.today)
    month = min(max(month, calendar.first.replace(day=1)), calendar.last.replace(day=1))
    after = _next(month)
    last = after - timedelta(days=1)
    notes = calendar.days(month, last)
    entries = agenda.ahead(visit.db, visit.me, month, last, limit=1000)
    return visit.page(
        "calendar.html",
        month=month,
        blanks=month.weekday(),
        trailing=(WEEK - 1 - last.weekday()),
        notes=notes,
        may_see_days=oversees(visit.me),
        entries=entries,
        before=(month - timedelta(days=1)).replace(day=1) if month > calendar.first else None,
        after=after if after <= calendar.last else None,
    )


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
