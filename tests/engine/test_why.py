"""Why and why not: what is said of every obligation and night equals what the ledger holds."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from config.database import reading
from tests.engine.histories import History
from tests.world import World
from workflow.models.directive import Directive
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation
from workflow.why import Answer, Hindsight

DAY = timedelta(days=1)
Cell = tuple[int, date, str]
TOLD = {"sent", "pending", "held", "dropped", "undelivered", "nobody_reachable", "merged"}


def ledger(db: Session) -> dict[Cell, bool]:
    """Steps the sweeps wrote: (obligation, night, step) and whether merged."""
    query = select(Notice).where(
        col(Notice.obligation_id).is_not(None), col(Notice.sweep_run_id).is_not(None)
    )
    return {
        (one.obligation_id or 0, one.night_on, _mark(one)): one.status is NoticeStatus.MERGED
        for one in db.scalars(query)
        if not one.key.startswith("W:")
    }


def _mark(notice: Notice) -> str:
    return f"R:{notice.rung}" if notice.level is None else f"L:{notice.level}"


def cells(db: Session, nights: list[date]) -> Iterator[tuple[Cell, Answer]]:
    for directive in db.scalars(select(Directive)):
        hindsight = Hindsight(db, directive)
        for night in nights:
            for of in hindsight.night(night):
                for answer in of.answers:
                    yield (of.obligation.id, night, answer.mark), answer


@pytest.mark.parametrize("seed", range(10))
def test_why_equals_the_ledger_for_every_obligation_and_night(
    engine: Engine, seed: int, record_property: Callable[[str, object], None]
) -> None:
    history = History(engine, seed, days=28 if engine.dialect.name == "sqlite" else 10)
    nights = list(history.live())[1:]
    with reading(engine) as db:
        happened, answered = ledger(db), dict(cells(db, nights))
    told = {
        cell: answer.fate == "merged"
        for cell, answer in answered.items()
        if answer.night == cell[1] and not any(line.by_hand for line in answer.lines)
    }
    assert told == happened
    assert {one.fate for one in answered.values()}.isdisjoint({"missing", "unexpected"})
    assert all(answer.fate in TOLD for answer in answered.values() if answer.night is not None)
    asked = {(obligation, night) for obligation, night, _ in answered}
    record_property("cells", len(answered))
    print(f"\nhistory {seed}: {len(asked)} obligation nights, {len(answered)} cells, {len(happened)} told")
    assert len(happened) > (20 if engine.dialect.name == "sqlite" else 0)


def test_each_reason_of_silence_is_given(engine: Engine) -> None:
    fates: set[str] = set()
    world = World(engine, today=date(2026, 1, 12))
    world.issue("GS14-01", due=date(2026, 2, 13), coordinating=("syt",))
    world.issue("GS14-02", due=date(2026, 2, 25))
    world.issue("GS14-03", due=date(2026, 1, 15))
    for code in ("GS14-01", "GS14-02", "GS14-03"):
        world.move("ben", code, "acknowledge")
    world.nights(until=date(2026, 1, 14))
    world.move("ben", "GS14-02", "request_extension", reason="khó", due_on=date(2026, 3, 6))
    world.nights(until=date(2026, 2, 2))
    world.report("GS14-01")
    world.move("chi", "GS14-02", "suspend", reason="chờ", resume_on=date(2026, 3, 2))
    world.nights(until=date(2026, 2, 12))
    with reading(engine) as db:
        for directive in db.scalars(select(Directive)):
            hindsight = Hindsight(db, directive)
            for n in range(31):
                for of in hindsight.night(date(2026, 1, 13) + n * DAY):
                    fates |= {answer.fate for answer in of.answers}
    assert {
        "sent", "not_yet", "not_applicable", "extension_pending", "paused", "awaits_review", "settled",
    } <= fates  # fmt: skip


def test_tet_is_named_as_the_reason_a_level_moved(engine: Engine) -> None:
    """Due Friday 13/02/2026: but for Tết level 1 would come on Monday 16/02; it comes on Monday 23/02."""
    world = World(engine, today=date(2026, 1, 12))
    world.issue("GS14-01", due=date(2026, 2, 13))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 2, 23))
    with reading(engine) as db:
        hindsight = Hindsight(db, db.scalars(select(Directive)).one())
        said = {night: _level_one(hindsight, night) for night in (date(2026, 2, 17), date(2026, 2, 23))}
    waiting, sent = said[date(2026, 2, 17)], said[date(2026, 2, 23)]
    assert waiting.fate == "moved"
    assert "16/02/2026" in waiting.text["vi"]
    assert "Tết" in waiting.text["vi"]
    assert sent.fate == "sent"
    assert sent.lines[0].message_id is not None


def _level_one(hindsight: Hindsight, night: date) -> Answer:
    deliver = next(of for of in hindsight.night(night) if of.obligation.kind == "deliver")
    return next(answer for answer in deliver.answers if answer.mark == "L:1")


def test_a_night_of_an_outage_says_that_no_sweep_ran(engine: Engine) -> None:
    world = World(engine, today=date(2026, 3, 2))
    world.issue("GS14-01", due=date(2026, 3, 5))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 3, 4))
    world.today = date(2026, 3, 8)
    world.nights(until=date(2026, 3, 9))
    with reading(engine) as db:
        hindsight = Hindsight(db, db.scalars(select(Directive)).one())
        assert _level_one(hindsight, date(2026, 3, 6)).fate == "no_sweep"
        assert _level_one(hindsight, date(2026, 3, 9)).night == date(2026, 3, 9)
        due_day = next(
            answer
            for of in hindsight.night(date(2026, 3, 9))
            for answer in of.answers
            if of.obligation.kind == "deliver" and answer.mark == "R:0"
        )
    assert due_day.fate == "merged"
    assert [one.level for one in world.rows(Obligation) if one.kind == "deliver"] == [1]
