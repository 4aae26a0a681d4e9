"""`/quan-tri`: people and their roles, addresses that fail, signs of life, the journal's proof."""

from fastapi import APIRouter
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import audit, auditing, identities, outbox, register, second_factor, sign_ins
from workflow.desk import Desk
from workflow.errors import InputWrong, WorkflowError
from workflow.models.heartbeat import Heartbeat
from workflow.models.person import Role
from workflow.store import events, people, sweeps
from workflow.words import ROLES

router = APIRouter()
JOURNAL_ROWS = 50


@router.get("/quan-tri")
def admin_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    return _page(visit)


@router.post("/quan-tri/nguoi-dung")
def change_user(visit: Signed, form: Posted) -> Response:
    """Add somebody, give a role, switch an account off or on. Nobody is ever deleted."""
    visit.only_for(Role.ADMINISTRATOR)
    try:
        visit.check_proved()
        with visit.acting() as desk:
            _change(visit, desk, form)
    except WorkflowError as refusal:
        return _page(visit, form, refusal)
    if form.text("act") == "add" and not form.text("role"):
        return visit.see_other(
            "/quan-tri",
            "Đã thêm người dùng. Người này chưa thấy gì: bước tiếp theo là thêm vào cơ quan ở trang Cơ quan.",
            "The person was added and sees nothing yet. Next: give them a post on the page of a body.",
        )
    return visit.see_other("/quan-tri", "Đã cập nhật người dùng.", "The account was updated.")


@router.get("/quan-tri/nhat-ky")
def journal_page(visit: Signed) -> Response:
    """The whole chain is computed anew: an edited, removed or inserted line shows. Below it, line by line."""
    visit.only_for(Role.ADMINISTRATOR, Role.AUDITOR)
    asked = visit.request.query_params
    number = asked.get("truoc", "")
    before = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    word = asked.get("loc", "").strip()
    rows = events.latest(visit.db, before=before, word=word, limit=JOURNAL_ROWS + 1)
    return visit.page(
        "journal.html",
        verdict=audit.verify(visit.db),
        checked=auditing.latest(visit.db),
        rows=rows[:JOURNAL_ROWS],
        more=rows[JOURNAL_ROWS - 1].id if len(rows) > JOURNAL_ROWS else None,
        word=word,
        before=before,
    )


def _change(visit: Visit, desk: Desk, form: Form) -> None:
    act, email = form.text("act"), form.text("email")
    if act == "role":
        register.set_role(desk, email, _role(form))
    elif act in ("disable", "enable"):
        register.set_active(desk, email, active=act == "enable")
        if act == "disable":
            sign_ins.end_all(desk.db, people.by_email(desk.db, email).id, visit.site.real_now())
    elif act in ("sign_out", "no_factor"):
        _end(visit, desk, act, email)
    elif act == "link":
        identities.link(desk, email, visit.site.settings.oidc_issuer, form.text("subject"))
    elif act == "unlink":
        identities.unlink(desk, email, form.text("subject"))
    else:
        register.add_user(desk, email, _name(form), _role(form))


def _end(visit: Visit, desk: Desk, act: str, email: str) -> None:
    """For somebody whose telephone or browser is in other hands."""
    person = people.by_email(desk.db, email)
    sign_ins.end_all(desk.db, person.id, visit.site.real_now())
    if act == "no_factor":
        second_factor.remove(desk.db, person.id)
    audit.record(desk.db, desk.actor, f"user.{act}", at=desk.now, on=desk.today, detail={"email": email})


def _name(form: Form) -> str:
    if not form.text("name"):
        raise InputWrong(field="name", value="", why={"vi": "Không để trống.", "en": "It cannot be empty."})
    return form.text("name")


def _role(form: Form) -> Role | None:
    word = form.text("role")
    return Role(word) if word in list(Role) else None


def _page(visit: Visit, typed: Form | None = None, refusal: WorkflowError | None = None) -> Response:
    db = visit.db
    return visit.page(
        "admin.html",
        refusal.http_status if refusal else 200,
        users=people.users(db),
        roles=ROLES,
        linked=identities.of_everybody(db),
        dead=people.dead_mailboxes(db),
        beats=list(db.scalars(select(Heartbeat).order_by(col(Heartbeat.name)))),
        waiting=outbox.waiting(db),
        run=sweeps.last_completed(db),
        real_now=visit.site.real_now(),
        typed=typed or Form(),
        refusal=refusal,
    )
