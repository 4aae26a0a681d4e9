"""What the answer page sends to the registered mailbox, and to no other: a new link, a code."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from web import answer_keys, answer_mail
from web.answer_keys import WHOLE_LINK
from web.answer_view import Desk, cookie
from web.public_route import LIMITED, PublicRoute, Sent, link_keys
from web.visit import Anybody, Visit
from workflow import link_again, link_codes
from workflow.errors import InputWrong
from workflow.link_again import Renewed
from workflow.link_tokens import clean_token
from workflow.words import pair

router = APIRouter(route_class=PublicRoute, dependencies=LIMITED)


@router.post("/t")
def ask_for_link(visit: Anybody, form: Sent) -> Response:
    """For a link that was cut short: a known contact gets a new one; everybody is told the same."""
    answer_keys.read_form_key(visit.site, "", WHOLE_LINK, form.text("form_key"))
    email = form.text("email").lower()
    visit.site.limit("answer link, mail", email)
    with visit.writing() as db:
        renewed = link_again.all_of(db, link_keys(visit.site), email, visit.site.now())
    return _mailed(visit, renewed)


@router.post("/t/{token}/gui-lai")
def send_again(visit: Anybody, token: str, form: Sent) -> Response:
    """For a link that ended: a new one goes to the address the old one was for, never to who asks."""
    answer_keys.read_form_key(visit.site, token, WHOLE_LINK, form.text("form_key"))
    visit.site.limit("answer link, mail", clean_token(token) or "-")
    with visit.writing() as db:
        renewed = link_again.renew(db, link_keys(visit.site), token, visit.site.now())
    return _mailed(visit, renewed)


@router.post("/t/{token}/ma")
def send_code(visit: Anybody, token: str, form: Sent) -> Response:
    answer_keys.read_form_key(visit.site, token, WHOLE_LINK, form.text("form_key"))
    desk = Desk.of(visit, token)
    visit.site.limit("answer link, mail", clean_token(token) or "-")
    with visit.writing() as db:
        code = link_codes.new_code(db, token, visit.site.real_now())
    answer_mail.send_code(visit.site, desk.opened.person, code)
    return Desk.of(visit, token).page("answer_code.html", refusal=None, sent=True)


@router.post("/t/{token}/ma/nhap")
def enter_code(visit: Anybody, token: str, form: Sent) -> Response:
    answer_keys.read_form_key(visit.site, token, WHOLE_LINK, form.text("form_key"))
    link_id = Desk.of(visit, token).opened.link.id
    with visit.writing() as db:
        is_right = link_codes.enter(db, token, form.text("code"), visit.site.real_now())
    if not is_right:
        wrong = InputWrong(field=CODE, value="…", why=WRONG)
        return Desk.of(visit, token).page("answer_code.html", wrong.http_status, refusal=wrong, sent=True)
    response = RedirectResponse(f"/t/{quote(token, safe='')}", 303)
    response.set_cookie(
        cookie(visit, link_id), answer_keys.proof(visit.site, link_id), max_age=answer_keys.PROOF_LASTS,
        path="/", secure=visit.site.is_secure, httponly=True, samesite="lax",
    )  # fmt: skip
    return response


def _mailed(visit: Visit, renewed: Renewed | None) -> Response:
    if renewed is not None:
        answer_mail.send_link(visit.site, renewed)
    return visit.page("answer_sent.html")


CODE = pair("Mã", "Code")
WRONG = pair(
    "Mã không đúng hoặc đã hết hạn; yêu cầu mã mới nếu cần.",
    "It is wrong or too old; ask for a new one if needed.",
)
