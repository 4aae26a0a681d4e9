"""From 1 November an unconfirmed year is said weekly, until somebody confirms it."""

from datetime import date, timedelta

from sqlalchemy import Engine

from config import rules
from config.database import writing
from tests.world import World, at
from workflow import calendar_edit, calendar_watch, rulebook
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.rule_version import RuleKind


def asked(world: World, first: date, days: int) -> list[date]:
    told = []
    for n in range(days):
        day = first + timedelta(days=n)
        with writing(world.engine) as db:
            if calendar_watch.watch(db, at(day, 7)) is not None:
                told.append(day)
    return told


def test_the_administrator_is_told_weekly_from_november_until_the_year_is_confirmed(engine: Engine) -> None:
    world = World(engine, today=date(2026, 10, 1))
    assert asked(world, date(2026, 10, 25), 28) == [date(2026, 11, 1), date(2026, 11, 8), date(2026, 11, 15)]
    assert {one.reason for one in world.rows(Event)} == {"2027"}
    assert len(world.rows(Message)) == 3
    with writing(engine) as db:
        text = rulebook.active(db, RuleKind.CALENDAR).source
        rules.publish_calendar(db, calendar_edit.confirmed(text, "vn", 2027), "vn", at(date(2026, 11, 22)))
    assert asked(world, date(2026, 11, 22), 20) == []
    with writing(engine) as db:
        assert rulebook.active_calendar(db).note(date(2027, 1, 1)).status == "in_law"


def test_a_year_that_begins_unconfirmed_is_still_asked_for(engine: Engine) -> None:
    world = World(engine, today=date(2026, 10, 1))
    assert asked(world, date(2027, 3, 1), 8) == [date(2027, 3, 1), date(2027, 3, 8)]
