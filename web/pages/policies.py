"""`/chinh-sach`: the policy in force, step by step, its versions, and publishing a new one."""

import re

from fastapi import APIRouter
from starlette.responses import Response

from config import rules
from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import audit, rulebook
from workflow.errors import InputWrong, WorkflowError
from workflow.migration import Selection, preview
from workflow.models.person import Role
from workflow.models.rule_version import RuleKind
from workflow.policy import Policy, load_policy
from workflow.store import rules as versions
from workflow.words import NOTICES, OBLIGATIONS, POSITIONS, pair

router = APIRouter()
NAME = "default"
NAMES = re.compile(r"[A-Za-z0-9._-]{1,80}")


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
    """`ten`: the policy to start from, in its version in force."""
    visit.only_for(Role.ADMINISTRATOR)
    row = rulebook.active(visit.db, RuleKind.POLICY, visit.request.query_params.get("ten"))
    return edit(visit, row.source, row.name)


@router.post("/chinh-sach/sua")
def publish(visit: Signed, form: Posted) -> Response:
    """`check` reads the text and says every fault; `publish` makes it the one new directives get."""
    visit.only_for(Role.ADMINISTRATOR)
    source = form.values.get("source", [""])[0].replace("\r\n", "\n")
    try:
        name = checked_name(form)
        read = load_policy(source, name)
        if form.text("act") != "publish":
            return edit(visit, source, name, checked=True, read=read)
        with visit.acting() as desk:
            row = rules.publish_policy(desk.db, source, name, desk.now)
            detail = {"name": row.name, "number": row.number, "version": row.version}
            audit.record(desk.db, desk.actor, "policy.publish", at=desk.now, on=desk.today, detail=detail)
    except WorkflowError as refusal:
        return edit(visit, source, form.text("name") or NAME, refusal)
    return visit.see_other(
        "/chinh-sach", "Đã ban hành; nhiệm vụ mới theo bản này.", "Published; new directives follow it."
    )


def checked_name(form: Form) -> str:
    name = form.text("name") or NAME
    if NAMES.fullmatch(name) is None:
        why = pair("Chỉ chữ không dấu, số, dấu chấm, gạch; nhiều nhất 80.", "1 to 80 of A-Z a-z 0-9 . _ -")
        raise InputWrong(field=pair("tên", "name"), value=name, why=why)
    return name


def edit(
    visit: Visit,
    source: str,
    name: str,
    refusal: WorkflowError | None = None,
    *,
    checked: bool = False,
    read: Policy | None = None,
) -> Response:
    """The YAML with its faults, or with all it would move."""
    in_force = {one.version for one in versions.versions(visit.db, RuleKind.POLICY) if one.is_active}
    return visit.page(
        "policy_edit.html",
        refusal.http_status if refusal else 200,
        source=source,
        refusal=refusal,
        checked=checked,
        name=name,
        is_same=read is not None and read.version in in_force,
        changes=preview(visit.db, read, Selection(), visit.today) if read is not None else [],
        obligations=OBLIGATIONS,
    )
