"""`/thoi-nhan/{token}`: refusing a mail by its own link; `/toi/thu`: which of the refusable mails I want."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from web.public_route import READING, PublicRoute, Sent, link_keys
from web.site import Site
from web.visit import Anybody, Posted, Signed, Visit
from workflow import refusals
from workflow.access import person_as_actor
from workflow.desk import Desk
from workflow.errors import WorkflowError
from workflow.models.person import Person
from workflow.models.refusal import Refusable

router = APIRouter()
public = APIRouter(route_class=PublicRoute)
PAGE = "/toi/thu"


def limited(request: Request) -> None:
    """By place alone: a mail service refuses for many people from few machines."""
    site: Site = request.app.state.site
    site.limit("unsubscribe", request.client.host if request.client else "-")


@public.api_route("/thoi-nhan/{token}", methods=READING, dependencies=[Depends(limited)])
def ask(visit: Anybody, token: str) -> Response:
    """Opening the link changes nothing: mail scanners do that too."""
    person, mails = refusals.recognised(visit.db, link_keys(visit.site), token)
    return _asked(visit, person, mails)


@public.post("/thoi-nhan/{token}", dependencies=[Depends(limited)])
def refuse(visit: Anybody, token: str, form: Sent) -> Response:
    """One press, by the person or by their mail program (RFC 8058), which sends no word of ours."""
    with visit.writing() as db:
        person, mails = refusals.recognised(db, link_keys(visit.site), token)
        desk = Desk(db, person_as_actor(db, person).in_own_name, visit.now)
        if form.text("act") == "want":
            refusals.want_again(desk, person, mails)
        else:
            refusals.refuse(desk, person, mails)
        desk.finish()
    return _asked(visit, visit.db.get_one(Person, person.id), mails)


def _asked(visit: Visit, person: Person, mails: Refusable) -> Response:
    is_refused = mails in refusals.refused(visit.db, person)
    return visit.page("unsubscribe.html", mails=refusals.NAMES[mails], is_refused=is_refused)


@router.get(PAGE)
def my_mails(visit: Signed) -> Response:
    return _page(visit)


@router.post(PAGE)
def choose(visit: Signed, form: Posted) -> Response:
    """Ticked ones come; the others do not."""
    email, wanted = _me(visit).email, set(form.texts("mails"))
    try:
        with visit.acting() as desk:
            for one in Refusable:
                refusals.choose(desk, email, one, wanted=one in wanted)
    except WorkflowError as refusal:
        return _page(visit, refusal)
    return visit.see_other(PAGE, "Đã ghi lựa chọn.", "Your choice was saved.")


def _page(visit: Visit, refusal: WorkflowError | None = None) -> Response:
    refused = refusals.refused(visit.db, _me(visit))
    status = refusal.http_status if refusal else 200
    return visit.page("my_mails.html", status, kinds=refusals.NAMES, refused=refused, refusal=refusal)


def _me(visit: Visit) -> Person:
    return visit.db.get_one(Person, visit.me.person_id)
