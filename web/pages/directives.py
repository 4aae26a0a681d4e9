"""`/nhiem-vu`: the list. Filters are a GET form, so that every view is an address."""

from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.responses import Response

from web.asked import CLOCKS, PERIODS, VIEWS, Asked
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import saved_views
from workflow.errors import WorkflowError
from workflow.standing import TITLES
from workflow.store import directives
from workflow.views import choices

router = APIRouter()
PAGE = 50


@router.get("/nhiem-vu")
def directive_list(visit: Signed) -> Response:
    return _page(visit, Asked.of(visit.request.query_params))


@router.post("/nhiem-vu/cach-xem")
def keep_view(visit: Signed, form: Posted) -> Response:
    """What is kept is read anew: only words a filter knows."""
    asked = Asked.of(dict(parse_qsl(form.text("query"))))
    try:
        with visit.writing() as db:
            view = saved_views.keep(db, visit.me, form.text("name"), asked.query(), visit.site.real_now())
    except WorkflowError as refusal:
        return _page(visit, asked, refusal)
    return visit.see_other(
        asked.address(), f"Đã lưu cách xem {view.name}.", f"The view {view.name} was saved."
    )


@router.post("/nhiem-vu/cach-xem/{view_id}/bo")
def forget_view(visit: Signed, view_id: int, _form: Posted) -> Response:
    with visit.acting() as desk:
        if not saved_views.forget(desk.db, visit.me, view_id):
            raise NoSuchPage
    return visit.see_other("/nhiem-vu", "Đã bỏ cách xem.", "The view was removed.")


def _page(visit: Visit, asked: Asked, refusal: WorkflowError | None = None) -> Response:
    db, me, rules = visit.db, visit.me, visit.rules.as_of
    after = visit.request.query_params.get("after")
    listed = directives.listed(
        db, me, rules, asked.filter(rules.states, visit.today), sort=asked.order, limit=PAGE, after=after
    )
    return visit.page(
        "directives.html",
        refusal.http_status if refusal else 200,
        asked=asked,
        rows=listed.page.rows,
        next=asked.address(after=listed.page.after) if listed.page.after else None,
        is_first=after is None,
        total=listed.total,
        counts=listed.counts,
        states=rules.states,
        standings=TITLES,
        periods=PERIODS,
        clocks=CLOCKS,
        views=VIEWS,
        own=saved_views.own(db, me),
        agencies=choices.agencies(db, me),
        supervisions=choices.supervisions(db, me),
        may_push=oversees(me),
        refusal=refusal,
    )
