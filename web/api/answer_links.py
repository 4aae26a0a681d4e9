"""Links by which agencies answer without an account: which there are, a new one, taking one back."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from notifications.links import answer_url, feed_url
from web.api.acting import act
from web.api.caller import MailWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from web.public_route import link_keys
from workflow import feeds, link_desk
from workflow.desk import Desk
from workflow.store import organizations

router = noun("links")
Code = Annotated[str, Path(max_length=40)]
Number = Annotated[int, Path(ge=1, le=2**62)]


class LinkRead(BaseModel):
    """`directives` counts what it opens. The token is not told again."""

    id: int
    contact: str
    agency: str
    directives: int
    made_at: datetime
    answered_by: str | None
    post: str | None
    revoked_at: datetime | None


class LinksRead(BaseModel):
    rows: list[LinkRead]


class LinkWanted(Given):
    """Without a contact the first of the lead agency."""

    contact: Annotated[str, Field(min_length=3, max_length=254)] | None = None


class LinkMade(BaseModel):
    """Whoever has the address may answer for the agency."""

    contact: str
    url: str


class LinkRevoked(BaseModel):
    id: int
    revoked_at: datetime


class FeedWanted(Given):
    """Without an agency the caller's own."""

    agency: Annotated[str, Field(min_length=1, max_length=40)] | None = None


class FeedMade(BaseModel):
    agency: str | None
    url: str | None


@router.get("/directives/{code}/links")
def link_list(visit: Reader, code: Code) -> LinksRead:
    rows = link_desk.of_directive(visit.db, visit.me, code)
    return LinksRead(rows=[LinkRead(**link_desk.document(row)) for row in rows])


@router.post("/directives/{code}/links", status_code=201)
def make_link(visit: MailWriter, code: Code, wanted: LinkWanted) -> LinkMade:
    """Twice is the same link: no answer that holds a token is ever kept for a repeat."""
    with visit.acting() as desk:
        token, person = link_desk.make(desk, link_keys(visit.site), code, wanted.contact)
    return LinkMade(contact=person.email, url=answer_url(visit.site.settings.base_url, token))


@router.post("/links/{number}/revoke", response_model=LinkRevoked)
def revoke_link(visit: MailWriter, number: Number) -> Response:
    """At once; the next mail about the same brings a new link."""

    def work(desk: Desk) -> LinkRevoked:
        link = link_desk.revoke(desk, number)
        return LinkRevoked(id=link.id, revoked_at=link.revoked_at or desk.now)

    return act(visit, work)


@router.post("/calendar-feed")
def make_feed(visit: MailWriter, wanted: FeedWanted) -> FeedMade:
    """The address that stands, or a new one."""
    with visit.acting() as desk:
        body = organizations.get(desk.db, desk.actor, wanted.agency) if wanted.agency else None
        token = feeds.make(desk, link_keys(visit.site), body)
    return FeedMade(agency=wanted.agency, url=feed_url(visit.site.settings.base_url, token))


@router.post("/calendar-feed/revoke", response_model=FeedMade)
def revoke_feed(visit: MailWriter, wanted: FeedWanted) -> Response:
    def work(desk: Desk) -> FeedMade:
        body = organizations.get(desk.db, desk.actor, wanted.agency) if wanted.agency else None
        feeds.revoke(desk, body)
        return FeedMade(agency=wanted.agency, url=None)

    return act(visit, work)
