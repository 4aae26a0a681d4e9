"""`/ket-luan`: taking a conclusion in, reviewing its drafts, submitting, issuing."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from web.draft_shown import shown
from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import intake, recurrence
from workflow.access import roles_in
from workflow.conclusions.intake import SourceText, read_pasted, read_source
from workflow.conclusions.reader import read
from workflow.corrections import Correction, correct_draft
from workflow.desk import Desk
from workflow.drafts import check_may_draft
from workflow.errors import InputMissing, WorkflowError
from workflow.inputs import Inputs
from workflow.marked import add_marked
from workflow.models.directive import Directive
from workflow.models.organization import Organization
from workflow.models.supervision import Conclusion, ConclusionState, Supervision
from workflow.urgency import URGENCIES
from workflow.views import choices, conclusions

router = APIRouter()
PASTED = {"vi": "văn bản dán vào", "en": "pasted text"}


@router.get("/ket-luan")
def conclusion_list(visit: Signed) -> Response:
    _only_overseers(visit)
    rows = conclusions.all_rows(visit.db, visit.me, visit.rules.as_of)
    return visit.page("conclusions.html", rows=rows, states=intake.STATES)


@router.get("/ket-luan/moi")
def new_conclusion(visit: Signed) -> Response:
    _only_overseers(visit)
    return _new_page(visit)


@router.post("/ket-luan/moi")
def take_in(visit: Signed, form: Posted) -> Response:
    """Paste or file, nothing else asked; what cannot be read keeps the text box as it was."""
    _only_overseers(visit)
    try:
        source, name = _source(form)
        with visit.acting() as desk:
            conclusion = intake.take_in(desk, form.text("supervision"), source, name)
    except WorkflowError as refusal:
        return _new_page(visit, form, refusal)
    return visit.see_other(
        f"{_address(conclusion.code)}/ra-soat",
        "Đã đọc văn bản. Chưa gửi thư nào.",
        "The text was read. Nothing was mailed.",
    )


@router.get("/ket-luan/{code}")
def conclusion_page(visit: Signed, code: str) -> Response:
    intake.find(visit.db, visit.me, code)
    return visit.see_other(f"{_address(code)}/ra-soat")


@router.get("/ket-luan/{code}/ra-soat")
def review_page(visit: Signed, code: str) -> Response:
    return review(visit, code)


@router.post("/ket-luan/{code}/ra-soat")
def add_draft(visit: Signed, code: str, form: Posted) -> Response:
    """What the reader missed, from a passage copied out of the source."""
    intake.find(visit.db, visit.me, code)
    try:
        with visit.acting() as desk:
            added = add_marked(desk, code, form.text("passage"), lead=form.text("lead") or None).code
    except WorkflowError as refusal:
        return review(visit, code, typed=form, refusal=refusal)
    return visit.see_other(
        f"{_address(code)}/ra-soat#{quote(added)}", f"Đã thêm {added}.", f"{added} was added."
    )


@router.post("/ket-luan/{code}/ra-soat/{directive}")
def change_draft(visit: Signed, code: str, directive: str, form: Posted) -> Response:
    """Save, split, merge or drop one draft."""
    conclusion = intake.find(visit.db, visit.me, code)
    if directive not in {one.code for one in intake.drafts_of(visit.db, visit.me, conclusion)}:
        raise NoSuchPage
    try:
        with visit.acting() as desk:
            _change(desk, directive, form)
    except WorkflowError as refusal:
        return review(visit, code, directive, form, refusal)
    return visit.see_other(
        f"{_address(code)}/ra-soat#{quote(directive)}", f"Đã lưu {directive}.", f"{directive} was saved."
    )


@router.get("/ket-luan/{code}/trinh")
def check_page(visit: Signed, code: str) -> Response:
    return _check(visit, code)


@router.post("/ket-luan/{code}/trinh")
def submit(visit: Signed, code: str, _form: Posted) -> Response:
    intake.find(visit.db, visit.me, code)
    try:
        with visit.acting() as desk:
            intake.submit(desk, code)
    except WorkflowError as refusal:
        return _check(visit, code, refusal=refusal)
    return visit.see_other(f"{_address(code)}/trinh", "Đã trình phát hành.", "Submitted for issue.")


@router.post("/ket-luan/{code}/phat-hanh")
def approve(visit: Signed, code: str, form: Posted) -> Response:
    """All drafts in one transaction: one mail an agency."""
    intake.find(visit.db, visit.me, code)
    try:
        with visit.acting() as desk:
            issued = intake.approve(desk, code, reason=form.text("reason") or None)
    except WorkflowError as refusal:
        return _check(visit, code, form, refusal)
    count = len(issued)
    return visit.see_other(
        f"/nhiem-vu?supervision={quote(_supervision(visit, code))}",
        f"Đã phát hành {count} nhiệm vụ; thư gửi ngay.", f"{count} directives were issued; the mails are on their way.",
    )  # fmt: skip


def _supervision(visit: Visit, code: str) -> str:
    conclusion = intake.find(visit.db, visit.me, code)
    return visit.db.get_one(Supervision, conclusion.supervision_id).code


def _source(form: Form) -> tuple[SourceText, str]:
    for upload in form.uploads:
        if upload.field == "file":
            return read_source(upload.content, upload.name), upload.name
    return read_pasted(form.values.get("text", [""])[0]), PASTED["vi"]


def _change(desk: Desk, code: str, form: Form) -> None:
    act, version = form.text("act"), form.number("version")
    if act == "drop":
        desk.move(code, "drop", Inputs(reason=form.text("reason")), version=version)
    elif act == "split":
        first, second = form.text("first"), form.text("second")
        if not first or not second:
            raise InputMissing(field=BOTH, move=SPLIT, code=code)
        intake.split(desk, code, first, second)
    elif act == "merge":
        intake.merge(desk, code, form.text("other"))
    else:
        correct_draft(desk, code, _correction(desk, code, form), version=version)


def _correction(desk: Desk, code: str, form: Form) -> Correction:
    """Only what differs from the draft: an untouched field is no change."""
    directive = desk.locked(code)
    due_on, rhythm = form.day("due_on"), form.text("rhythm")
    urgency = form.text("urgency") if "urgency" in form.values else directive.urgency or ""
    text, product, lead = form.text("text"), form.text("product"), form.text("lead")
    former = desk.db.get(Organization, directive.lead_id) if directive.lead_id else None
    same_rhythm = rhythm and recurrence.check_rhythm(rhythm) == directive.rhythm
    return Correction(
        text=text if text and text != directive.text else None,
        product=product if product and product != directive.product else None,
        lead=lead if lead and (former is None or lead != former.code) else None,
        due_on=due_on if due_on != directive.due_on else None,
        rhythm=rhythm if rhythm and not same_rhythm else None,
        urgency=urgency if urgency != (directive.urgency or "") else None,
    )


def review(
    visit: Visit,
    code: str,
    refused: str = "",
    typed: Form | None = None,
    refusal: WorkflowError | None = None,
) -> Response:
    conclusion = intake.find(visit.db, visit.me, code)
    drafts = intake.drafts_of(visit.db, visit.me, conclusion)
    reading = read(conclusion.text, intake.register_of(visit.db))
    lacking = {one.code: one.missing for one in intake.unclear(drafts)}
    leads = dict(choices.lead_codes(visit.db, drafts))
    rows = [
        shown(number, one, leads, lacking, typed if one.code == refused else None)
        for number, one in enumerate(drafts, 1)
        if one.state != "withdrawn"
    ]
    return visit.page(
        "review.html",
        refusal.http_status if refusal else 200,
        conclusion=conclusion,
        supervision=visit.db.get_one(Supervision, conclusion.supervision_id),
        paragraphs=conclusions.paragraphs(conclusion.text, drafts, reading.passages),
        drafts=rows,
        dropped=[one for one in drafts if one.state == "withdrawn"],
        unclear=len(lacking),
        facts=reading.facts,
        agencies=choices.all_agencies(visit.db),
        states=intake.STATES,
        editable=conclusion.state in (ConclusionState.DRAFT, ConclusionState.SUBMITTED)
        and _may_draft(visit, conclusion),
        refusal=refusal,
        refused=refused,
        passage=typed.text("passage") if typed else "",
        rhythms=RHYTHMS,
        urgencies=URGENCIES,
        common=typed or Form(),
    )


def _check(
    visit: Visit, code: str, typed: Form | None = None, refusal: WorkflowError | None = None
) -> Response:
    conclusion = intake.find(visit.db, visit.me, code)
    drafts = [one for one in intake.drafts_of(visit.db, visit.me, conclusion) if one.state == "draft"]
    roles = _roles(visit, drafts)
    unclear = {one.code: one.missing for one in intake.unclear(drafts)}
    names = choices.names_of(visit.db, [one.lead_id for one in drafts])
    return visit.page(
        "check.html",
        refusal.http_status if refusal else 200,
        conclusion=conclusion,
        drafts=drafts,
        names=names,
        unclear=unclear,
        stopped=[code for code, missing in unclear.items() if STOPPING & set(missing)],
        may_submit=conclusion.state is ConclusionState.DRAFT
        and bool(roles & {"secretary", "deputy_chair", "chair"}),
        may_issue=conclusion.state is ConclusionState.SUBMITTED and bool(roles & {"deputy_chair", "chair"}),
        states=intake.STATES,
        rhythms=dict(RHYTHMS),
        reason=typed.text("reason") if typed else "",
        refusal=refusal,
    )


def _roles(visit: Visit, drafts: list[Directive]) -> set[str]:
    return roles_in(visit.db, visit.me, drafts[0]) if drafts else set()


def _may_draft(visit: Visit, conclusion: Conclusion) -> bool:
    """Asked of the conclusion: there may be no draft yet."""
    supervision = visit.db.get_one(Supervision, conclusion.supervision_id)
    try:
        check_may_draft(Desk(visit.db, visit.me, visit.now), supervision, conclusion.code)
    except WorkflowError:
        return False
    return True


def _new_page(visit: Visit, typed: Form | None = None, refusal: WorkflowError | None = None) -> Response:
    return visit.page(
        "conclusion_new.html",
        refusal.http_status if refusal else 200,
        supervisions=conclusions.own_supervisions(visit.db, visit.me),
        text=typed.values.get("text", [""])[0] if typed else "",
        chosen=typed.text("supervision") if typed else "",
        refusal=refusal,
    )


def _only_overseers(visit: Visit) -> None:
    if not oversees(visit.me):
        raise NoSuchPage


def _address(code: str) -> str:
    return f"/ket-luan/{quote(code, safe='')}"


STOPPING = {"lead", "time"}
"""A reason can stand for a product; nothing stands for these."""
BOTH = {"vi": "cả hai phần", "en": "both parts"}
SPLIT = {"vi": "Tách làm hai", "en": "split"}
RHYTHMS = (
    ("FREQ=MONTHLY", {"vi": "Thường xuyên, báo cáo hằng tháng", "en": "Recurring, monthly report"}),
    (
        "FREQ=MONTHLY;INTERVAL=3",
        {"vi": "Thường xuyên, báo cáo hằng quý", "en": "Recurring, quarterly report"},
    ),
    (
        "FREQ=MONTHLY;INTERVAL=6",
        {"vi": "Thường xuyên, báo cáo 6 tháng", "en": "Recurring, half-yearly report"},
    ),
    ("FREQ=MONTHLY;INTERVAL=12", {"vi": "Thường xuyên, báo cáo hằng năm", "en": "Recurring, yearly report"}),
)
