"""`/dang-nhap/ngoai`: to the site's OpenID provider, back from it, and out of it."""

from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from web.pages.sign_in import address_of, browser_of, entered, sign_in_form
from web.refusals import NoSuchPage
from web.sealing import opened, seal
from web.trips import BACK, Trip, TripRefused
from web.visit import Anybody, Visit, local_path
from workflow import accounts, audit, idempotency, identities
from workflow.access import Actor
from workflow.errors import WorkflowError
from workflow.idempotency import Claim
from workflow.identities import NobodyHere
from workflow.sign_ins import Entered

if TYPE_CHECKING:
    from web.openid import Provider

router = APIRouter()


@router.get("/dang-nhap/ngoai")
def leave(visit: Anybody) -> Response:
    """Opening this changes nothing here; the browser keeps what it must bring back."""
    provider = _provider(visit)
    trip = Trip.new(local_path(visit.request.query_params.get("tiep")))
    try:
        visit.site.limit("outside", address_of(visit))
        response = RedirectResponse(provider.way_there(trip), 303)
    except WorkflowError as refusal:
        return sign_in_form(visit, refusal.http_status, refusal=refusal)
    visit.cookies.keep_trip(response, seal(visit.site, trip.packed()))
    return response


@router.get(BACK)
def come_back(visit: Anybody) -> Response:
    """Only the browser that left, only once, and only for somebody linked to a person here."""
    provider, wanted = _provider(visit), "/"
    try:
        visit.site.limit("outside", address_of(visit))
        trip = _own_trip(visit, provider)
        wanted = trip.wanted
        _spend(visit, provider, trip)
        found = _let_in(visit, provider, trip)
    except WorkflowError as refusal:
        response = sign_in_form(visit, refusal.http_status, refusal=refusal)
    else:
        response = entered(visit, found, wanted)
    visit.cookies.keep_trip(response, "")
    return response


@router.get("/dang-nhap/ngoai/ra")
def sign_out_there(visit: Anybody) -> Response:
    """Ends nothing here: that is the button *Đăng xuất*."""
    try:
        visit.site.limit("outside", address_of(visit))
        address = _provider(visit).way_out()
    except WorkflowError as refusal:
        if isinstance(refusal, NoSuchPage):
            raise
        return sign_in_form(visit, refusal.http_status, refusal=refusal)
    return RedirectResponse(address or "/dang-nhap", 303)


def _provider(visit: Visit) -> "Provider":
    if not visit.site.settings.oidc_issuer:
        raise NoSuchPage
    from web.openid import Provider  # a fifth of a second, for the few sites that have a provider

    return Provider(visit.site.settings)


def _own_trip(visit: Visit, provider: "Provider") -> Trip:
    answer, sealed = visit.request.query_params, visit.cookies.trip(visit.request)
    refused = TripRefused(provider=visit.site.settings.oidc_name)
    if sealed is None or "code" not in answer:
        raise refused
    try:
        trip = Trip.unpacked(opened(visit.site, sealed))
    except (InvalidToken, ValueError, TypeError):
        raise refused from None
    if not trip.fits(answer, provider.issuer):
        raise refused
    return trip


def _spend(visit: Visit, provider: "Provider", trip: Trip) -> None:
    """Before the provider is asked: the same answer a second time is refused, whatever became of the first."""
    once = Claim("openid", sha256(trip.state.encode()).hexdigest(), provider.issuer.encode())
    with visit.writing() as db:
        if idempotency.claim(db, once, visit.site.real_now(), waits=True) is not None:
            raise TripRefused(provider=visit.site.settings.oidc_name)


def _let_in(visit: Visit, provider: "Provider", trip: Trip) -> Entered:
    now, today = visit.site.real_now(), visit.today
    outsider = provider.who_came(trip, visit.request.query_params["code"], now)
    with visit.writing() as db:
        person = identities.owner(db, outsider.issuer, outsider.subject)
        if person is None:
            stranger = Actor(name="openid")
            detail = {"issuer": outsider.issuer, "subject": outsider.subject}
            audit.record(db, stranger, "identity.unknown", at=now, on=today, detail=detail)
        else:
            return accounts.let_in(db, person, "openid", now, browser_of(visit))
    raise NobodyHere(provider=visit.site.settings.oidc_name, subject=outsider.subject)
