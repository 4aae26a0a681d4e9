"""`/quan-tri/tieu-de`: the head that reports and letters begin with, and the mark in the head of the pages."""

from dataclasses import replace
from hashlib import sha256

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from reports import asked
from web import house_mark
from web.form import Form
from web.refusals import NoSuchPage
from web.visit import Anybody, Posted, Signed, Visit
from workflow import audit, letterheads
from workflow.errors import WorkflowError
from workflow.letterheads import Head
from workflow.models.person import Role

router = APIRouter()


@router.get("/quan-tri/tieu-de")
def letterhead_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    return _page(visit, asked.head(visit.db, visit.site.settings))


@router.post("/quan-tri/tieu-de")
def change_letterhead(visit: Signed, form: Posted) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    wanted = _wanted(form)
    try:
        with visit.acting() as desk:
            letterheads.write(desk, wanted, asked.of_settings(visit.site.settings), visit.site.real_now())
    except WorkflowError as refusal:
        return _page(visit, wanted, refusal)
    return visit.see_other("/quan-tri/tieu-de", "Đã đổi tiêu đề văn bản.", "The letterhead was changed.")


@router.post("/quan-tri/dau-hieu")
def change_mark(visit: Signed, form: Posted) -> Response:
    """Put a picture in the head of all pages, or take it out again."""
    visit.only_for(Role.ADMINISTRATOR)
    home = visit.site.settings.home
    content = next((one.content for one in form.uploads if one.field == "mark"), b"")
    try:
        with visit.acting() as desk:
            if form.text("act") == "remove":
                house_mark.remove(home)
            else:
                house_mark.keep(home, content)
            detail = {"sha256": sha256(content).hexdigest() if house_mark.stamp(home) else None}
            audit.record(desk.db, desk.actor, "mark.change", at=desk.now, on=desk.today, detail=detail)
    except WorkflowError as refusal:
        return _page(visit, asked.head(visit.db, visit.site.settings), refusal)
    return visit.see_other("/quan-tri/tieu-de", "Đã đổi dấu hiệu.", "The mark was changed.")


@router.get("/dau-hieu.png")
def mark(visit: Anybody) -> Response:
    """Seen before anybody signs in, and by agencies."""
    if visit.site.mark is None:
        raise NoSuchPage
    return FileResponse(house_mark.path(visit.site.settings.home), media_type="image/png")


def _wanted(form: Form) -> Head:
    version = form.text("version")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else -1
    parent, place = form.text("parent_body") or None, form.text("place") or None
    return Head(form.text("body"), parent, place, form.text("layout"), number)


def _page(visit: Visit, shown: Head, refusal: WorkflowError | None = None) -> Response:
    """After a refusal: what was typed, in the fields; what is in force, beside them."""
    in_force = asked.head(visit.db, visit.site.settings)
    return visit.page(
        "letterhead.html",
        refusal.http_status if refusal else 200,
        shown=replace(shown, version=in_force.version),
        in_force=in_force,
        refusal=refusal,
    )
