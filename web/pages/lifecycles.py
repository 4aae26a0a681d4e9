"""`/vong-doi`: versions of the lifecycle, where two differ, and open directives moved to one."""

import json
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from web.chosen import FIELDS, left_out, selection
from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import migration, rulebook
from workflow.errors import InputMissing, WorkflowError
from workflow.models.directive import Directive
from workflow.models.person import Role
from workflow.models.rule_version import RuleKind, RuleVersion
from workflow.rule_differences import of_lifecycles
from workflow.store import rules
from workflow.views import choices, conclusions
from workflow.words import Texts, pair

router = APIRouter()
KIND = RuleKind.LIFECYCLE
MOST_LINES = 200
REASON = pair("lý do", "a reason")


@router.get("/vong-doi")
def lifecycle_list(visit: Signed) -> Response:
    _only_overseers(visit)
    return visit.page(
        "lifecycles.html",
        versions=rules.versions(visit.db, KIND),
        active=rulebook.active(visit.db, KIND),
        life=rulebook.lifecycle(visit.db, rulebook.active(visit.db, KIND).id),
        may_migrate=visit.me.role is Role.ADMINISTRATOR,
    )


@router.get("/vong-doi/chuyen")
def migration_page(visit: Signed) -> Response:
    """`ban`: the version to move to; the one in force when nothing is said."""
    visit.only_for(Role.ADMINISTRATOR)
    which = visit.request.query_params.get("ban", rulebook.active(visit.db, KIND).version)
    row = rules.find(visit.db, KIND, which)
    return _page(visit, row, Form({"which": [row.version]}))


@router.post("/vong-doi/chuyen")
def migrate(visit: Signed, form: Posted) -> Response:
    """`check` shows every state before and after; `apply` moves all of them, or none when one has no place."""
    visit.only_for(Role.ADMINISTRATOR)
    row = rules.find(visit.db, KIND, form.text("which") or rulebook.active(visit.db, KIND).version)
    try:
        if form.text("step") != "apply":
            return _page(visit, row, form, checked=True)
        count = _migrated(visit, row.version, form)
    except WorkflowError as refusal:
        return _page(visit, row, form, refusal, checked=form.text("step") == "apply")
    return visit.see_other(
        "/vong-doi", f"Đã chuyển {count} nhiệm vụ sang bản mới.", f"{count} directives were moved."
    )


@router.get("/vong-doi/{a}/{b}")
def difference_page(visit: Signed, a: str, b: str) -> Response:
    _only_overseers(visit)
    one, two = (rules.find(visit.db, KIND, which) for which in (a, b))
    found = of_lifecycles(one.document, two.document)
    rows = [(path, _said(visit, before), _said(visit, after)) for path, before, after in found]
    return visit.page("lifecycle_difference.html", one=one, two=two, rows=rows)


def _migrated(visit: Visit, version: str, form: Form) -> int:
    with visit.acting() as desk:
        row = rules.find(desk.db, KIND, version)
        if not form.text("reason"):
            raise InputMissing(field=REASON, move=migration.MIGRATE, code=f"{row.name} {row.number}")
        chosen = selection(desk.db, form, KIND)
        return len(migration.migrate_lifecycle(desk, row, _mapping(form), chosen, form.text("reason")))


def _mapping(form: Form) -> dict[str, str]:
    """Old name to new name, from the fields `map.…`."""
    return {
        name.removeprefix("map."): form.text(name)
        for name in form.values
        if name.startswith("map.") and form.text(name)
    }


def _page(
    visit: Visit,
    row: RuleVersion,
    form: Form,
    refusal: WorkflowError | None = None,
    *,
    checked: bool = False,
) -> Response:
    found = migration.to_move(visit.db, row, selection(visit.db, form, KIND)) if checked else []
    mapping = _mapping(form)
    return visit.page(
        "lifecycle_migration.html",
        refusal.http_status if refusal else 200,
        row=row,
        form=form,
        carried=FIELDS,
        refusal=refusal,
        checked=checked,
        found=_titles(visit.db, row, found, mapping),
        homeless=_homeless(visit.db, row, found),
        mapping=mapping,
        left_out=left_out(form, found),
        most=MOST_LINES,
        versions=rules.versions(visit.db, KIND),
        supervisions=conclusions.own_supervisions(visit.db, visit.me),
        agencies=choices.all_agencies(visit.db),
    )


def _titles(
    db: Session, row: RuleVersion, found: list[Directive], mapping: dict[str, str]
) -> list[tuple[str, Texts, Texts | None]]:
    """Code, state before, state after; no state after where none is chosen yet."""
    new, rows = rulebook.lifecycle(db, row.id), []
    for one in found:
        old = rulebook.lifecycle(db, one.lifecycle_id or row.id)
        after = new.states.get(mapping.get(one.state, one.state))
        rows.append((one.code, old.states[one.state].title, after.title if after else None))
    return rows


def _homeless(
    db: Session, row: RuleVersion, found: list[Directive]
) -> dict[str, tuple[Texts, list[tuple[str, Texts]]]]:
    """States in use that the new version has not, or has in another phase; and where they may go."""
    new, without = rulebook.lifecycle(db, row.id), {}
    for directive in found:
        old = rulebook.lifecycle(db, directive.lifecycle_id or row.id)
        for name in {directive.state, directive.state_before_pause or directive.state}:
            state = old.states[name]
            if name not in new.states or new.states[name].phase is not state.phase:
                homes = [(key, one.title) for key, one in new.states.items() if one.phase is state.phase]
                without[name] = (state.title, homes)
    return without


def _said(visit: Visit, value: Any) -> str | None:
    """A state or move that only one side has goes by its title: the file says the rest."""
    if isinstance(value, dict) and "title" in value:
        return visit.look.pick(value["title"])
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _only_overseers(visit: Visit) -> None:
    if not oversees(visit.me):
        raise NoSuchPage
