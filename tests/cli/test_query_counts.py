"""A list asks the database the same number of questions whatever its length."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Engine, event

from tests.cli.conftest import Shell
from tests.world import World


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "words",
    [
        ("directive", "list"),
        ("agency", "list"),
        ("supervision", "list"),
        ("message", "outbox"),
        ("sweep", "tonight"),
        ("status",),
    ],
)
def test_ten_times_as_many_directives_are_no_more_questions(
    world: World, shell: Shell, words: tuple[str, ...]
) -> None:
    world.issue("GS14-00", due=date(2026, 8, 21))
    with counted() as few:
        assert shell(*words).code == 0
    for number in range(1, 11):
        world.issue(f"GS14-{number:02}", due=date(2026, 8, 21))
    with counted() as many:
        assert shell(*words).code == 0
    assert len(many) == len(few)
