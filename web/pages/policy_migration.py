"""`/chinh-sach/{which}/chuyen`: running directives moved to this version, after a look at all that would change."""

from fastapi import APIRouter
from starlette.responses import Response

from web.chosen import FIELDS, left_out, selection
from web.form import Form
from web.visit import Posted, Signed, Visit
from workflow import migration, rulebook
from workflow.errors import InputMissing, WorkflowError
from workflow.models.person import Role
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.store import rules
from workflow.views import choices, conclusions
from workflow.words import OBLIGATIONS, pair

router = APIRouter()
KIND = RuleKind.POLICY
MOST_LINES = 200
REASON = pair("lý do", "a reason")


@router.get("/chinh-sach/{which}/chuyen")
def migration_page(visit: Signed, which: str) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    row = rules.find(visit.db, KIND, which)
    return _page(visit, row, Form({"which": [row.version]}))


@router.post("/chinh-sach/{which}/chuyen")
def migrate(visit: Signed, which: str, form: Posted) -> Response:
    """`check` shows every date and step that would move; `apply` moves them, with a reason for the journal."""
    visit.only_for(Role.ADMINISTRATOR)
    row = rules.find(visit.db, KIND, form.text("which") or which)
    try:
        if form.text("step") != "apply":
            return _page(visit, row, form, checked=True)
        count, changed = _migrated(visit, row.version, form)
    except WorkflowError as refusal:
        return _page(visit, row, form, refusal, checked=form.text("step") == "apply")
    return visit.see_other(
        "/chinh-sach", f"Đã chuyển {count} nhiệm vụ; {changed} nghĩa vụ thay đổi.",
        f"{count} directives were moved; {changed} obligations changed.",
    )  # fmt: skip


def _migrated(visit: Visit, version: str, form: Form) -> tuple[int, int]:
    """How many directives moved, and how many of their obligations changed."""
    with visit.acting() as desk:
        row = rules.find(desk.db, KIND, version)
        if not form.text("reason"):
            raise InputMissing(field=REASON, move=migration.MIGRATE, code=f"{row.name} {row.number}")
        chosen = selection(desk.db, form, KIND)
        count = len(migration.to_move(desk.db, row, chosen))
        return count, len(migration.migrate(desk, row, chosen, form.text("reason")))


def _page(
    visit: Visit,
    row: RuleVersion,
    form: Form,
    refusal: WorkflowError | None = None,
    *,
    checked: bool = False,
) -> Response:
    chosen = selection(visit.db, form, KIND) if checked else None
    found = migration.to_move(visit.db, row, chosen) if chosen else []
    policy = rulebook.policy(visit.db, row.id)
    return visit.page(
        "policy_migration.html",
        refusal.http_status if refusal else 200,
        row=row,
        form=form,
        carried=FIELDS,
        refusal=refusal,
        checked=checked,
        found=found,
        left_out=left_out(form, found),
        changes=migration.preview(visit.db, policy, chosen, visit.today) if chosen else [],
        most=MOST_LINES,
        versions=rules.versions(visit.db, KIND),
        supervisions=conclusions.own_supervisions(visit.db, visit.me),
        agencies=choices.all_agencies(visit.db),
        obligations=OBLIGATIONS,
    )
