"""`/lich/{token}.ics` for calendar programs, and the pages where its address is made and taken back."""

import hashlib
from urllib.parse import quote, urlsplit

from fastapi import APIRouter
from starlette.responses import Response

from notifications.feed import feed
from notifications.links import feed_url
from web.form import Form
from web.public_route import READING, PublicRoute, link_keys
from web.visit import Anybody, Posted, Signed, Visit
from workflow import feeds
from workflow.link_tokens import clean_token
from workflow.models.organization import Organization
from workflow.store import organizations

router = APIRouter()
public = APIRouter(route_class=PublicRoute)


@public.api_route("/lich/{token}.ics", methods=READING)
def due_days(visit: Anybody, token: str) -> Response:
    """Reading changes nothing; a program that has these bytes already is told so."""
    visit.site.limit("calendar feed", clean_token(token) or "-")
    actor, name = feeds.owner_of(visit.db, token)
    base = visit.site.settings.base_url.rstrip("/")
    days = feeds.due_days(visit.db, actor, visit.today)
    body = feed(days, base, urlsplit(base).hostname or "localhost", name, actor.locale)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in visit.request.headers.get("if-none-match", "").replace("W/", "").split(", "):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/toi/lich")
def my_calendar(visit: Signed) -> Response:
    return _page(visit, None)


@router.post("/toi/lich")
def change_my_calendar(visit: Signed, form: Posted) -> Response:
    return _changed(visit, form, None)


@router.get("/co-quan/{code}/lich")
def agency_calendar(visit: Signed, code: str) -> Response:
    return _page(visit, organizations.get(visit.db, visit.me, code))


@router.post("/co-quan/{code}/lich")
def change_agency_calendar(visit: Signed, code: str, form: Posted) -> Response:
    return _changed(visit, form, organizations.get(visit.db, visit.me, code))


def _page(visit: Visit, body: Organization | None) -> Response:
    token = feeds.standing(visit.db, link_keys(visit.site), visit.me, body)
    url = feed_url(visit.site.settings.base_url, token) if token else None
    return visit.page("feed.html", body=body, url=url, action=_address(body))


def _changed(visit: Visit, form: Form, body: Organization | None) -> Response:
    with visit.acting() as desk:
        if form.text("act") == "revoke":
            feeds.revoke(desk, body)
        else:
            feeds.make(desk, link_keys(visit.site), body)
    if form.text("act") == "revoke":
        return visit.see_other(
            _address(body), "Đã thu lại địa chỉ lịch.", "The calendar address was taken back."
        )
    return visit.see_other(_address(body), "Đã tạo địa chỉ lịch.", "The calendar address was made.")


def _address(body: Organization | None) -> str:
    return "/toi/lich" if body is None else f"/co-quan/{quote(body.code, safe='')}/lich"
