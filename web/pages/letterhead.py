"""`/quan-tri/tieu-de`: the head that reports and letters begin with."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from reports import asked
from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import letterheads
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
