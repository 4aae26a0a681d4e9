from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.web.house import House


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> House:
    """Over each kind of database in turn."""
    return House(engine, tmp_path)
