"""Nights to come under other policies, calendars and answers; and that nothing of it is kept."""

import hashlib
from datetime import date
from importlib import resources

import pytest
from sqlalchemy import Engine, select

from config.database import reading
from tests.world import World
from workflow.contrast import Contrast, contrast
from workflow.models.registry import TABLES
from workflow.scenario import Answer, Scenario
from workflow.simulate import PlannedMail, simulate

FIRST, LAST = date(2026, 1, 13), date(2026, 3, 6)
TET = [date(2026, 2, day) for day in range(16, 21)]


def shipped(name: str) -> str:
    return resources.files("config").joinpath(name).read_text(encoding="utf-8")


@pytest.fixture
def tet(engine: Engine) -> World:
    """Issued Monday 12/01/2026: one due before Tết, one after it, one with a contribution of Health."""
    world = World(engine, today=date(2026, 1, 12))
    world.issue("GS14-01", due=date(2026, 2, 13))
    world.issue("GS14-02", due=date(2026, 2, 25))
    world.issue("GS14-03", due=date(2026, 2, 27), coordinating=("syt",))
    for code in ("GS14-01", "GS14-02", "GS14-03"):
        world.move("ben", code, "acknowledge")
    return world


def played(world: World, scenario: Scenario | None = None) -> list[PlannedMail]:
    with reading(world.engine) as db:
        return [mail for _, mails in simulate(db, FIRST, LAST, scenario) for mail in mails]


def nights(mails: list[PlannedMail]) -> set[date]:
    return {mail.night for mail in mails}


def test_tet_night_by_night_and_the_same_with_calendar_days(tet: World) -> None:
    """By working days nothing is mailed from 16 to 20 February; by calendar days the level of the 14th comes on
    the 14th, a Saturday, and the climb goes on through Tết."""
    working = played(tet)
    calendar = played(tet, Scenario(policy=shipped("policies/calendar_days.yaml")))
    assert nights(working).isdisjoint(TET)
    assert all(night.weekday() < 5 for night in nights(working))
    assert not nights(calendar).isdisjoint(TET)
    found = contrast(working, calendar)
    first_level = {one.night for one in found.only_b if (one.directive, one.step) == ("GS14-01", "L1")}
    assert first_level == {date(2026, 2, 14)}
    assert {one.night for one in found.only_a if (one.directive, one.step) == ("GS14-01", "L1")} == {
        date(2026, 2, 23)
    }
    print(report(found))


def report(found: Contrast) -> str:
    lines = [
        f"{one.night:%d/%m/%Y} {'calendar' if is_b else 'working '} {one.directive} {one.step:>4} {one.recipient}"
        for one, is_b in found.differences
    ]
    return "\n".join([f"\n{found.a.mails} mails by working days, {found.b.mails} by calendar days", *lines])


def test_the_same_policy_against_itself_differs_in_nothing(tet: World) -> None:
    mails = played(tet, Scenario(policy=shipped("policies/default.yaml")))
    assert contrast(mails, played(tet)).differences == []


def test_who_answers_on_time_is_never_called_late(tet: World) -> None:
    mails = played(tet, Scenario(answer=Answer.ON_TIME))
    assert all("level" not in line for mail in mails for line in mail.lines), (
        "reviews may be late, nothing climbs"
    )
    deliveries = [line for mail in mails for line in mail.lines if line["obligation"] == "deliver"]
    assert deliveries


def test_who_answers_three_days_late_reaches_the_first_level_only(tet: World) -> None:
    mails = played(tet, Scenario(answer=Answer.LATE, late=3))
    levels = {
        line["level"]
        for mail in mails
        for line in mail.lines
        if "level" in line and line["obligation"] == "deliver"
    }
    assert levels == {1}


def test_a_supposed_holiday_moves_what_it_would_move(tet: World) -> None:
    holiday = "\n  - {day: 2026-02-25, kind: holiday, vi: Nghỉ thử, en: Trial holiday, source: thử, status: announced}\n"
    mails = played(tet, Scenario(calendar=shipped("calendars/vn.yaml") + holiday))
    assert date(2026, 2, 25) in nights(played(tet))
    assert date(2026, 2, 25) not in nights(mails)


def test_a_simulation_changes_nothing_and_sends_nothing(tet: World) -> None:
    before = checksum(tet)
    played(
        tet, Scenario(shipped("policies/calendar_days.yaml"), shipped("calendars/vn.yaml"), Answer.LATE, 2)
    )
    assert checksum(tet) == before


def checksum(world: World) -> str:
    digest = hashlib.sha256()
    with reading(world.engine) as db:
        for table in TABLES:
            for row in db.execute(select(table.__table__)):  # type: ignore[attr-defined]
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
