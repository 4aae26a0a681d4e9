"""`/tro-giup`: how to get by, for each side; the same place on every page."""

from fastapi import APIRouter
from starlette.responses import Response

from web.visit import Signed

router = APIRouter()


@router.get("/tro-giup")
def help_page(visit: Signed) -> Response:
    return visit.page("help.html")
