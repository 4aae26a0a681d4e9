"""`/quan-tri/tien-trinh`: what runs by itself, when it last ran and how, when it comes again."""

from fastapi import APIRouter
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from tasks import jobs_seen
from web.visit import Signed
from workflow.models.heartbeat import Heartbeat
from workflow.models.person import Role

router = APIRouter()


@router.get("/quan-tri/tien-trinh")
def jobs_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    now = visit.site.real_now()
    return visit.page(
        "jobs.html",
        jobs=list(jobs_seen.seen(visit.db, visit.site.settings, now)),
        beats=list(visit.db.scalars(select(Heartbeat).order_by(col(Heartbeat.name)))),
    )
