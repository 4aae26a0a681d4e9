"""For machines: does the process live, may it take visitors, what are its numbers."""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.responses import JSONResponse, PlainTextResponse, Response

from config import schema
from config.database import reading
from tasks import wellness
from web.refusals import NoSuchPage, outward
from web.site import Site
from workflow import auditing, channel, outbox
from workflow.errors import WorkflowError
from workflow.models.heartbeat import Heartbeat
from workflow.models.sweep_run import SweepRun, SweepStatus

router = APIRouter()
LOOPBACK = ("127.0.0.1", "::1", "testclient")


@router.api_route("/healthz", methods=["GET", "HEAD"])
def healthz() -> Response:
    return PlainTextResponse("ok\n")


@router.api_route("/readyz", methods=["GET", "HEAD"])
def readyz(request: Request) -> Response:
    """503 while the database is away or of another release; the rest is told, not judged."""
    site: Site = request.app.state.site
    try:
        schema.check(site.engine)
        with reading(site.engine) as db:
            facts = _facts(db)
    except WorkflowError as error:
        return JSONResponse({"ready": False, "why": outward(error).text("en")}, 503)
    return JSONResponse({"ready": True, **facts})


@router.api_route("/wellz", methods=["GET", "HEAD"])
def wellz(request: Request) -> Response:
    """For a watcher on another machine: 503 as soon as people are not told what they should be."""
    site: Site = request.app.state.site
    try:
        schema.check(site.engine)
        with reading(site.engine) as db:
            found = wellness.troubles(db, site.settings, site.now(), site.real_now())
    except WorkflowError as error:
        return JSONResponse({"well": False, "why": outward(error).text("vi"), "troubles": []}, 503)
    said = [{"name": one.name, **one.said} for one in found]
    return JSONResponse({"well": not found, "troubles": said}, 503 if found else 200)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """For a scraper on this machine; what came through a proxy is somebody else."""
    site: Site = request.app.state.site
    forwarded = {"x-forwarded-for", "forwarded"} & set(request.headers.keys())
    if forwarded or request.client is None or request.client.host not in LOOPBACK:
        raise NoSuchPage
    with reading(site.engine) as db:
        _measure(db, site)
    return Response(site.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _facts(db: Session) -> dict[str, object]:
    last = _last_completed(db)
    beats = db.scalars(select(Heartbeat).order_by(col(Heartbeat.name)))
    checked = auditing.latest(db)
    stop = channel.stopped(db)
    return {
        "mail": {"stopped_since": stop.since_at.isoformat() if stop else None},
        "ledger": {
            "night": checked.night_on.isoformat() if checked else None,
            "differences": checked.difference_count if checked else None,
        },
        "last_sweep": last.isoformat() if last else None,
        "heartbeats": {beat.name: beat.at.isoformat() for beat in beats},
    }


def _last_completed(db: Session) -> datetime | None:
    done = col(SweepRun.status) == SweepStatus.COMPLETED
    return db.scalar(select(func.max(col(SweepRun.completed_at))).where(done))


def _measure(db: Session, site: Site) -> None:
    site.metrics.waiting.set(outbox.waiting(db))
    stop = channel.stopped(db)
    site.metrics.mail_stopped.set((site.now() - stop.since_at).total_seconds() if stop else 0)
    if last := _last_completed(db):
        site.metrics.sweep_age.set((site.now() - last).total_seconds())
    for beat in db.scalars(select(Heartbeat)):
        site.metrics.beat_age.labels(beat.name).set((site.real_now() - beat.at).total_seconds())
