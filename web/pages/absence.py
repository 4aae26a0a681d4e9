"""`/toi/vang-mat`: from when to when I am away, and who stands in for me."""

from fastapi import APIRouter
from starlette.responses import Response

from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import absences
from workflow.absences import Absence
from workflow.errors import InputMissing, WorkflowError
from workflow.models.person import Person
from workflow.words import pair

router = APIRouter()
PAGE = "/toi/vang-mat"


@router.get(PAGE)
def absence_page(visit: Signed) -> Response:
    return _page(visit)


@router.post(PAGE)
def change(visit: Signed, form: Posted) -> Response:
    """`set` replaces what was said before; `end` says that I am back."""
    email = _me(visit).email
    try:
        if form.text("act") == "end":
            with visit.acting() as desk:
                absences.end_absence(desk, email)
            return visit.see_other(PAGE, "Đã ghi: đã trở lại.", "Noted: you are back.")
        wanted = _read(form, email)
        with visit.acting() as desk:
            absences.set_absence(desk, email, wanted)
    except WorkflowError as refusal:
        return _page(visit, form, refusal)
    return visit.see_other(PAGE, "Đã ghi những ngày vắng mặt.", "Your absence was noted.")


def _read(form: Form, email: str) -> Absence:
    from_on = form.day("from")
    if from_on is None:
        raise InputMissing(field="from", move=pair("báo vắng mặt", "say you are away"), code=email)
    return Absence(from_on, form.day("until"), form.text("deputy") or None)


def _me(visit: Visit) -> Person:
    return visit.db.get_one(Person, visit.me.person_id)


def _page(visit: Visit, typed: Form | None = None, refusal: WorkflowError | None = None) -> Response:
    me = _me(visit)
    return visit.page(
        "absence.html",
        refusal.http_status if refusal else 200,
        absence=absences.of(visit.db, me),
        colleagues=absences.possible_deputies(visit.db, me),
        lent=[post.holder for post in visit.me.posts if post.holder],
        typed=typed or Form(),
        refusal=refusal,
    )
