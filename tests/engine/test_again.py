"""A level whose mail never left is told again: the ladder neither stalls nor tells anything twice."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from config.database import reading, writing
from tests.world import World, at
from workflow import auditing, outbox
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation
from workflow.store import directives
from workflow.why import Hindsight

RAISED = date(2026, 9, 28)
NEXT = date(2026, 10, 2)


@pytest.fixture
def world(engine: Engine) -> World:
    """Due on Friday 25/09; on Monday level 1 is raised, and its mails lie in the outbox."""
    world = World(engine, today=date(2026, 9, 23))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.deliver()
    world.night(RAISED)
    return world


def expire(world: World, on: date = date(2026, 10, 1)) -> None:
    """The relay was away for more than the three days a mail may wait."""
    late = at(on, 12)
    with writing(world.engine) as db:
        assert outbox.claim(db, at=late, real=late, limit=100).leased == []


def delivery(world: World) -> Obligation:
    (one,) = [one for one in world.obligations() if one.kind == "deliver"]
    return one


def of_level(world: World, level: int) -> dict[int | None, tuple[Notice, Message]]:
    """By person: the line and the mail that carries it."""
    mails = {one.key: one for one in world.messages()}
    lines = [one for one in world.rows(Notice) if one.level == level and one.person_id]
    return {one.person_id: (one, mails[one.bundle or ""]) for one in lines}


def test_a_level_whose_mail_expired_travels_with_the_next_nights_mail(world: World) -> None:
    expire(world)
    before = of_level(world, 1)
    assert {mail.status for _, mail in before.values()} == {MessageStatus.EXPIRED}
    run = world.night(NEXT)
    after = of_level(world, 1)
    assert {one: line.id for one, (line, _) in before.items()} == {
        one: line.id for one, (line, _) in after.items()
    }
    assert {(mail.night_on, mail.status) for _, mail in after.values()} == {(NEXT, MessageStatus.PENDING)}
    assert run.counts["deliver:again"] == len(before) == run.message_count
    assert delivery(world).level_settled_on is None


def test_the_ladder_goes_on_from_the_day_the_level_was_told_at_last(world: World) -> None:
    expire(world)
    world.night(NEXT)
    world.deliver()
    assert delivery(world).level_settled_on == NEXT
    world.nights(until=date(2026, 10, 5))
    assert delivery(world).level == 1
    world.nights(until=date(2026, 10, 6))
    assert delivery(world).level == 2


def test_a_level_that_cannot_be_written_is_tried_again_every_night(world: World) -> None:
    moment = at(RAISED, 9)
    for _ in range(outbox.PARK_AFTER):
        _park(world, moment)
        moment += timedelta(minutes=2)
    assert {mail.status for _, mail in of_level(world, 1).values()} == {MessageStatus.PARKED}
    world.night(date(2026, 9, 29))
    assert {mail.night_on for _, mail in of_level(world, 1).values()} == {date(2026, 9, 29)}


def test_what_was_settled_or_moved_meanwhile_is_not_told_again(world: World) -> None:
    expire(world)
    world.today = date(2026, 10, 1)
    world.report("GS14-01")
    world.night(NEXT)
    assert {mail.status for _, mail in of_level(world, 1).values()} == {MessageStatus.EXPIRED}


def test_on_a_closed_day_nobody_is_told_again_and_the_next_open_night_does(world: World) -> None:
    expire(world, date(2026, 10, 2))
    world.night(date(2026, 10, 3))
    assert {mail.night_on for _, mail in of_level(world, 1).values()} == {RAISED}
    world.night(date(2026, 10, 5))
    assert {mail.night_on for _, mail in of_level(world, 1).values()} == {date(2026, 10, 5)}


def test_one_person_gets_one_mail_also_on_the_night_it_is_told_again(world: World) -> None:
    world.issue("GS14-02", due=NEXT + timedelta(days=5))
    expire(world, date(2026, 10, 2))
    world.nights(until=date(2026, 10, 5), deliver=False)
    nights = [(one.person_id, one.night_on) for one in world.messages() if one.sweep_run_id]
    assert len(nights) == len(set(nights))


def test_a_rung_of_a_past_day_stays_untold(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.deliver()
    world.night(date(2026, 9, 11))
    expire(world, date(2026, 9, 16))
    run = world.night(date(2026, 9, 17))
    assert run.message_count == 0


def test_hindsight_and_the_auditor_agree_with_what_was_told_again(world: World) -> None:
    expire(world)
    world.nights(until=date(2026, 10, 9))
    with reading(world.engine) as db:
        assert auditing.compare(db, everything=True).differences == ()
        hindsight = Hindsight(db, directives.get(db, world.actor("ada"), "GS14-01"))
        steps = [one for night in hindsight.evening(NEXT) for one in night.answers if one.mark == "L:1"]
    assert [one.fate for one in steps if one.lines] == ["sent"]


def _park(world: World, moment: datetime) -> None:
    with writing(world.engine) as db:
        for claimed in outbox.claim(db, at=moment, real=moment, limit=100).leased:
            outbox.park(claimed.message, at=moment, reason="no template")
            db.add(claimed.message)
