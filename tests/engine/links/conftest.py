"""Two directives of one agency, one of them with help of another."""

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.engine.links.linked import TODAY
from tests.world import World


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine, TODAY)
    world.issue("GS14-01", date(2026, 9, 30), coordinating=("syt",))
    world.issue("GS14-02", date(2026, 10, 30))
    return world
