"""`/hop-thu-thu`: mails that stayed on this machine. Administrators see all, others their own."""

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from web.mailbox import Link, Links, Mail, heads, mail
from web.refusals import NoSuchPage
from web.visit import Signed, Visit
from workflow.models.person import Person, Role

router = APIRouter()
PAGE = 50
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
OPENING = f"{SANDBOX} allow-popups allow-popups-to-escape-sandbox"
"""Its links may be followed, as in a mail program: into a window of their own."""


@router.get("/hop-thu-thu")
def mailbox_page(visit: Signed) -> Response:
    found = heads(_folder(visit), _only(visit))
    number = visit.request.query_params.get("trang", "1")
    page = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
    shown = found[(page - 1) * PAGE : page * PAGE]
    return visit.page(
        "mailbox.html", heads=shown, total=len(found), page=page, has_more=page * PAGE < len(found)
    )


@router.get("/hop-thu-thu/{key}")
def mail_page(visit: Signed, key: str) -> Response:
    found = _mail(visit, key)
    return visit.page("mail.html", mail=found, links=_links(visit, found))


@router.get("/hop-thu-thu/{key}/html")
def mail_html(visit: Signed, key: str) -> Response:
    """As the recipient's program would draw it, in a frame that can run and load nothing; links open beside it."""
    found = _mail(visit, key)
    if found.html is None:
        raise NoSuchPage
    html = found.html.replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": OPENING})


def _links(visit: Visit, found: Mail) -> list[Link]:
    """Those that lead here, each once: a long mail shows its button only far down its frame."""
    ours = {one.address: one for one in Links(found.html or "").found if one.words.strip()}
    return [one for address, one in ours.items() if address.startswith(f"{visit.site.settings.base_url}/")]


def _mail(visit: Visit, key: str) -> Mail:
    found = mail(_folder(visit), key, _only(visit))
    if found is None:
        raise NoSuchPage
    return found


def _folder(visit: Visit) -> Path:
    if visit.site.mailbox is None:
        raise NoSuchPage
    return visit.site.mailbox


def _only(visit: Visit) -> str | None:
    """The address whose mails this person may read; None for all."""
    if visit.me.role is Role.ADMINISTRATOR:
        return None
    return visit.db.get_one(Person, visit.me.person_id).email
