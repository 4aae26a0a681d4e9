"""`/nhiem-vu/{code}/lien-ket`: the delegation sees which links agencies hold, makes one, takes one back."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from notifications.links import answer_url
from web.form import Form
from web.public_route import link_keys
from web.visit import Posted, Signed, Visit
from workflow import link_desk
from workflow.errors import InputWrong, NotFound, WorkflowError
from workflow.models.organization import Organization
from workflow.store import directives, organizations
from workflow.words import pair

router = APIRouter()


@router.get("/nhiem-vu/{code}/lien-ket")
def links_page(visit: Signed, code: str) -> Response:
    return _page(visit, code)


@router.post("/nhiem-vu/{code}/lien-ket")
def change_links(visit: Signed, code: str, form: Posted) -> Response:
    """A new link is shown in this one answer and nowhere else."""
    link_desk.of_directive(visit.db, visit.me, code)
    try:
        if form.text("act") == "revoke":
            return _revoked(visit, code, form)
        with visit.acting() as desk:
            token, _ = link_desk.make(desk, link_keys(visit.site), code, form.text("email") or None)
    except NotFound as refusal:
        return _page(visit, code, refusal=refusal)
    return _page(visit, code, url=answer_url(visit.site.settings.base_url, token))


def _revoked(visit: Visit, code: str, form: Form) -> Response:
    number = form.number("link")
    if number is None:
        return _page(visit, code, refusal=InputWrong(field=LINK, value=form.text("link"), why=A_NUMBER))
    with visit.acting() as desk:
        link_desk.revoke(desk, number)
    return visit.see_other(
        f"/nhiem-vu/{quote(code, safe='')}/lien-ket", "Đã thu lại liên kết.", "The link was taken back."
    )


def _page(
    visit: Visit, code: str, *, url: str | None = None, refusal: WorkflowError | None = None
) -> Response:
    directive = directives.get(visit.db, visit.me, code)
    rows = link_desk.of_directive(visit.db, visit.me, code)
    lead = visit.db.get(Organization, directive.lead_id) if directive.lead_id is not None else None
    bodies = [lead, *directives.coordinating(visit.db, directive)]
    contacts = [(body, organizations.contacts(visit.db, body)) for body in bodies if body is not None]
    return visit.page(
        "answer_links.html", refusal.http_status if refusal else 200,
        directive=directive, rows=rows, contacts=contacts, url=url, refusal=refusal,
    )  # fmt: skip


LINK = pair("Liên kết", "Link")
A_NUMBER = pair("Chọn một liên kết trong bảng.", "Choose a link of the table.")
