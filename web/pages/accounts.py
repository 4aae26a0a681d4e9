"""`/dang-nhap/quen`, `/dang-nhap/hai`, `/toi/hai-lop`, `/toi/phien`, `/toi/xac-nhan`: keeping one's account."""

from functools import partial

from fastapi import APIRouter, BackgroundTasks
from sqlmodel import Session
from starlette.responses import Response

from web.code_mail import send_reset
from web.pages.sign_in import address_of, browser_of, entered
from web.refusals import NoSuchPage
from web.sealing import opened, seal
from web.site import Site
from web.visit import Anybody, Posted, Signed, Visit, local_path
from workflow import accounts, audit, second_factor, sign_ins
from workflow.accounts import SignInRefused
from workflow.errors import WorkflowError
from workflow.models.person import Person

router = APIRouter()


@router.get("/dang-nhap/quen")
def forgotten_page(visit: Anybody) -> Response:
    return visit.page("forgotten.html", sent=False, refusal=None, email="")


@router.post("/dang-nhap/quen")
def ask_reset(visit: Anybody, form: Posted, later: BackgroundTasks) -> Response:
    """The same page and the same time, whether or not anybody has this address."""
    email = form.text("email")
    try:
        visit.site.limit("reset", email.lower())
        visit.site.limit("code, address", address_of(visit))
    except WorkflowError as refusal:
        return visit.page("forgotten.html", refusal.http_status, sent=False, refusal=refusal, email=email)
    with visit.writing() as db:
        asked = accounts.ask_reset(db, email, visit.site.real_now())
    if asked is not None:
        person, token = asked
        later.add_task(send_reset, visit.site, person.email, person.name, token, person.locale)
    return visit.page("forgotten.html", sent=True, refusal=None, email=email)


@router.get("/dat-mat-khau/{token}")
def reset_page(visit: Anybody, token: str) -> Response:
    """Opening the address changes nothing."""
    if not accounts.is_reset(visit.db, token, visit.site.real_now()):
        return visit.page("forgotten.html", 404, sent=False, refusal=SignInRefused(), email="")
    return visit.page("reset.html", token=token, refusal=None)


@router.post("/dat-mat-khau/{token}")
def reset(visit: Anybody, token: str, form: Posted) -> Response:
    try:
        visit.site.limit("sign in, address", address_of(visit))
        with visit.writing() as db:
            password = form.values.get("password", [""])[0]
            accounts.reset(db, token, password, visit.site.real_now(), visit.site.words)
    except WorkflowError as refusal:
        return visit.page("reset.html", refusal.http_status, token=token, refusal=refusal)
    return visit.see_other(
        "/dang-nhap", "Đã đặt mật khẩu mới. Mời đăng nhập.", "The new password is set. Please sign in."
    )


@router.post("/dang-nhap/hai")
def enter_second(visit: Anybody, form: Posted) -> Response:
    token = form.text("pending")
    try:
        visit.site.limit("sign in", token, address_of(visit))
        with visit.writing() as db:
            found = accounts.with_second(
                db,
                token,
                form.text("code"),
                visit.site.real_now(),
                browser_of(visit),
                partial(opened, visit.site),
            )
        if found is None:
            raise SignInRefused
    except WorkflowError as refusal:
        return visit.page(
            "second.html", refusal.http_status, pending=token, next=form.text("tiep"), refusal=refusal
        )
    return entered(visit, found, form.text("tiep"))


@router.get("/toi/hai-lop")
def second_page(visit: Signed) -> Response:
    return _second_page(visit)


@router.post("/toi/hai-lop")
def change_second(visit: Signed, form: Posted) -> Response:
    """Begin, confirm, new recovery codes, switch off: each needs a fresh proof of who is there."""
    act, codes = form.text("act"), []
    try:
        sign_ins.check_proved(visit.db, visit.token or "", visit.site.real_now())
        with visit.writing() as db:
            codes = _change_second(visit, db, act, form.text("code"))
    except WorkflowError as refusal:
        return _second_page(visit, refusal=refusal)
    if codes:
        return _second_page(visit, codes=codes)
    return visit.see_other("/toi/hai-lop")


@router.get("/toi/phien")
def browsers_page(visit: Signed) -> Response:
    rows = sign_ins.browsers(visit.db, _me(visit), visit.token or "", visit.site.real_now())
    return visit.page("browsers.html", rows=rows)


@router.post("/toi/phien")
def sign_out_elsewhere(visit: Signed, _form: Posted) -> Response:
    with visit.writing() as db:
        ended = sign_ins.end_others(db, _me(visit), visit.token or "", visit.site.real_now())
    return visit.see_other(
        "/toi/phien", f"Đã đăng xuất {ended} trình duyệt khác.", f"{ended} other browsers were signed out."
    )


@router.get("/toi/xac-nhan")
def proof_page(visit: Signed) -> Response:
    return _proof_page(visit, local_path(visit.request.query_params.get("tiep")))


@router.post("/toi/xac-nhan")
def prove(visit: Signed, form: Posted) -> Response:
    wanted = local_path(form.text("tiep"))
    try:
        visit.site.limit("sign in", str(_me(visit)), address_of(visit))
        password = form.values.get("password", [""])[0]
        with visit.writing() as db:
            fits = accounts.prove(
                db, visit.me, visit.token or "", password, form.text("code"), visit.site.real_now(),
                partial(opened, visit.site),
            )  # fmt: skip
        if not fits:
            raise SignInRefused
    except WorkflowError as refusal:
        return _proof_page(visit, wanted, refusal)
    return visit.see_other(wanted, "Đã xác nhận. Việc đang làm ghi lại được.", "Confirmed. You can save now.")


def _change_second(visit: Visit, db: Session, act: str, code: str) -> list[str]:
    """The recovery codes to be shown once, where there are new ones."""
    me, now = _me(visit), visit.site.real_now()
    if act == "begin":
        if not second_factor.is_on(db, me):
            second_factor.begin(db, me, seal(visit.site, second_factor.new_secret()), now)
        return []
    if act == "confirm":
        codes = second_factor.confirm(db, me, code, now, partial(opened, visit.site))
    elif act == "renew" and second_factor.is_on(db, me):
        codes = second_factor.renew_recovery(db, me)
    elif act == "off" and second_factor.remove(db, me):
        codes = []
    else:
        raise NoSuchPage
    audit.record(db, visit.me, f"second_factor.{act}", at=visit.now, on=visit.today)
    return codes


def _second_page(
    visit: Visit, *, codes: list[str] | None = None, refusal: WorkflowError | None = None
) -> Response:
    db, me = visit.db, _me(visit)
    waiting = second_factor.waiting(db, me)
    secret = opened(visit.site, waiting.secret) if waiting else None
    return visit.page(
        "second_factor.html",
        refusal.http_status if refusal else 200,
        is_on=second_factor.is_on(db, me),
        left=second_factor.recovery_left(db, me),
        secret=secret,
        address=_address(visit, secret) if secret else None,
        codes=codes or [],
        is_forced=visit.owes_second_factor,
        refusal=refusal,
    )


def _address(visit: Visit, secret: str) -> str:
    email = visit.db.get_one(Person, _me(visit)).email
    return second_factor.address(secret, email, _house(visit.site))


def _house(site: Site) -> str:
    return f"Đôn đốc ({site.settings.delegation})".replace(":", " ")


def _proof_page(visit: Visit, wanted: str, refusal: WorkflowError | None = None) -> Response:
    status = refusal.http_status if refusal else 200
    return visit.page(
        "proof.html", status, next=wanted, has_app=second_factor.is_on(visit.db, _me(visit)), refusal=refusal
    )


def _me(visit: Visit) -> int:
    assert visit.me.person_id is not None
    return visit.me.person_id
