from datetime import date

import pytest

from tests.web.api.program import Program
from tests.web.house import House


@pytest.fixture
def lived_in(house: House) -> House:
    """One directive issued, one conclusion taken in, one night passed."""
    house.world.issue("GS14-01", date(2026, 9, 30))
    house.take_in(date(2026, 8, 20))
    house.nights(date(2026, 8, 21))
    return house


@pytest.fixture
def ben(lived_in: House) -> Program:
    return Program.with_cookie(lived_in, "ben")
