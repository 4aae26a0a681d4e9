"""Who calls: a person signed in by cookie, whose changes need the form key, or a program with a token."""

from collections.abc import Callable
from typing import Annotated, ClassVar

from fastapi import Depends, Header, Query, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from web.look import look_of
from web.refusals import ForeignForm, SecondFactorNeeded, SignInNeeded
from web.visit import Anybody, Visit, is_ours
from workflow import api_tokens
from workflow.api_tokens import Bearer, Scope
from workflow.errors import RoleNotAllowed, WorkflowError
from workflow.models.person import Role
from workflow.words import Texts, pair

Limit = Annotated[int, Query(ge=1, le=200)]
After = Annotated[
    str | None,
    Query(max_length=500, description="`after` of the page before: rows that come or go shift nothing."),
]
Given = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(auto_error=False, scheme_name="token", description="A token made on /toi.")),
]
FormKey = Annotated[
    str | None, Header(alias="X-Form-Key", description="With a cookie only: the key that /me gives.")
]
OnceKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=200, description="Same key and body: one effect, one answer."),
]


class TokenRefused(WorkflowError):
    """One sentence for unknown, ended and revoked."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi.",
        "en": "The token is wrong, has ended or was revoked.",
    }
    http_status = 401


def called(visit: Anybody, given: Given = None) -> Visit:
    """A header decides: whoever shows a token is judged by it alone."""
    if given is None:
        if "authorization" in visit.request.headers:
            raise TokenRefused
        if visit.actor is None:
            raise SignInNeeded
        if visit.owes_second_factor:
            raise SecondFactorNeeded
    else:
        _enter(visit, given.credentials)
    visit.request.state.locale = visit.me.locale
    return visit


def _enter(visit: Visit, text: str) -> None:
    site, now = visit.site, visit.site.real_now()
    bearer = api_tokens.bearer(visit.db, text, now)
    if bearer is None:
        site.limit("wrong token", visit.request.client.host if visit.request.client else "-")
        raise TokenRefused
    site.limit("token", str(bearer.token_id))
    if bearer.is_to_note:
        with visit.writing() as db:
            api_tokens.note_use(db, bearer.token_id, now)
    visit.actor, visit.token = bearer.actor, None
    visit.look = look_of(visit.request, bearer.actor.locale)
    visit.request.state.bearer = bearer


def bearer_of(visit: Visit) -> Bearer | None:
    return getattr(visit.request.state, "bearer", None)


def reading(visit: Annotated[Visit, Depends(called)]) -> Visit:
    return _within(visit, Scope.READ)


def writing(scope: Scope) -> Callable[..., Visit]:
    """The dependency of what changes something; a person with a cookie needs no scope but the key."""

    def checked(
        visit: Annotated[Visit, Depends(called)], form_key: FormKey = None, once_key: OnceKey = None
    ) -> Visit:
        visit.request.state.once_key = once_key
        if bearer_of(visit) is None:
            _check_form(visit, form_key)
        return _within(visit, scope)

    return checked


def in_person(visit: Annotated[Visit, Depends(called)], form_key: FormKey = None) -> Visit:
    """Not for tokens: what makes, ends or outlives them."""
    visit.request.state.once_key = None
    if bearer_of(visit) is not None:
        raise ForeignForm
    _check_form(visit, form_key)
    return visit


def _within(visit: Visit, scope: Scope) -> Visit:
    if (bearer := bearer_of(visit)) is not None:
        bearer.check(scope)
    return visit


def _check_form(visit: Visit, key: str | None) -> None:
    """The same promise a form makes: our own key, and no foreign origin."""
    if not is_ours(visit.request, visit.site) or not visit.cookies.is_form_key(key or "", visit.whose):
        raise ForeignForm


Reader = Annotated[Visit, Depends(reading)]
DirectiveWriter = Annotated[Visit, Depends(writing(Scope.DIRECTIVES))]
ConclusionWriter = Annotated[Visit, Depends(writing(Scope.CONCLUSIONS))]
RegisterWriter = Annotated[Visit, Depends(writing(Scope.REGISTER))]
MailWriter = Annotated[Visit, Depends(writing(Scope.MAIL))]
AdminWriter = Annotated[Visit, Depends(writing(Scope.ADMIN))]
InPerson = Annotated[Visit, Depends(in_person)]


def only_administrator(visit: Visit, move: Texts) -> None:
    """For acts whose rule is kept at the edges: the command line asks the same."""
    if visit.me.role is not Role.ADMINISTRATOR:
        raise RoleNotAllowed(
            actor=visit.me.name, move=move, code="dondoc", allowed=pair("Quản trị", "Administrator")
        )
