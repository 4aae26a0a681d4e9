"""`/chinh-sach/bieu-mau`: a policy changed in fields; it becomes YAML, checked and published as any other."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from web.pages.policies import checked_name, edit
from web.policy_form import ALL_TERMS, as_yaml, document_of
from web.visit import Posted, Signed, Visit
from workflow.errors import WorkflowError
from workflow.ladder_file import RUNG_KINDS, SIDES
from workflow.models.person import Role
from workflow.models.rule_version import RuleKind
from workflow.policy import WEEKDAYS, load_policy
from workflow.store import rules
from workflow.words import NOTICES, POSITIONS

router = APIRouter()


@router.get("/chinh-sach/bieu-mau")
def form_page(visit: Signed) -> Response:
    """`ten`: the policy to start from, in its version in force."""
    visit.only_for(Role.ADMINISTRATOR)
    row = rules.find(visit.db, RuleKind.POLICY, visit.request.query_params.get("ten", "default"))
    return _page(visit, row.document, row.name)


@router.post("/chinh-sach/bieu-mau")
def check(visit: Signed, form: Posted) -> Response:
    """Leads on to the checked text, with all that would move; from there it is published."""
    visit.only_for(Role.ADMINISTRATOR)
    base = rules.find(visit.db, RuleKind.POLICY, form.text("base") or "default").document
    document, name = document_of(base, form), form.text("name")
    source = as_yaml(document)
    try:
        name = checked_name(form)
        read = load_policy(source, name)
    except WorkflowError as refusal:
        return _page(visit, document, name, refusal)
    return edit(visit, source, name, checked=True, read=read)


def _page(
    visit: Visit, document: dict[str, Any], name: str, refusal: WorkflowError | None = None
) -> Response:
    audiences = {
        ladder: {f"{side}.{who}": (side, who) for side, whos in sides.items() for who in whos}
        for ladder, sides in SIDES.items()
    }
    return visit.page(
        "policy_form.html",
        refusal.http_status if refusal else 200,
        document=document,
        name=name,
        base=visit.request.query_params.get("ten", "default"),
        refusal=refusal,
        source=as_yaml(document),
        terms=ALL_TERMS,
        weekdays=WEEKDAYS,
        audiences=audiences,
        kinds=RUNG_KINDS,
        notices=NOTICES,
        positions=POSITIONS,
    )
