"""`/toi/ma-truy-cap`: tokens for programs that act for this person. `/api`: what such programs can do."""

from fastapi import APIRouter
from starlette.responses import Response

from web.api import nouns, schema
from web.api.noun import V1
from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import api_tokens
from workflow.api_tokens import SCOPES, Made, Scope
from workflow.errors import InputWrong, WorkflowError
from workflow.words import pair

router = APIRouter()
HERE = "/toi/ma-truy-cap"


@router.get(HERE)
def token_page(visit: Signed) -> Response:
    return _page(visit)


@router.post(HERE)
def change_tokens(visit: Signed, form: Posted) -> Response:
    """Make one, shown on this very page and never again; or end one."""
    try:
        if form.text("act") == "revoke":
            _revoke(visit, form)
            return visit.see_other(HERE, "Đã thu hồi mã truy cập.", "The token was revoked.")
        return _page(visit, made=_make(visit, form))
    except WorkflowError as refusal:
        if refusal.http_status == 404:
            raise
        return _page(visit, form, refusal)


@router.get("/api")
def api_page(visit: Signed) -> Response:
    """The same document as openapi.json, for reading."""
    return visit.page("api.html", groups=_groups(), address=f"{V1}/openapi.json", scopes=SCOPES)


def _make(visit: Visit, form: Form) -> Made:
    scopes = [Scope(one) for one in form.texts("scope") if one in list(Scope)]
    days = form.number("days")
    if days is None:
        raise InputWrong(
            field="days", value=form.text("days"), why=pair("Ghi số ngày.", "Give a number of days.")
        )
    with visit.acting() as desk:
        return api_tokens.make(desk, form.text("name"), scopes, visit.site.real_now(), days=days)


def _revoke(visit: Visit, form: Form) -> None:
    with visit.acting() as desk:
        api_tokens.revoke(desk, form.number("token") or 0, visit.site.real_now())


def _page(
    visit: Visit, typed: Form | None = None, refusal: WorkflowError | None = None, made: Made | None = None
) -> Response:
    now = visit.site.real_now()
    visit.db.rollback()
    return visit.page(
        "tokens.html",
        refusal.http_status if refusal else 200,
        tokens=[(one, api_tokens.is_live(one, now)) for one, _ in api_tokens.listed(visit.db, visit.me)],
        scopes=SCOPES,
        usual_days=api_tokens.USUAL_DAYS,
        typed=typed or Form(),
        refusal=refusal,
        made=made,
    )


def _groups() -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path, operations in schema.document(nouns.DESCRIBED)["paths"].items():
        for method, one in operations.items():
            said = str(one.get("description") or one["summary"]).partition("\n")[0]
            found.setdefault(one["tags"][0], []).append((method.upper(), path, said))
    return found
