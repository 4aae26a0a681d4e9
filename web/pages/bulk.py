"""`/nhiem-vu/hang-loat`: one act on several directives, checked first. Never accepting, extending, withdrawing.

What is refused for one directive is told, with its reason; the others are done.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from reports.data_files import safe_text
from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import prompting, register
from workflow.errors import InputMissing, WorkflowError
from workflow.idempotency import Answered, Claim, answer, claim
from workflow.ladder import Position
from workflow.store import directives, organizations
from workflow.store.directives import Row
from workflow.words import Texts, pair

router = APIRouter()
MOST = 100
ACTS: dict[str, Texts] = {
    "remind": pair("Nhắc ngay", "Remind now"),
    "contact": pair("Đổi đầu mối", "Change the contact"),
    "export": pair("Xuất CSV", "Export as CSV"),
    "print": pair("In phiếu", "Print slips"),
}
FOR_ALL = ("export", "print")


@dataclass(frozen=True)
class Mail:
    """One mail that would go: to whom, about which directives."""

    name: str
    email: str
    codes: list[str]


@dataclass(frozen=True)
class Check:
    """What would happen. `refused` are left out, each for its reason."""

    rows: list[Row]
    mails: list[Mail]
    refused: list[tuple[str, Texts]]


@dataclass(frozen=True)
class Outcome:
    done: list[str]
    refused: list[tuple[str, Texts]]


@router.get("/nhiem-vu/hang-loat")
def check_page(visit: Signed) -> Response:
    """Nothing happens yet. Files and slips need no check: they change nothing."""
    act, rows = (
        visit.request.query_params.get("act", ""),
        _chosen(visit, visit.request.query_params.getlist("code")),
    )
    if act not in ACTS or (act not in FOR_ALL and not oversees(visit.me)):
        raise NoSuchPage
    if not rows:
        return visit.see_other("/nhiem-vu", "Chưa chọn nhiệm vụ nào.", "No directive was chosen.")
    if act == "export":
        return _export(visit, rows)
    if act == "print":
        return visit.page(
            "slips.html", rows=rows, texts=[directives.get(visit.db, visit.me, row.code) for row in rows]
        )
    return _check_page(visit, act, rows)


@router.post("/nhiem-vu/hang-loat")
def do_it(visit: Signed, form: Posted) -> Response:
    """Sent twice, it happens once: the page's own key is claimed in the same transaction."""
    act, rows = form.text("act"), _chosen(visit, form.texts("code"))
    if act not in ("remind", "contact") or not oversees(visit.me):
        raise NoSuchPage
    try:
        outcome = _remind(visit, rows, form) if act == "remind" else _change_contact(visit, rows, form)
    except WorkflowError as refusal:
        return _check_page(visit, act, rows, form, refusal)
    return visit.page("bulk_done.html", act=ACTS[act], outcome=outcome)


def _chosen(visit: Visit, codes: list[str]) -> list[Row]:
    """Codes this person may not know are as if they had not been sent."""
    return directives.rows_of(visit.db, visit.me, visit.rules.as_of, list(dict.fromkeys(codes))[:MOST])


def _check_page(
    visit: Visit, act: str, rows: list[Row], form: Form | None = None, refusal: WorkflowError | None = None
) -> Response:
    bodies = {row.lead: row.lead_name for row in rows if row.lead}
    only = next(iter(bodies)) if len(bodies) == 1 else None
    contacts = organizations.contacts(visit.db, organizations.get(visit.db, visit.me, only)) if only else []
    return visit.page(
        "bulk.html",
        refusal.http_status if refusal else 200,
        act=act,
        title=ACTS[act],
        rows=rows,
        check=_rehearsed(visit, rows) if act == "remind" else None,
        bodies=bodies,
        contacts=[one for one in contacts if one.membership.position is Position.CLERK],
        typed=form or Form(),
        refusal=refusal,
    )


def _rehearsed(visit: Visit, rows: list[Row]) -> Check:
    mails: dict[int, Mail] = {}

    def plan(code: str) -> None:
        directive = directives.get(visit.db, visit.me, code)
        for _, person in prompting.prompt(visit.db, visit.me, directive, visit.today).people:
            mails.setdefault(person.id, Mail(person.name, person.email, [])).codes.append(code)

    outcome = _each(rows, plan)
    done = set(outcome.done)
    return Check([row for row in rows if row.code in done], list(mails.values()), outcome.refused)


def _each(rows: list[Row], act: Callable[[str], object]) -> Outcome:
    done, refused = [], []
    for row in rows:
        try:
            act(row.code)
        except WorkflowError as why:
            refused.append((row.code, {locale: why.text(locale) for locale in ("vi", "en")}))
        else:
            done.append(row.code)
    return Outcome(done, refused)


def _remind(visit: Visit, rows: list[Row], form: Form) -> Outcome:
    with visit.acting() as desk:
        wanted = _claim(visit, form)
        if claim(desk.db, wanted, visit.site.real_now()) is not None:
            return Outcome([row.code for row in rows], [])
        outcome = _each(rows, lambda code: prompting.remind(desk, code))
        answer(desk.db, wanted, Answered(200, ""))
    return outcome


def _change_contact(visit: Visit, rows: list[Row], form: Form) -> Outcome:
    """For one agency: its mails go to somebody else from now on, in all its directives."""
    bodies = {row.lead for row in rows}
    body = bodies.pop() if len(bodies) == 1 else None
    if body is None:
        raise InputMissing(field=ONE_BODY, move=ACTS["contact"], code=", ".join(row.code for row in rows[:5]))
    with visit.acting() as desk:
        wanted = _claim(visit, form)
        if claim(desk.db, wanted, visit.site.real_now()) is None:
            name, title = form.text("name") or None, form.text("title") or None
            register.add_contact(desk, body, form.text("email"), Position.CLERK, name=name, title=title)
            for former in form.texts("former"):
                register.remove_contact(desk, body, former, Position.CLERK)
            answer(desk.db, wanted, Answered(200, ""))
    return Outcome([row.code for row in rows], [])


def _claim(visit: Visit, form: Form) -> Claim:
    said = repr(sorted((name, values) for name, values in form.values.items() if name != "form_key"))
    return Claim(f"form:{visit.me.person_id}", form.text("once") or "-", said.encode())


def _export(visit: Visit, rows: list[Row]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([visit.look.pick(title) for title in COLUMNS])
    for row in rows:
        due = row.due_on.isoformat() if row.due_on else ""
        said = (
            row.code,
            row.title,
            row.supervision,
            row.lead_name or "",
            due,
            visit.look.pick(row.state_title),
        )
        writer.writerow([*map(safe_text, said), row.standing.value, row.level])
    headers = {"Content-Disposition": 'attachment; filename="nhiem-vu.csv"'}
    return Response(out.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


COLUMNS = (
    pair("Mã", "Code"), pair("Nhiệm vụ", "Directive"), pair("Cuộc giám sát", "Supervision"), pair("Chủ trì", "Lead"),
    pair("Thời hạn", "Due"), pair("Tiến trình", "State"), pair("Tình trạng", "Status"), pair("Cấp", "Level"),
)  # fmt: skip
ONE_BODY = pair("nhiệm vụ của cùng một cơ quan", "directives of one agency")
