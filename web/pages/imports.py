"""`/nhap`: a register from a spreadsheet, looked at first, then taken over."""

from fastapi import APIRouter
from starlette.responses import Response

from web.form import Form, Upload
from web.visit import Posted, Signed, Visit
from workflow.errors import InputWrong, WorkflowError
from workflow.importing.headings import ColumnMap, read_mapping
from workflow.importing.load import ImportReport
from workflow.importing.table import import_table
from workflow.models.person import Role
from workflow.words import pair

router = APIRouter()
SHOWN = 200


@router.get("/nhap")
def import_page(visit: Signed) -> Response:
    visit.only_for(Role.ADMINISTRATOR)
    return _page(visit)


@router.post("/nhap")
def take_over(visit: Signed, form: Posted) -> Response:
    """`act=check` writes nothing and says what would happen."""
    visit.only_for(Role.ADMINISTRATOR)
    try:
        report = _imported(visit, form)
    except WorkflowError as refusal:
        return _page(visit, refusal=refusal)
    return _page(visit, report=report, is_check=form.text("act") != "import")


def _imported(visit: Visit, form: Form) -> ImportReport:
    files = {one.field: one for one in form.uploads}
    table = files.get("table")
    if table is None:
        raise InputWrong(
            field="table", value="", why=pair("Chọn tệp .xlsx hoặc .csv.", "Choose a .xlsx or .csv.")
        )
    is_check = form.text("act") != "import"
    with visit.writing() as db:
        report = import_table(
            db, table.content, table.name, _mapping(form, files.get("map")), actor=visit.me, now=visit.now,
            partial=is_check or bool(form.text("partial")),
        )  # fmt: skip
        if is_check:
            db.rollback()
    return report


def _mapping(form: Form, given: Upload | None) -> ColumnMap:
    """The mapping file, else the supervision typed for rows that name none."""
    if given is not None:
        return read_mapping(given.content.decode("utf-8-sig", errors="replace"), given.name)
    supervision = form.text("supervision")
    return ColumnMap(defaults={"supervision": supervision} if supervision else {})


def _page(
    visit: Visit,
    report: ImportReport | None = None,
    refusal: WorkflowError | None = None,
    *,
    is_check: bool = True,
) -> Response:
    findings = report.findings[:SHOWN] if report else []
    return visit.page(
        "import.html", refusal.http_status if refusal else 200, report=report, findings=findings, refusal=refusal,
        is_check=is_check, more=len(report.findings) - len(findings) if report else 0,
    )  # fmt: skip
