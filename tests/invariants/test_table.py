"""docs/reference/invariants.md: twenty-one promises, each with tests that exist."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine

TESTS = Path(__file__).resolve().parents[1]
PAGE = (TESTS.parent / "docs/reference/invariants.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (I\d+) \|.*\| (`.*`) \|$", PAGE, re.MULTILINE)
NAMED = sorted({name for _, cell in ROWS for name in re.findall(r"`([^`]+)`", cell)})


def test_each_of_the_promises_has_a_row() -> None:
    assert [name for name, _ in ROWS] == [f"I{number}" for number in range(1, 22)]


@pytest.mark.parametrize("name", NAMED)
def test_the_test_it_names_exists(name: str) -> None:
    file, _, test = name.partition("::")
    source = (TESTS / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {test}\(" if test else r"^def test_", source, re.MULTILINE)


def test_the_engine_fixture_runs_on_both_databases(engine: Engine, request: pytest.FixtureRequest) -> None:
    assert engine.dialect.name in request.node.name
