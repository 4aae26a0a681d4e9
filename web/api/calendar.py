"""Working days: a year of them, counting between them, and a new calendar."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from config.publishing import publish
from web.api.acting import act
from web.api.caller import AdminWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from web.menu import oversees
from web.refusals import NoSuchPage
from workflow import rulebook
from workflow.desk import Desk
from workflow.models.rule_version import RuleKind
from workflow.recalendar import Moved, move_dates, moved_dates

router = noun("calendar")
NAME = rulebook.DEFAULT[RuleKind.CALENDAR]


class DayRead(BaseModel):
    """`kind`: working, weekend, holiday, exchanged_off or exchanged_working."""

    model_config = ConfigDict(from_attributes=True)

    on: date
    is_open: bool
    kind: str
    name: dict[str, str]
    source: str | None
    status: str


class Days(BaseModel):
    rows: list[DayRead]


class Counted(BaseModel):
    """`between`: every day from one to the other, open or not, and why."""

    since: date
    days: int
    until: date
    between: list[DayRead]


class CalendarRead(BaseModel):
    number: int
    version: str
    source: str


class CalendarWanted(Given):
    """With `dry_run` the answer says which due dates would move, and nothing is kept."""

    source: str = Field(min_length=1, max_length=200_000)
    reason: str = Field(min_length=1, max_length=2_000)
    dry_run: bool = False


class MovedDate(BaseModel):
    directive: str
    obligation: str
    was_on: date
    due_on: date


class Applied(BaseModel):
    moved: list[MovedDate]
    dry_run: bool


@router.get("/calendar/years/{year}")
def year(visit: Reader, year: Annotated[int, Path(ge=1900, le=2200)]) -> Days:
    """Every day of it, open or closed, and why."""
    days = rulebook.active_calendar(visit.db).days(date(year, 1, 1), date(year, 12, 31))
    return Days(rows=[DayRead.model_validate(one) for one in days])


@router.get("/calendar/count")
def count(visit: Reader, since: date, days: Annotated[int, Query(ge=-1_000, le=1_000)]) -> Counted:
    """The n-th working day after a day; before it when n is negative."""
    calendar = rulebook.active_calendar(visit.db)
    until = calendar.shift(since, days)
    between = calendar.days(min(since, until), max(since, until))
    return Counted(
        since=since, days=days, until=until, between=[DayRead.model_validate(one) for one in between]
    )


@router.get("/calendar")
def calendar_in_force(visit: Reader) -> CalendarRead:
    """The calendar file new dates are counted by."""
    if not oversees(visit.me):
        raise NoSuchPage
    row = rulebook.active(visit.db, RuleKind.CALENDAR)
    return CalendarRead(number=row.number, version=row.version, source=row.source)


@router.post("/calendar", response_model=Applied)
def apply_calendar(visit: AdminWriter, wanted: CalendarWanted) -> Response:
    """Put a calendar in force; every open due date it moves is an event of its own."""

    def work(desk: Desk) -> Applied:
        with desk.db.begin_nested() as rehearsal:
            moved = [_moved(one) for one in _apply(desk, wanted)]
            if wanted.dry_run:
                rehearsal.rollback()
        return Applied(moved=moved, dry_run=wanted.dry_run)

    return act(visit, work)


def _apply(desk: Desk, wanted: CalendarWanted) -> list[Moved]:
    old = rulebook.active_calendar(desk.db)
    row = publish(desk, RuleKind.CALENDAR, wanted.source, NAME, wanted.reason)
    moved = moved_dates(desk.db, old, rulebook.calendar(desk.db, row.id), desk.today)
    move_dates(desk, moved, row.id, wanted.reason)
    return moved


def _moved(one: Moved) -> MovedDate:
    return MovedDate(
        directive=one.directive.code, obligation=one.obligation.kind, was_on=one.was_on, due_on=one.due_on
    )
