"""`/quan-tri/webhook`: programs elsewhere that are told of acts, and what became of each call."""

from fastapi import APIRouter
from starlette.responses import Response

from config.sealing import seal
from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import webhooks
from workflow.errors import WorkflowError
from workflow.models.person import Role
from workflow.webhooks import ASKED, KINDS, Wanted

router = APIRouter()
HERE = "/quan-tri/webhook"
SHOWN = 20


@router.get(HERE)
def webhook_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    return _page(visit)


@router.post(HERE)
def change_webhooks(visit: Signed, form: Posted) -> Response:
    """Add one, its secret shown on this very page and never again; try one, end one, send a dead call again."""
    visit.only_for(Role.ADMINISTRATOR)
    try:
        if form.text("act") == "add":
            return _page(visit, secret=_add(visit, form))
        _change(visit, form)
    except WorkflowError as refusal:
        return _page(visit, form, refusal)
    return visit.see_other(HERE, "Đã ghi.", "Saved.")


def _add(visit: Visit, form: Form) -> str:
    settings, secret = visit.site.settings, webhooks.new_secret()
    wanted = Wanted(
        form.text("url"), webhooks.kinds_of(form.texts("event")), seal(settings, secret),
        form.text("owner") or None,
    )  # fmt: skip
    with visit.acting() as desk:
        webhooks.add(desk, wanted, settings.webhook_hosts, visit.site.real_now())
    return secret


def _change(visit: Visit, form: Form) -> None:
    number = form.number("number") or 0
    with visit.acting() as desk:
        match form.text("act"):
            case "test":
                webhooks.test(desk, number)
            case "remove":
                webhooks.remove(desk, number, visit.site.real_now())
            case _:
                webhooks.resend(desk, number)


def _page(
    visit: Visit, typed: Form | None = None, refusal: WorkflowError | None = None, secret: str | None = None
) -> Response:
    visit.db.rollback()
    rows = webhooks.listed(visit.db, visit.me)
    return visit.page(
        "webhooks.html",
        refusal.http_status if refusal else 200,
        hooks=[(one, email, webhooks.calls(visit.db, visit.me, one.id, SHOWN)) for one, email in rows],
        kinds={one: KINDS[one] for one in ASKED},
        hosts=visit.site.settings.webhook_hosts,
        typed=typed or Form(),
        refusal=refusal,
        secret=secret,
    )
