"""Routes that anybody may call who holds a token: nothing leaks it, nothing finds it, every refusal says why."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import HTMLResponse, Response

from config import secret
from web import answer_keys
from web.form import Form, read_form
from web.look import look_of
from web.refusals import ForeignForm, again_after, outward
from web.site import Site
from web.visit import Anybody
from workflow.errors import WorkflowError
from workflow.link_tokens import clean_token
from workflow.links import LinkUnknown

HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
READING = ["GET", "HEAD"]
AGAIN = ("link_unknown", "link_revoked", "contact_changed", "link_expired", "no_longer_yours")


class PublicRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        plain = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                response: Response = await plain(request)
            except WorkflowError as refusal:
                response = refused(request, refusal)
            response.headers.update(HEADERS)
            return response

        return guarded


def refused(request: Request, refusal: WorkflowError) -> Response:
    """What happened, whom to turn to, and a new link to the registered address where that can help."""
    site: Site = request.app.state.site
    look, refusal = look_of(request, site.settings.locale), outward(refusal)
    token = str(request.path_params.get("token", ""))
    known = not isinstance(refusal, LinkUnknown) and clean_token(token) is not None
    page = site.pages.get_template("answer_refused.html").render(
        look=look, say=look.say, pick=look.pick, locale=look.locale, site=site, refusal=refusal, token=token,
        may_ask_again=refusal.code in AGAIN, is_known=known,
        form_key=answer_keys.new_form_key(site, token if known else "", answer_keys.WHOLE_LINK),
    )  # fmt: skip
    return HTMLResponse(page, refusal.http_status, again_after(refusal.http_status))


def link_keys(site: Site) -> tuple[bytes, ...]:
    return secret.keys(site.settings, "link")


def limited(request: Request) -> None:
    """Before anything is read: thirty requests a minute for one link, and for one place with wrong ones."""
    site: Site = request.app.state.site
    place = request.client.host if request.client else "-"
    site.limit("answer link", clean_token(str(request.path_params.get("token", ""))) or "-", place)


def sent_form(visit: Anybody, form: Annotated[Form, Depends(read_form)]) -> Form:
    """A browser says when a form comes from somebody else's page. No cookie is asked for: the token is the key."""
    if visit.request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise ForeignForm
    return form


LIMITED = [Depends(limited)]
Sent = Annotated[Form, Depends(sent_form)]
