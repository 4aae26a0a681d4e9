"""The Monday mail to those who lead."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import reading, writing
from notifications import leadership
from notifications.rendering import render
from tests.figures.story import CHAPTERS
from tests.world import World
from workflow.access import SYSTEM
from workflow.figures import counting, listing
from workflow.figures.cells import FIVE, SUMS, Cell, Figure
from workflow.figures.rules import rules_on
from workflow.figures.scope import Scope
from workflow.models.message import Message
from workflow.models.person import Person, Role

HOUSE = leadership.House("Đoàn giám sát", "http://127.0.0.1:8000", "thuky@lamgiang.example")


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine)
    with writing(engine) as db:
        db.add(Person(name="Lan", email="lan@lamgiang.example", role=Role.LEADERSHIP))
    return world


def _letters(world: World) -> list[Message]:
    return [one for one in world.messages() if one.kind == "weekly"]


def test_leadership_is_mailed_once_a_week_on_monday_or_the_next_open_day(world: World) -> None:
    world.nights(date(2026, 8, 24))
    assert _letters(world) == []  # nothing was issued: no empty mails
    world.issue("GS14-01", date(2026, 9, 30))
    world.nights(date(2026, 9, 8))
    assert [one.night_on for one in _letters(world)] == [date(2026, 9, 3), date(2026, 9, 7)]  # Quốc khánh
    world.night(date(2026, 9, 8))
    assert len(_letters(world)) == 2


def test_five_figures_add_up_and_each_is_as_long_as_its_list(world: World) -> None:
    for chapter in CHAPTERS[:3]:
        chapter(world)
    night = world.today + timedelta(days=1)
    with reading(world.engine) as db:
        lan = db.scalars(select(Person).where(col(Person.role) == Role.LEADERSHIP)).one()
        letter = leadership.letter(db, lan, None, HOUSE, night, night)
        rules = rules_on(db, world.today, night)
        scope = Scope(world.today)
        total = counting.whole(db, SYSTEM, rules, scope)[Figure.TOTAL]
        lists = [
            len(listing.rows(db, SYSTEM, rules, scope, SUMS[one] if isinstance(one, Figure) else (one,)))
            for one in FIVE
        ]
    assert letter.weekly is not None
    assert [one.count for one in letter.weekly.figures] == lists
    assert letter.weekly.total == total == 9
    assert all("/bao-cao/danh-sach?" in one.url for one in letter.weekly.figures)
    assert [one.code for one in letter.weekly.waiting] == ["GS14-09"]
    assert "GS14-07" in {one.code for one in letter.weekly.changes}
    assert {Cell.WAITING} <= set(FIVE)
    words = render(letter)
    assert "02 quá hạn" in words.subject or "03 quá hạn" in words.subject
    assert "Còn lại" in words.text


def test_a_secret_directives_words_stay_out_of_the_mail(world: World) -> None:
    world.issue("GS14-01", date(2026, 9, 30), is_secret=True)
    with reading(world.engine) as db:
        lan = db.scalars(select(Person).where(col(Person.role) == Role.LEADERSHIP)).one()
        words = render(leadership.letter(db, lan, None, HOUSE, date(2026, 8, 21), date(2026, 8, 21)))
    assert "Nội dung" not in words.text + words.html
    assert "nhiệm vụ mật" in words.text
