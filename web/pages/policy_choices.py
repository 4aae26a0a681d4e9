"""`/chinh-sach/ap-dung`: which policy new directives get, by supervision, urgency or programme."""

from fastapi import APIRouter
from starlette.responses import Response

from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import policy_choices
from workflow.desk import Desk
from workflow.errors import InputWrong, WorkflowError
from workflow.models.person import Role
from workflow.models.policy_choice import Scope
from workflow.models.rule_version import RuleKind
from workflow.store import rules
from workflow.urgency import URGENCIES
from workflow.views import conclusions
from workflow.words import Texts, pair

router = APIRouter()
HERE = "/chinh-sach/ap-dung"
SCOPES: dict[Scope, Texts] = {
    Scope.SUPERVISION: pair("Cuộc giám sát", "Supervision"),
    Scope.URGENCY: pair("Mức độ khẩn", "Urgency"),
    Scope.PROGRAMME: pair("Chương trình", "Programme"),
}
CHOOSE_VALUE = pair("Chọn hoặc ghi giá trị.", "Choose or give a value.")
KNOWN = pair(f"Được phép: {', '.join(Scope)}.", f"Allowed: {', '.join(Scope)}.")


@router.get("/chinh-sach/ap-dung")
def choices_page(visit: Signed) -> Response:
    if not oversees(visit.me):
        raise NoSuchPage
    return _page(visit, Form())


@router.post("/chinh-sach/ap-dung")
def change(visit: Signed, form: Posted) -> Response:
    """`choose`, `forget`, or `programme` of a supervision; only what is issued from now on is concerned."""
    visit.only_for(Role.ADMINISTRATOR)
    try:
        with visit.acting() as desk:
            _change(desk, form)
    except WorkflowError as refusal:
        return _page(visit, form, refusal)
    return visit.see_other(
        HERE, "Đã ghi; nhiệm vụ phát hành từ nay theo đó.", "Saved; directives issued from now on follow it."
    )


def _change(desk: Desk, form: Form) -> None:
    if form.text("act") == "programme":
        policy_choices.set_programme(desk, form.text("supervision"), form.text("programme") or None)
        return
    scope, value = _scope(form.text("scope")), form.text("value")
    if not value:
        raise InputWrong(field=SCOPES[scope], value="", why=CHOOSE_VALUE)
    if form.text("act") == "forget":
        policy_choices.forget(desk, scope, value)
    else:
        policy_choices.choose(desk, scope, value, form.text("policy"))


def _scope(word: str) -> Scope:
    if word not in set(Scope):
        raise InputWrong(field="scope", value=word, why=KNOWN)
    return Scope(word)


def _page(visit: Visit, form: Form, refusal: WorkflowError | None = None) -> Response:
    active = [one for one in rules.versions(visit.db, RuleKind.POLICY) if one.is_active]
    return visit.page(
        "policy_choices.html",
        refusal.http_status if refusal else 200,
        form=form,
        refusal=refusal,
        choices=policy_choices.choices(visit.db),
        programmes=policy_choices.programmes(visit.db),
        scopes=SCOPES,
        urgencies=URGENCIES,
        policies=[one.name for one in active],
        compared=[(one, visit.rules.policies[one.id]) for one in active],
        supervisions=conclusions.own_supervisions(visit.db, visit.me),
        may_change=visit.me.role is Role.ADMINISTRATOR,
    )
