"""Reports that mail themselves, and the bundle for an inspection: the acts of `/bao-cao`."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path
from starlette.responses import Response

from reports import asked
from reports.bundle import bundle
from reports.request import KINDS, Format
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import report_schedules
from workflow.errors import RoleNotAllowed, WorkflowError

router = APIRouter()
Number = Annotated[int, Path(ge=1, le=2**53)]
RHYTHMS = {
    "FREQ=WEEKLY;BYDAY=MO": {"vi": "thứ Hai hằng tuần", "en": "every Monday"},
    "FREQ=MONTHLY;BYMONTHDAY=25": {"vi": "ngày 25 hằng tháng", "en": "the 25th of each month"},
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25": {"vi": "ngày 25 cuối quý", "en": "the 25th, each quarter"},
}


@router.get("/bao-cao/lich")
def schedule_page(visit: Signed) -> Response:
    return _page(_scheduler(visit))


@router.post("/bao-cao/lich")
def add_schedule(visit: Signed, form: Posted) -> Response:
    _scheduler(visit)
    to = form.text("to").replace(",", " ").replace(";", " ").split()
    try:
        kind, format_ = asked.kind(form.text("report")), asked.format_(form.text("format"))
        narrowed = {name: form.text(name) for name in ("agency", "supervision") if form.text(name)}
        asked.wanted(kind, narrowed.get, visit.today, visit.look.locale).check(format_)
        with visit.acting() as desk:
            report_schedules.add(desk, kind.value, format_.value, form.text("rhythm"), to, scope=narrowed)
    except WorkflowError as refusal:
        return _page(visit, refusal)
    return visit.see_other("/bao-cao/lich", "Đã đặt lịch.", "Scheduled.")


@router.post("/bao-cao/lich/{number}/thoi")
def end_schedule(visit: Signed, number: Number, form: Posted) -> Response:  # noqa: ARG001 - its key is what counts
    _scheduler(visit)
    with visit.acting() as desk:
        report_schedules.end(desk, number)
    return visit.see_other("/bao-cao/lich", "Đã thôi lịch.", "The schedule ended.")


@router.get("/bao-cao/ho-so/{code}")
def inspection_bundle(visit: Signed, code: str) -> Response:
    try:
        content = bundle(visit.db, visit.me, code, visit.now)
    except RoleNotAllowed:
        raise NoSuchPage from None
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(code, safe='')}.zip"}
    return Response(content, media_type="application/zip", headers=headers)


def _page(visit: Visit, refusal: WorkflowError | None = None) -> Response:
    return visit.page(
        "report_schedules.html", refusal.http_status if refusal else 200, refusal=refusal, kinds=KINDS,
        formats=list(Format), rhythms=RHYTHMS, running=report_schedules.running(visit.db),
    )  # fmt: skip


def _scheduler(visit: Visit) -> Visit:
    """Who may not schedule has no such page."""
    try:
        report_schedules.check_may_schedule(visit.me)
    except RoleNotAllowed:
        raise NoSuchPage from None
    return visit
