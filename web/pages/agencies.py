"""`/co-quan`: bodies, their figures, and who answers for them."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from web.form import Form
from web.menu import oversees
from web.next_step import next_step
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import register
from workflow.desk import Desk
from workflow.errors import InputWrong, WorkflowError
from workflow.figures.cells import Cell, Figure
from workflow.figures.scorecard import MONTHS, scorecard
from workflow.ladder import AGENCY, DELEGATION, Position
from workflow.models.organization import OrganizationKind
from workflow.register import PersonChange
from workflow.store import organizations
from workflow.words import ORGANIZATIONS, POSITIONS

router = APIRouter()


@router.get("/co-quan")
def agency_list(visit: Signed) -> Response:
    return _list(visit)


@router.post("/co-quan")
def add_agency(visit: Signed, form: Posted) -> Response:
    _only_overseers(visit)
    try:
        with visit.acting() as desk:
            kind = _kind(form)
            register.add_organization(desk, _given(form, "code"), _given(form, "name"), kind)
    except WorkflowError as refusal:
        return _list(visit, form, refusal)
    return visit.see_other(
        _address(form.text("code")),
        "Đã thêm cơ quan. Bước tiếp theo: thêm người nhận thư của cơ quan.",
        "The body was added. Next: add who receives its mail.",
    )


@router.get("/co-quan/{code}")
def agency_page(visit: Signed, code: str) -> Response:
    return _page(visit, code)


@router.post("/co-quan/{code}/dau-moi")
def change_contact(visit: Signed, code: str, form: Posted) -> Response:
    """Add a contact, correct an address, or take a post away."""
    organizations.get(visit.db, visit.me, code)
    try:
        if form.text("act") == "correct":
            visit.check_proved()
        with visit.acting() as desk:
            _change(desk, code, form)
    except WorkflowError as refusal:
        return _page(visit, code, form, refusal)
    return visit.see_other(_address(code), "Đã cập nhật đầu mối.", "The contacts were updated.")


@router.post("/co-quan/{code}")
def edit_agency(visit: Signed, code: str, form: Posted) -> Response:
    """The name on papers, and the names by which conclusions call this body."""
    organizations.get(visit.db, visit.me, code)
    aliases = tuple(dict.fromkeys(line.strip() for line in form.text("aliases").splitlines() if line.strip()))
    try:
        with visit.acting() as desk:
            register.edit_organization(desk, code, name=_given(form, "body_name"), aliases=aliases)
    except WorkflowError as refusal:
        return _page(visit, code, form, refusal)
    return visit.see_other(_address(code), "Đã ghi tên gọi.", "The names were saved.")


def _change(desk: Desk, code: str, form: Form) -> None:
    act, email = form.text("act"), form.text("email")
    if act == "correct":
        register.edit_contact(desk, email, PersonChange(email=form.text("new_email") or None))
    elif act == "remove":
        register.remove_contact(desk, code, email, _position(form))
    else:
        register.add_contact(
            desk,
            code,
            email,
            _position(form),
            name=form.text("name") or None,
            title=form.text("title") or None,
        )


def _position(form: Form) -> Position:
    word = form.text("position")
    if word not in list(Position):
        raise InputWrong(field="position", value=word, why=CHOOSE)
    return Position(word)


def _kind(form: Form) -> OrganizationKind:
    word = form.text("kind")
    if word not in list(OrganizationKind):
        raise InputWrong(field="kind", value=word, why=CHOOSE)
    return OrganizationKind(word)


def _given(form: Form, name: str) -> str:
    text = form.text(name)
    if not text:
        raise InputWrong(field=name, value="", why={"vi": "Không để trống.", "en": "It cannot be empty."})
    return text


def _list(visit: Visit, typed: Form | None = None, refusal: WorkflowError | None = None) -> Response:
    rows = organizations.all_rows(visit.db, visit.me, visit.rules.as_of)
    return visit.page(
        "agencies.html",
        refusal.http_status if refusal else 200,
        rows=rows,
        kinds=ORGANIZATIONS,
        may_add=oversees(visit.me),
        typed=typed or Form(),
        refusal=refusal,
    )


def _page(
    visit: Visit, code: str, typed: Form | None = None, refusal: WorkflowError | None = None
) -> Response:
    body = organizations.get(visit.db, visit.me, code)
    is_agency = body.kind is OrganizationKind.AGENCY
    card = (
        scorecard(visit.db, visit.me, body.code, visit.today, visit.today, _months(visit))
        if is_agency
        else None
    )
    contacts = organizations.contacts(visit.db, body)
    held = {one.membership.position for one in contacts}
    return visit.page(
        "agency.html",
        refusal.http_status if refusal else 200,
        body=body,
        card=card,
        next=next_step(body.kind, held, card is None or bool(card.revised[Figure.TOTAL]))
        if oversees(visit.me)
        else None,
        cells=Cell,
        figures=Figure,
        contacts=contacts,
        positions=[(one, POSITIONS[one]) for one in (AGENCY if is_agency else DELEGATION)],
        words=POSITIONS,
        kind=ORGANIZATIONS[body.kind],
        may_change=oversees(visit.me),
        typed=typed or Form(),
        refusal=refusal,
    )


def _months(visit: Visit) -> int:
    """Earlier months are counted one by one, so only when asked for."""
    return MONTHS if "thang" in visit.request.query_params else 0


def _only_overseers(visit: Visit) -> None:
    if not oversees(visit.me):
        raise NoSuchPage


def _address(code: str) -> str:
    return f"/co-quan/{quote(code, safe='')}"


CHOOSE = {"vi": "Chọn một trong các mục.", "en": "Choose one of the entries."}
