"""`/lich/ngay`: the special days of a year; adding, removing, confirming, importing, each shown before it is done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from config.calendar_change import NAME, put_in_force
from config.calendar_import import is_icalendar, read_days
from web.form import Form
from web.menu import oversees
from web.refusals import NoSuchPage
from web.visit import Posted, Signed, Visit
from workflow import calendar_edit, rulebook
from workflow.calendar import LISTED_KINDS, STATUSES
from workflow.calendar_watch import year_wanted
from workflow.desk import Desk
from workflow.errors import InputMissing, WorkflowError
from workflow.ladder import ObligationKind
from workflow.models.person import Role
from workflow.models.rule_version import RuleKind
from workflow.words import OBLIGATIONS, pair

router = APIRouter()
CHANGE = pair("đổi lịch", "change the calendar")


@router.get("/lich/ngay")
def days_page(visit: Signed) -> Response:
    if not oversees(visit.me):
        raise NoSuchPage
    return _page(visit)


@router.post("/lich/ngay")
def change_days(visit: Signed, form: Posted) -> Response:
    """`check` shows every open due date that would move; `apply` puts the calendar in force."""
    visit.only_for(Role.ADMINISTRATOR)
    try:
        source, reason = _wanted(visit, form)
        if form.text("step") != "apply":
            return _page(visit, form, moved=_rehearsed(visit, source, reason), checked=True)
        with visit.acting() as desk:
            moved = put_in_force(desk, source, reason)
    except WorkflowError as refusal:
        return _page(visit, form, refusal)
    return visit.see_other(
        "/lich/ngay", f"Lịch mới có hiệu lực; {len(moved)} hạn thay đổi.",
        f"The calendar is in force; {len(moved)} due dates moved.",
    )  # fmt: skip


@dataclass(frozen=True)
class WouldMove:
    code: str
    kind: ObligationKind
    was_on: date
    due_on: date


def _rehearsed(visit: Visit, source: str, reason: str) -> list[WouldMove]:
    with visit.writing() as db:
        moved = [
            WouldMove(one.directive.code, one.obligation.kind, one.was_on, one.due_on)
            for one in put_in_force(Desk(db, visit.me, visit.now), source, reason)
        ]
        db.rollback()
    return moved


def _wanted(visit: Visit, form: Form) -> tuple[str, str]:
    """The calendar's new text, and the reason for the journal."""
    text, source = rulebook.active(visit.db, RuleKind.CALENDAR).source, form.text("source")
    reason = form.text("reason") or source
    if not reason:
        raise InputMissing(field="source", move=CHANGE, code=NAME)
    act = form.text("act")
    if act == "confirm":
        return calendar_edit.confirmed(text, NAME, _year(form.text("year"), visit.today)), reason
    if act == "import":
        given = form.values.get("file", [""])[0].replace("\r\n", "\n")
        if is_icalendar(given):
            days = read_days(given, reason, _one_of(form.text("status"), STATUSES))
            return calendar_edit.with_days(text, NAME, days), reason
        return given, reason
    day = form.day("day")
    if day is None:
        raise InputMissing(field="day", move=CHANGE, code=NAME)
    if act == "remove":
        return calendar_edit.without_day(text, NAME, day), reason
    return calendar_edit.with_days(text, NAME, [_entry(form, day, source or reason)]), reason


def _entry(form: Form, day: date, source: str) -> dict[str, Any]:
    name = form.text("vi")
    if not name:
        raise InputMissing(field="vi", move=CHANGE, code=NAME)
    kind, status = _one_of(form.text("kind"), LISTED_KINDS), _one_of(form.text("status"), STATUSES)
    return calendar_edit.entry(day, kind, name, form.text("en") or name, source, status)


def _one_of(word: str, known: tuple[str, ...]) -> str:
    return word if word in known else known[0]


def _year(text: str, today: date) -> int:
    return int(text) if text.isdecimal() and len(text) == 4 else year_wanted(today)


def _page(
    visit: Visit,
    form: Form | None = None,
    refusal: WorkflowError | None = None,
    *,
    moved: list[WouldMove] | None = None,
    checked: bool = False,
) -> Response:
    calendar = rulebook.active_calendar(visit.db)
    asked = visit.request.query_params.get("nam", "")
    year = min(
        max(_year(asked, visit.today) if asked else visit.today.year, calendar.first.year), calendar.last.year
    )
    listed = calendar.days(date(year, 1, 1), date(year, 12, 31))
    return visit.page(
        "calendar_days.html",
        refusal.http_status if refusal else 200,
        year=year,
        days=[note for note in listed if note.kind not in ("working", "weekend")],
        confirmed_through=calendar.confirmed_through,
        wanted_year=year_wanted(visit.today),
        may_change=visit.me.role is Role.ADMINISTRATOR,
        form=form,
        refusal=refusal,
        moved=moved or [],
        checked=checked,
        obligations=OBLIGATIONS,
        kinds=KINDS,
        statuses=STATUS,
    )


KINDS = {
    "holiday": pair("nghỉ lễ", "holiday"),
    "exchanged_off": pair("nghỉ hoán đổi", "exchanged off"),
    "exchanged_working": pair("làm bù", "exchanged working"),
}
STATUS = {
    "in_law": pair("đã có hiệu lực", "in law"),
    "announced": pair("đã công bố", "announced"),
    "provisional": pair("dự kiến", "provisional"),
}
