"""Working days: a year of them, counting between them, and a new calendar."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from config.calendar_change import NAME, put_in_force
from web.api.acting import act
from web.api.caller import AdminWriter, Reader, only_administrator
from web.api.noun import noun
from web.api.strict import Given
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Visit
from workflow import calendar_edit, rulebook
from workflow.desk import Desk
from workflow.models.rule_version import RuleKind
from workflow.recalendar import Moved
from workflow.words import pair

router = noun("calendar")
CHANGE = pair("đổi lịch", "change the calendar")


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
    return _change(visit, wanted.source, wanted.reason, dry_run=wanted.dry_run)


class DayWanted(Given):
    """One decreed day. `kind`: holiday, exchanged_off or exchanged_working; `source`: the decree."""

    on: date
    kind: Literal["holiday", "exchanged_off", "exchanged_working"] = "holiday"
    vi: str = Field(min_length=1, max_length=200)
    en: str | None = Field(default=None, min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=500)
    status: Literal["in_law", "announced", "provisional"] = "announced"
    reason: str | None = Field(default=None, min_length=1, max_length=2_000)
    dry_run: bool = False


class YearConfirmed(Given):
    year: int = Field(ge=2000, le=2100)
    source: str = Field(min_length=1, max_length=500)
    dry_run: bool = False


class DayRemoved(Given):
    on: date
    reason: str = Field(min_length=1, max_length=2_000)
    dry_run: bool = False


@router.post("/calendar/days", response_model=Applied)
def add_day(visit: AdminWriter, wanted: DayWanted) -> Response:
    """A decreed day put in force, or only what it would move."""
    entry = calendar_edit.entry(
        wanted.on, wanted.kind, wanted.vi, wanted.en or wanted.vi, wanted.source, wanted.status
    )
    text = calendar_edit.with_days(_in_force(visit), NAME, [entry])
    return _change(visit, text, wanted.reason or wanted.source, dry_run=wanted.dry_run)


@router.post("/calendar/days/remove", response_model=Applied)
def remove_day(visit: AdminWriter, wanted: DayRemoved) -> Response:
    """A decreed day taken out: the general list holds again."""
    text = calendar_edit.without_day(_in_force(visit), NAME, wanted.on)
    return _change(visit, text, wanted.reason, dry_run=wanted.dry_run)


@router.post("/calendar/confirm", response_model=Applied)
def confirm_year(visit: AdminWriter, wanted: YearConfirmed) -> Response:
    """A year's calendar is final: nobody is told any more that it is missing."""
    text = calendar_edit.confirmed(_in_force(visit), NAME, wanted.year)
    return _change(visit, text, wanted.source, dry_run=wanted.dry_run)


def _in_force(visit: Visit) -> str:
    only_administrator(visit, CHANGE)
    return rulebook.active(visit.db, RuleKind.CALENDAR).source


def _change(visit: Visit, source: str, reason: str, *, dry_run: bool) -> Response:
    def work(desk: Desk) -> Applied:
        with desk.db.begin_nested() as rehearsal:
            moved = [_moved(one) for one in put_in_force(desk, source, reason)]
            if dry_run:
                rehearsal.rollback()
        return Applied(moved=moved, dry_run=dry_run)

    return act(visit, work)


def _moved(one: Moved) -> MovedDate:
    return MovedDate(
        directive=one.directive.code, obligation=one.obligation.kind, was_on=one.was_on, due_on=one.due_on
    )
