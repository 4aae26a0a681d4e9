"""One directive of one agency, its link, and a browser that opens it."""

import pytest
from starlette.testclient import TestClient

from tests.web.answering.forms import DUE
from tests.web.house import House
from tests.web.postbox import token_of


@pytest.fixture
def issued(house: House) -> House:
    house.world.issue("GS14-01", DUE)
    return house


@pytest.fixture
def token(issued: House) -> str:
    return token_of(issued, "ben")


@pytest.fixture
def clerk(issued: House) -> TestClient:
    return issued.browser()
