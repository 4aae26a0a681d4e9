"""`/quan-tri/kenh-thu`: whether mail leaves, why not, how fast; trying again, and one trial mail."""

from fastapi import APIRouter
from starlette.responses import Response

from notifications import outgoing
from notifications.channels import Outcome
from notifications.outgoing import Fates
from notifications.payload import Locale
from notifications.smtp import parse_channel
from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import channel, outbox, sending
from workflow.errors import WorkflowError
from workflow.models.person import Role

router = APIRouter()
PAGE = "/quan-tri/kenh-thu"


@router.get(PAGE)
def channel_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    return _page(visit)


@router.post(PAGE)
def act(visit: Signed, form: Posted) -> Response:
    """`retry` lets a stopped channel try at once; `test` sends one mail and says what became of it."""
    visit.only_for(Role.ADMINISTRATOR)
    try:
        if form.text("act") == "retry":
            with visit.acting() as desk:
                channel.retry_now(desk)
            return visit.see_other(PAGE, "Sẽ thử lại ngay.", "It is tried again at once.")
        visit.site.limit("trial mail", str(visit.me.person_id))
        locale: Locale = "en" if visit.look.locale == "en" else "vi"
        outcome = outgoing.trial(visit.site.settings, form.text("address"), locale, visit.now)
    except WorkflowError as refusal:
        return _page(visit, form, refusal)
    return _page(visit, form, outcome=outcome)


def _page(
    visit: Visit,
    typed: Form | None = None,
    refusal: WorkflowError | None = None,
    outcome: Outcome | None = None,
) -> Response:
    settings = visit.site.settings
    return visit.page(
        "mail_channel.html",
        refusal.http_status if refusal else 200,
        where=parse_channel(settings.smtp_url).describe(),
        stop=channel.stopped(visit.db),
        pause=sending.paused(visit.db),
        waiting=outbox.waiting(visit.db),
        settings=settings,
        typed=typed or Form(),
        refusal=refusal,
        outcome=outcome,
        meaning=Fates.said[outcome.fate] if outcome else None,
    )
