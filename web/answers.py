"""Refusals and accidents as pages: a sentence, a way on, never a stack trace."""

import secrets
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from config import schema
from web.api import problem
from web.cookies import Cookies
from web.look import Look, look_of
from web.once import AlreadyDone, way_back
from web.refusals import NoSuchPage, SecondFactorNeeded, SignInNeeded, again_after, outward
from web.site import Site
from web.visit import local_path
from workflow.errors import WorkflowError

log = structlog.get_logger("web")
API = "/api/"


def install(app: FastAPI) -> None:
    app.add_exception_handler(WorkflowError, refused)
    app.add_exception_handler(RequestValidationError, not_found)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(AlreadyDone, again)
    app.add_exception_handler(SQLAlchemyError, unasked)
    app.add_exception_handler(Exception, broken)


def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, WorkflowError)
    error = outward(error)
    if isinstance(error, SignInNeeded) and not request.url.path.startswith(API):
        wanted = request.url.path if request.method == "GET" else "/"
        if request.method == "GET" and request.url.query:
            wanted += f"?{request.url.query}"
        return RedirectResponse(f"/dang-nhap?tiep={quote(wanted, safe='')}", 303)
    if request.url.path.startswith(API):
        return problem.refusal(request, error)
    if isinstance(error, SecondFactorNeeded):
        return RedirectResponse("/toi/hai-lop", 303)
    look = _look(request)
    return _answer(request, error.http_status, error.text(look.locale), error.code, look)


def again(request: Request, _error: Exception) -> Response:
    """The same form a second time: the page it stood on, with what the first one did."""
    response = RedirectResponse(way_back(request), 303)
    said = {
        "vi": "Việc này đã được ghi, không làm lại.",
        "en": "This was saved already; nothing was done again.",
    }
    Cookies(request.app.state.site).tell(response, said)
    return response


def unasked(request: Request, error: Exception) -> Response:
    """A question the tables do not fit: where they are of another release, that is the answer; else it is ours to mend."""
    site: Site = request.app.state.site
    try:
        schema.check(site.engine)
    except WorkflowError as found:
        return refused(request, found)
    raise error


def not_found(request: Request, error: Exception) -> Response:
    """An address that cannot be one of ours is as unknown as one that leads nowhere; a program is told why."""
    if request.url.path.startswith(API) and isinstance(error, RequestValidationError):
        return problem.faulty(request, error.errors())
    return refused(request, NoSuchPage())


def plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _without_its_last_stroke(request) or not_found(request, error)
    if request.url.path.startswith(API):
        response = problem.plain(request, error.status_code)
    else:
        look = _look(request)
        sentence = look.say("Không thực hiện được theo cách này.", "This cannot be done this way.")
        response = _answer(request, error.status_code, sentence, "not_this_way", look)
    response.headers.update(error.headers or {})
    return response


def broken(request: Request, error: Exception) -> Response:
    """Ours to mend: the person gets a number to quote, the log gets the rest."""
    number = secrets.token_hex(4)
    log.error("unexpected", number=number, exc_info=error)
    look = _look(request)
    status = 503 if isinstance(error, SQLAlchemyError) else 500
    sentence = look.say(
        "Hệ thống gặp lỗi, chưa ghi gì. Đề nghị thử lại; nếu vẫn lỗi, báo quản trị số {number}.",
        "Something went wrong; nothing was saved. Please try again; if it stays, quote {number} to your administrator.",
        number=number,
    )
    return _answer(request, status, sentence, "unexpected", look)


def _without_its_last_stroke(request: Request) -> Response | None:
    """`/lich/` is meant for `/lich`. The framework's own redirect would name the host that the request claims."""
    path = request.url.path
    if path == "/" or not path.endswith("/"):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(local_path(f"/{path.strip('/')}") + query, 307)


def _look(request: Request) -> Look:
    site: Site = request.app.state.site
    return look_of(request, site.settings.locale)


def _answer(request: Request, status: int, sentence: str, code: str, look: Look) -> Response:
    if request.url.path.startswith(API):
        return problem.answer(request, status, sentence, code)
    site: Site = request.app.state.site
    page = site.pages.get_template("refused.html").render(
        look=look,
        say=look.say,
        pick=look.pick,
        locale=look.locale,
        sentence=sentence,
        status=status,
        site=site,
    )
    return HTMLResponse(page, status, again_after(status))
