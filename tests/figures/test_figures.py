"""Figures add up, name their lists, and say today of a past evening what was said that evening."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from config.database import reading
from tests.figures.story import CHAPTERS, EVENINGS
from tests.world import World
from workflow import access, standing
from workflow.access import SYSTEM
from workflow.figures import counting, listing, scorecard, timing
from workflow.figures.cells import SUMS, Basis, Cell, Figure, cells_of
from workflow.figures.counting import Counts, FiguresDiffer
from workflow.figures.rules import rules_on
from workflow.figures.scope import Dimension, Scope
from workflow.standing import Standing
from workflow.store import directives
from workflow.store.filters import Filter


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


def _counts(db: Session, world: World, on: date, **narrowed: object) -> Counts:
    scope = Scope(on, **narrowed)  # type: ignore[arg-type]
    return counting.whole(db, SYSTEM, rules_on(db, on, world.today), scope)


def _nonzero(counts: Counts) -> dict[str, int]:
    return {cell.value: number for cell, number in counts.cells.items() if number}


def test_each_directive_stands_in_one_cell_on_every_evening(world: World) -> None:
    said = []
    for chapter, on in zip(CHAPTERS, EVENINGS, strict=True):
        chapter(world)
        with reading(world.engine) as db:
            said.append(_nonzero(_counts(db, world, on)))
    assert said[0] == {"in_time": 8, "undated": 1}
    assert said[1] == {"done_on_time": 1, "overdue_30": 2, "due_soon": 1, "in_time": 5}
    assert said[4]["overdue_more"] == 2
    assert said[4]["waiting"] == said[4]["suspended"] == said[4]["not_done"] == said[4]["withdrawn"] == 1
    assert [sum(one.values()) for one in said] == [9] * 5


def test_a_report_of_a_past_evening_is_the_one_made_that_evening(world: World) -> None:
    then = []
    for chapter, on in zip(CHAPTERS, EVENINGS, strict=True):
        chapter(world)
        with reading(world.engine) as db:
            then.append(_everything(db, world, on))
    with reading(world.engine) as db:
        assert [_everything(db, world, on) for on in EVENINGS] == then


def _everything(db: Session, world: World, on: date) -> object:
    rules = rules_on(db, on, world.today)
    tables = [
        counting.table(db, SYSTEM, rules, Scope(on, basis=basis), by) for basis in Basis for by in Dimension
    ]
    return (
        tables, listing.rows(db, SYSTEM, rules, Scope(on)), timing.timing(db, SYSTEM, rules, Scope(on)),
        rules.policy, rules.calendar_version, rules.soon_until,
    )  # fmt: skip


def test_every_figure_is_as_long_as_its_list(world: World) -> None:
    for chapter in CHAPTERS:
        chapter(world)
    with reading(world.engine) as db:
        for on in EVENINGS:
            rules = rules_on(db, on, world.today)
            for basis in Basis:
                scope = Scope(on, basis=basis)
                counts = counting.whole(db, SYSTEM, rules, scope)
                for name in (*Cell, *Figure):
                    found = listing.rows(db, SYSTEM, rules, scope, cells_of(name.value))
                    assert len(found) == counts[name], (on, basis, name)


def test_extending_a_date_helps_the_revised_figure_only(world: World) -> None:
    for chapter in CHAPTERS[:4]:
        chapter(world)
    with reading(world.engine) as db:
        revised, original = (_counts(db, world, world.today, basis=basis) for basis in Basis)
    assert (revised[Cell.DONE_ON_TIME], revised[Cell.DONE_LATE]) == (2, 1)
    assert (original[Cell.DONE_ON_TIME], original[Cell.DONE_LATE]) == (1, 2)
    assert (revised.extended, revised.extensions) == (1, 1)
    assert revised[Figure.TOTAL] == original[Figure.TOTAL] == 9


def test_todays_figures_are_those_of_the_directive_list(world: World) -> None:
    for chapter in CHAPTERS:
        chapter(world)
        with reading(world.engine) as db:
            counts = _counts(db, world, world.today)
            listed = directives.counts(db, SYSTEM, standing.as_of(db, world.today), Filter())
        assert counts[Figure.OVERDUE] == listed.get(Standing.OVERDUE, 0)
        assert counts[Cell.WAITING] == listed.get(Standing.WAITING, 0)
        assert counts[Cell.UNDATED] == listed.get(Standing.UNDATED, 0)
        assert counts[Cell.DUE_SOON] == listed.get(Standing.SOON, 0) + listed.get(Standing.TODAY, 0)
        assert counts[Cell.IN_TIME] == listed.get(Standing.IN_TIME, 0)
        assert counts[Figure.DONE] == listed.get(Standing.DONE, 0)
        assert counts[Cell.NOT_DONE] + counts[Cell.WITHDRAWN] == listed.get(Standing.ENDED, 0)


def test_a_period_leaves_out_what_had_ended_before_it(world: World) -> None:
    for chapter in CHAPTERS:
        chapter(world)
    with reading(world.engine) as db:
        october = _counts(db, world, date(2026, 10, 30), since=date(2026, 10, 1))
    # 01 and 02 were accepted, 07 and 08 ended in September
    assert october[Figure.TOTAL] == 5
    assert october[Cell.DONE_ON_TIME] == 1


def test_an_agency_counts_only_what_it_may_see(world: World) -> None:
    for chapter in CHAPTERS:
        chapter(world)
    with reading(world.engine) as db:
        cleo = access.find_actor(db, "cleo@lamgiang.example")
        rules = rules_on(db, world.today, world.today)
        rows, total = counting.table(db, cleo, rules, Scope(world.today), Dimension.AGENCY)
        seen = listing.rows(db, cleo, rules, Scope(world.today))
    assert total[Figure.TOTAL] == 1
    assert [row.key for row in rows] == ["sct"]
    assert [row.code for row in seen] == ["GS14-05"]


def test_figures_that_do_not_add_up_are_not_shown(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for chapter in CHAPTERS:
        chapter(world)
    monkeypatch.setitem(SUMS, Figure.TOTAL, tuple(one for one in Cell if one is not Cell.WAITING))
    with reading(world.engine) as db, pytest.raises(FiguresDiffer) as refusal:
        _counts(db, world, world.today)
    assert "8" in refusal.value.text("vi")
    assert "9" in refusal.value.text("vi")


def test_the_card_has_counts_and_no_percentage_under_five(world: World) -> None:
    for chapter in CHAPTERS:
        chapter(world)
    with reading(world.engine) as db:
        card = scorecard.scorecard(db, SYSTEM, "sct", world.today, world.today)
        early = scorecard.scorecard(db, SYSTEM, "sct", date(2026, 9, 3), world.today)
    assert card.revised.of_due.part == 2
    assert card.revised.of_due.whole == 5
    assert card.revised.of_due.percent == 40.0
    assert card.original.of_due.part == 1
    assert early.too_few
    assert early.revised.of_due.percent is None
    assert [point.on.month for point in card.trend] == [8, 9, 10, 11, 12, 1, 2]


def test_waiting_times_count_working_days(world: World) -> None:
    first_chapters = CHAPTERS[:3]
    for chapter in first_chapters:
        chapter(world)
    with reading(world.engine) as db:
        spent = timing.timing(db, SYSTEM, rules_on(db, world.today, world.today), Scope(world.today))
    # 01 waited from 26/8 to 3/9 with the two days of Quốc khánh between, 02 was accepted the day it came
    assert (spent.review.met, spent.review.in_time, spent.review.mean_days) == (2, 2, 1.5)
    # 02 was 9 days late, 04 is 14, and the August period of 06 is 24
    assert (spent.late, spent.mean_lateness) == (3, 15.7)
