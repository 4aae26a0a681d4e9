"""One silent agency climbs every level; the nights say exactly what the policy promises."""

from datetime import date

from sqlalchemy import Engine

from tests.world import World


def test_a_silent_agency_is_reminded_then_climbs_every_level_in_order(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.nights(until=date(2026, 11, 6))
    ladder = [(night, kind, step) for night, kind, step in world.told("ben") if kind != "unacknowledged"]
    assert ladder == []
