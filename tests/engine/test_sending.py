"""The tap: while it is closed nothing leaves, and opening it loses nothing."""

from datetime import date, timedelta

from sqlalchemy import Engine

from config.database import writing
from tests.world import World, at
from workflow import access, outbox, sending
from workflow.desk import Desk
from workflow.models.event import Event

NIGHT = date(2026, 9, 11)


def test_a_pause_stops_every_mail_and_makes_none_of_them_stale(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.deliver()
    with writing(engine) as db:
        sending.pause(
            Desk(db, access.find_actor(db, "quan@lamgiang.example"), at(NIGHT, 0)), "Relay đang bảo trì"
        )
    world.night(NIGHT)
    later = at(NIGHT + timedelta(days=10), 8)
    with writing(engine) as db:
        assert outbox.claim(db, at=later, real=later, limit=5).looked_at == 0
        sending.unpause(Desk(db, access.find_actor(db, "quan@lamgiang.example"), later))
    with writing(engine) as db:
        assert len(outbox.claim(db, at=later, real=later, limit=5).leased) == 1
    acts = [one.act for one in world.rows(Event) if one.act.startswith("sending")]
    assert acts == ["sending.pause", "sending.unpause"]


def test_pausing_twice_keeps_the_first_reason_and_unpausing_nothing_is_harmless(engine: Engine) -> None:
    World(engine, today=date(2026, 8, 20))
    with writing(engine) as db:
        desk = Desk(db, access.find_actor(db, "quan@lamgiang.example"), at(NIGHT))
        assert sending.unpause(desk) is None
        sending.pause(desk, "một")
        assert sending.pause(desk, "hai").reason == "một"
