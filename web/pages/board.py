"""`/don-doc`: one column for each level; pushing is done on the directive itself."""

from fastapi import APIRouter
from starlette.responses import Response

from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Signed
from workflow.views import board, duties

router = APIRouter()


@router.get("/don-doc")
def board_page(visit: Signed) -> Response:
    if not oversees(visit.me):
        raise NoSuchPage
    return visit.page(
        "board.html",
        columns=board.columns(visit.db, visit.me, visit.rules),
        waiting=duties.waiting(visit.db, visit.me, visit.rules, limit=30),
    )
