"""`/chinh-sach`: the policy in force, step by step, its versions, and publishing a new one."""

from fastapi import APIRouter
from starlette.responses import Response

from config import rules
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import audit, rulebook
from workflow.errors import WorkflowError
from workflow.migration import Selection, preview
from workflow.models.person import Role
from workflow.models.rule_version import RuleKind
from workflow.policy import Policy, load_policy
from workflow.store import rules as versions
from workflow.words import NOTICES, OBLIGATIONS, POSITIONS

router = APIRouter()
NAME = "default"


@router.get("/chinh-sach")
def policy_page(visit: Signed) -> Response:
    """For everybody who supervises: the reasons of every mail are no secret of theirs."""
    if not oversees(visit.me):
        raise NoSuchPage
    return visit.page(
        "policy.html",
        policy=visit.rules.policy,
        versions=versions.versions(visit.db, RuleKind.POLICY),
        pinned=versions.pinned_directives(visit.db),
        notices=NOTICES,
        positions=POSITIONS,
        may_publish=visit.me.role is Role.ADMINISTRATOR,
    )


@router.get("/chinh-sach/sua")
def edit_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    return _edit(visit, rulebook.active(visit.db, RuleKind.POLICY).source)


@router.post("/chinh-sach/sua")
def publish(visit: Signed, form: Posted) -> Response:
    """`check` reads the text and says every fault; `publish` makes it the one new directives get."""
    visit.only_for(Role.ADMINISTRATOR)
    source = form.values.get("source", [""])[0].replace("\r\n", "\n")
    try:
        read = load_policy(source, NAME)
        if form.text("act") != "publish":
            return _edit(visit, source, checked=True, read=read)
        with visit.acting() as desk:
            row = rules.publish_policy(desk.db, source, NAME, desk.now)
            detail = {"name": row.name, "number": row.number, "version": row.version}
            audit.record(desk.db, desk.actor, "policy.publish", at=desk.now, on=desk.today, detail=detail)
    except WorkflowError as refusal:
        return _edit(visit, source, refusal)
    return visit.see_other(
        "/chinh-sach", "Đã ban hành; nhiệm vụ mới theo bản này.", "Published; new directives follow it."
    )


def _edit(
    visit: Visit,
    source: str,
    refusal: WorkflowError | None = None,
    *,
    checked: bool = False,
    read: Policy | None = None,
) -> Response:
    active = rulebook.active(visit.db, RuleKind.POLICY)
    return visit.page(
        "policy_edit.html",
        refusal.http_status if refusal else 200,
        source=source,
        refusal=refusal,
        checked=checked,
        is_same=read is not None and read.version == active.version,
        changes=preview(visit.db, read, Selection(), visit.today) if read is not None else [],
        obligations=OBLIGATIONS,
    )
