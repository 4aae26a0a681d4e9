"""Scheduled reports, and the inspection bundle of one supervision."""

from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from reports.bundle import bundle
from reports.request import Format, Profile, ReportKind, Wanted
from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from workflow import report_schedules
from workflow.desk import Desk
from workflow.figures.scope import Scope
from workflow.report_schedules import Scheduled

router = noun("reports")
Word = Annotated[str | None, Field(max_length=80)]
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


class ScheduleWanted(Given):
    """`rhythm` is an RRULE, for example FREQ=WEEKLY;BYDAY=MO."""

    kind: ReportKind
    format: Format = Format.DOCX
    rhythm: str = Field(max_length=200)
    to: list[Annotated[str, Field(max_length=254)]] = Field(min_length=1, max_length=50)
    profile: Profile | None = None
    agency: Word = None
    supervision: Word = None


class ScheduleRow(BaseModel):
    id: int
    kind: str
    format: str
    rhythm: str
    next_on: date
    to: list[str]


class Schedules(BaseModel):
    rows: list[ScheduleRow]


class Ended(BaseModel):
    id: int


@router.get("/report-schedules")
def schedules(visit: Reader) -> Schedules:
    report_schedules.check_may_schedule(visit.me)
    return Schedules(rows=[_row(one) for one in report_schedules.running(visit.db)])


@router.post("/report-schedules", status_code=201, response_model=ScheduleRow)
def schedule(visit: AdminWriter, wanted: ScheduleWanted) -> Response:
    narrowed = {name: key for name in ("agency", "supervision") if (key := getattr(wanted, name))}
    Wanted(wanted.kind, Scope(visit.today)).check(wanted.format)

    def work(desk: Desk) -> ScheduleRow:
        profile = wanted.profile.value if wanted.profile else None
        made = report_schedules.add(
            desk,
            wanted.kind.value,
            wanted.format.value,
            wanted.rhythm,
            wanted.to,
            profile=profile,
            scope=narrowed,
        )
        desk.db.flush()
        return _row(Scheduled(made, report_schedules.recipients(desk.db, made)))

    return act(visit, work, 201)


@router.delete("/report-schedules/{number}", response_model=Ended)
def end(visit: AdminWriter, number: Annotated[int, Path(ge=1, le=2**53)]) -> Response:
    def work(desk: Desk) -> Ended:
        report_schedules.end(desk, number)
        return Ended(id=number)

    return act(visit, work)


@router.get("/supervisions/{code}/bundle", response_class=Response, responses=ZIP)
def inspection_bundle(visit: Reader, code: str) -> Response:
    """For auditors, leadership and administrators: checked offline by the verifier inside."""
    return Response(bundle(visit.db, visit.me, code, visit.now), media_type="application/zip")


def _row(one: Scheduled) -> ScheduleRow:
    row = one.schedule
    to = [person.email for person in one.recipients]
    return ScheduleRow(
        id=row.id, kind=row.kind, format=row.format, rhythm=row.rhythm, next_on=row.next_on, to=to
    )
