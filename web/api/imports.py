"""Bringing an existing register in: looked at first, then taken over."""

from pydantic import BaseModel, Field
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import RegisterWriter
from web.api.files import GivenFile
from web.api.noun import CARRIES_FILES, noun
from web.api.strict import Given
from workflow import register
from workflow.desk import Desk
from workflow.importing.headings import ColumnMap, read_mapping
from workflow.importing.load import ImportReport
from workflow.importing.table import import_table
from workflow.words import Texts

router = noun("imports")


class ImportWanted(Given):
    """`mapping` is the YAML that says which column is which; `supervision` is for rows that name none."""

    file: GivenFile
    mapping: str | None = Field(default=None, max_length=100_000)
    supervision: str | None = Field(default=None, max_length=40)
    dry_run: bool = Field(default=True, description="Write nothing, report every row.")
    partial: bool = Field(default=False, description="Keep the good rows although others are refused.")


class RefusedRow(BaseModel):
    """`line` and `column` as in the spreadsheet, both from 1."""

    line: int
    column: int
    field: str
    value: str
    why: Texts


class Imported(BaseModel):
    dry_run: bool
    created: int
    changed: int
    unchanged: int
    refused: int
    rows: list[RefusedRow]


@router.post("/imports", response_model=Imported, openapi_extra=CARRIES_FILES)
def import_register(visit: RegisterWriter, wanted: ImportWanted) -> Response:
    """A .xlsx or .csv of directives; administrators only. Nobody is mailed about what was issued on paper."""
    register.check_may_import(visit.me)

    def work(desk: Desk) -> Imported:
        with desk.db.begin_nested() as trial:
            report = _taken(desk, wanted)
            if wanted.dry_run:
                trial.rollback()
        return _told(report, wanted)

    return act(visit, work)


def _taken(desk: Desk, wanted: ImportWanted) -> ImportReport:
    content, name = wanted.file.bytes_of(), wanted.file.name
    keeps = wanted.dry_run or wanted.partial
    return import_table(
        desk.db, content, name, _columns(wanted), actor=desk.actor, now=desk.now, partial=keeps
    )


def _columns(wanted: ImportWanted) -> ColumnMap:
    if wanted.mapping is not None:
        return read_mapping(wanted.mapping, "mapping")
    return ColumnMap(defaults={"supervision": wanted.supervision} if wanted.supervision else {})


def _told(report: ImportReport, wanted: ImportWanted) -> Imported:
    rows = [
        RefusedRow(line=one.line, column=one.column, field=one.field, value=one.value, why=one.reason)
        for one in report.findings
    ]
    return Imported(
        dry_run=wanted.dry_run,
        created=report.counts["created"],
        changed=report.counts["changed"],
        unchanged=report.counts["unchanged"],
        refused=report.counts["refused"],
        rows=rows,
    )
