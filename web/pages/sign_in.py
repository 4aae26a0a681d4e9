"""Signing in: password, a code by mail, the first administrator, and the local links of a demo."""

from typing import Annotated, ClassVar

from fastapi import APIRouter, BackgroundTasks, Depends
from starlette.responses import Response

from web.code_mail import send_code
from web.form import Form, read_form
from web.refusals import ForeignForm, NoSuchPage
from web.visit import Anybody, Posted, Signed, Visit, is_ours, local_path, posted
from workflow import accounts, sign_ins
from workflow.accounts import SignInRefused
from workflow.errors import WorkflowError
from workflow.sign_ins import Entered

router = APIRouter()


class LinkUsed(WorkflowError):
    """A local link lets in once; afterwards it says so, and what to do."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Liên kết này đã dùng hoặc đã hết hạn. Đăng nhập bằng mã gửi qua thư, hoặc lấy liên kết mới ở cửa sổ lệnh.",
        "en": "This link was used or is over. Sign in with a code by mail, or take a new link at the console.",
    }
    http_status = 404


@router.get("/dang-nhap")
def sign_insign_in_form(visit: Anybody) -> Response:
    if visit.actor is not None:
        return visit.see_other(local_path(visit.request.query_params.get("tiep")))
    return sign_in_form(visit)


@router.post("/dang-nhap")
def sign_in(visit: Anybody, form: Posted) -> Response:
    try:
        visit.site.limit("sign in", form.text("email").lower(), address_of(visit))
        visit.site.limit("sign in, address", address_of(visit))
        with visit.writing() as db:
            found = accounts.with_password(
                db,
                form.text("email"),
                form.values.get("password", [""])[0],
                visit.site.real_now(),
                browser_of(visit),
            )
    except WorkflowError as refusal:
        return sign_in_form(visit, refusal.http_status, refusal=refusal, email=form.text("email"))
    return entered(visit, found, form.text("tiep"))


@router.post("/dang-nhap/ma")
def ask_code(visit: Anybody, form: Posted, later: BackgroundTasks) -> Response:
    """The same page and the same time, whether or not anybody has this address."""
    email = form.text("email")
    try:
        visit.site.limit("code", email.lower())
        visit.site.limit("code, address", address_of(visit))
    except WorkflowError as refusal:
        return sign_in_form(visit, refusal.http_status, refusal=refusal, email=email)
    with visit.writing() as db:
        asked = accounts.ask_code(db, email, visit.site.real_now(), visit.whose)
    if asked is not None:
        later.add_task(send_code, visit.site, asked[0].email, asked[0].name, asked[1], asked[0].locale)
    return visit.page("sign_in_code.html", email=email, next=form.text("tiep"), refusal=None)


@router.post("/dang-nhap/ma/nhap")
def enter_code(visit: Anybody, form: Posted) -> Response:
    email = form.text("email")
    try:
        visit.site.limit("sign in", email.lower(), address_of(visit))
        with visit.writing() as db:
            found = accounts.with_code(
                db, email, form.text("code"), visit.site.real_now(), visit.whose, browser_of(visit)
            )
        if found is None:
            raise SignInRefused
    except WorkflowError as refusal:
        return visit.page(
            "sign_in_code.html", refusal.http_status, email=email, next=form.text("tiep"), refusal=refusal
        )
    return entered(visit, found, form.text("tiep"))


@router.get("/bat-dau")
def first_runsign_in_form(visit: Anybody) -> Response:
    _only_first_run(visit)
    return visit.page("first_run.html", refusal=None, typed={})


@router.post("/bat-dau")
def first_run(visit: Anybody, form: Posted) -> Response:
    _only_first_run(visit)
    typed = {name: form.text(name) for name in ("code", "name", "email")}
    try:
        visit.site.limit("first run", address_of(visit))
        with visit.writing() as db:
            found = accounts.begin(
                db, **typed, password=form.values.get("password", [""])[0],
                now=visit.site.real_now(), browser=browser_of(visit),
            )  # fmt: skip
    except WorkflowError as refusal:
        return visit.page("first_run.html", refusal.http_status, refusal=refusal, typed=typed)
    return entered(visit, found, "/")


@router.get("/vao/{token}")
def local_linksign_in_form(visit: Anybody, token: str) -> Response:
    """Opening the address changes nothing; the button does."""
    _only_local(visit)
    person = accounts.owner_of_link(visit.db, token, visit.site.real_now())
    if person is None:
        raise LinkUsed
    return visit.page("local_link.html", name=person.name, token=token)


def pressed_twice(visit: Anybody, form: Annotated[Form, Depends(read_form)]) -> bool:
    """The first press signed this browser in, so the key of the second is one of before."""
    try:
        posted(visit, form)
    except ForeignForm:
        before = visit.cookies.mark(visit.request)
        if visit.actor is None or not is_ours(visit.request, visit.site):
            raise
        if not visit.cookies.is_form_key(form.text("form_key"), before):
            raise
        return True
    return False


@router.post("/vao/{token}")
def local_link(visit: Anybody, token: str, again: Annotated[bool, Depends(pressed_twice)]) -> Response:
    _only_local(visit)
    if again and accounts.owner_of_link(visit.db, token, visit.site.real_now()) is None:
        return visit.see_other("/")
    if again:
        raise ForeignForm
    try:
        with visit.writing() as db:
            found = accounts.with_link(db, token, visit.site.real_now(), browser_of(visit))
    except SignInRefused as refusal:
        raise LinkUsed from refusal
    return entered(visit, found, "/")


@router.post("/dang-xuat")
def sign_out(visit: Signed, _form: Posted) -> Response:
    with visit.writing() as db:
        sign_ins.end(db, visit.token or "", visit.site.real_now())
    visit.token = None
    response = visit.see_other("/dang-nhap")
    visit.cookies.forget(response)
    return response


@router.get("/toi")
def mesign_in_form(visit: Signed) -> Response:
    return visit.page("me.html", refusal=None)


@router.post("/toi/mat-khau")
def change_password(visit: Signed, form: Posted) -> Response:
    """Asks for the present password, or for a sign-in by code moments ago."""
    try:
        visit.site.limit("sign in", str(visit.me.person_id), address_of(visit))
        with visit.writing() as db:
            accounts.change_password(
                db, visit.me, form.values.get("present", [""])[0], form.values.get("password", [""])[0],
                visit.token or "", visit.site.real_now(), visit.site.words,
            )  # fmt: skip
    except WorkflowError as refusal:
        return visit.page("me.html", refusal.http_status, refusal=refusal)
    return visit.see_other("/toi", "Đã đổi mật khẩu.", "The password was changed.")


def sign_in_form(
    visit: Visit, status: int = 200, *, refusal: WorkflowError | None = None, email: str = ""
) -> Response:
    wanted = local_path(visit.request.query_params.get("tiep"))
    return visit.page(
        "sign_in.html", status, refusal=refusal, email=email, next=wanted,
        is_new=not accounts.has_administrator(visit.db),
    )  # fmt: skip


def entered(visit: Visit, found: Entered, wanted: str) -> Response:
    """A new token at every sign-in; whoever was signed in here before is signed out."""
    if found.owes_second:
        return visit.page("second.html", pending=found.token, next=local_path(wanted), refusal=None)
    if visit.token:
        with visit.writing() as db:
            sign_ins.end(db, visit.token, visit.site.real_now())
    visit.token = found.token
    return visit.see_other(local_path(wanted))


def _only_first_run(visit: Visit) -> None:
    if accounts.has_administrator(visit.db):
        raise NoSuchPage


def _only_local(visit: Visit) -> None:
    if visit.site.mailbox is None:
        raise NoSuchPage


def address_of(visit: Visit) -> str:
    return visit.request.client.host if visit.request.client else "-"


def browser_of(visit: Visit) -> str:
    return visit.request.headers.get("user-agent", "")
