"""`/cuoc-giam-sat`: the supervisions this person may take conclusions in for, and a new one."""

from fastapi import APIRouter
from starlette.responses import Response

from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import register
from workflow.errors import InputWrong, WorkflowError
from workflow.views import conclusions

router = APIRouter()
FIELDS = {
    "code": {"vi": "Ghi mã, ví dụ GS14.", "en": "Give a code, such as GS14."},
    "delegation": {"vi": "Chọn đoàn hoặc ban giám sát.", "en": "Choose a delegation."},
    "subject": {"vi": "Ghi nội dung giám sát.", "en": "Say what is supervised."},
}


@router.get("/cuoc-giam-sat")
def supervision_list(visit: Signed) -> Response:
    _only_overseers(visit)
    return _page(visit)


@router.post("/cuoc-giam-sat")
def add_supervision(visit: Signed, form: Posted) -> Response:
    """Leads on to the conclusion, for which a supervision is made."""
    _only_overseers(visit)
    try:
        code, delegation, subject = (_given(form, name) for name in FIELDS)
        with visit.acting() as desk:
            register.add_supervision(desk, code.upper(), delegation, subject, form.day("session_on"))
    except WorkflowError as refusal:
        return _page(visit, form, refusal)
    return visit.see_other("/ket-luan/moi", "Đã thêm cuộc giám sát.", "The supervision was added.")


def _given(form: Form, name: str) -> str:
    text = form.text(name)
    if not text:
        raise InputWrong(field=name, value="", why=FIELDS[name])
    return text


def _page(visit: Visit, typed: Form | None = None, refusal: WorkflowError | None = None) -> Response:
    return visit.page(
        "supervisions.html",
        refusal.http_status if refusal else 200,
        supervisions=conclusions.own_supervisions(visit.db, visit.me),
        delegations=conclusions.own_delegations(visit.db, visit.me),
        typed=typed or Form(),
        refusal=refusal,
    )


def _only_overseers(visit: Visit) -> None:
    if not oversees(visit.me):
        raise NoSuchPage
