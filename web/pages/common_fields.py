"""One date or one product for all drafts of a conclusion that lack it."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from web.form import Form
from web.pages.conclusions import review
from web.visit import Posted, Signed, Visit
from workflow import intake
from workflow.corrections import fill_missing
from workflow.errors import InputWrong, WorkflowError

router = APIRouter()
EMPTY = {"vi": "Ghi thời hạn hoặc sản phẩm chung.", "en": "Give a common date or product."}


@router.post("/ket-luan/{code}/chung")
def fill(visit: Signed, code: str, form: Posted) -> Response:
    try:
        filled = _fill(visit, code, form)
    except WorkflowError as refusal:
        return review(visit, code, typed=form, refusal=refusal)
    return visit.see_other(
        f"/ket-luan/{quote(code, safe='')}/ra-soat",
        f"Đã điền cho {filled} nhiệm vụ còn thiếu.", f"{filled} directives were filled in.",
    )  # fmt: skip


def _fill(visit: Visit, code: str, form: Form) -> int:
    conclusion = intake.find(visit.db, visit.me, code)
    due_on, product = form.day("common_due_on"), form.text("common_product")
    if not due_on and not product:
        raise InputWrong(field="due_on", value="", why=EMPTY)
    with visit.acting() as desk:
        lacking = intake.unclear(intake.drafts_of(desk.db, visit.me, conclusion))
        return fill_missing(desk, lacking, due_on=due_on, product=product or None)
