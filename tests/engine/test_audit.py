"""The sealed journal: intact when untouched, and every tampering is found."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError, InternalError, ProgrammingError

from config.database import reading, writing
from tests.world import World
from workflow import audit
from workflow.audit import Verdict

NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def sealed(engine: Engine) -> tuple[Engine, dict[int, str]]:
    """Three sealed batches; the anchors are the heads noted elsewhere."""
    world = World(engine, today=date(2026, 8, 20))
    anchors = {}
    for number in range(3):
        world.issue(f"GS14-{number}", due=date(2026, 9, 25))
        with writing(engine) as db:
            link = audit.seal(db, NOW)
        assert link is not None
        anchors[link.last_event_id] = link.hash
    return engine, anchors


def verify(engine: Engine, anchors: dict[int, str] | None = None) -> Verdict:
    with reading(engine) as db:
        return audit.verify(db, anchors)


def tamper(engine: Engine, *statements: str) -> None:
    """As an administrator with SQL would: first the guards go."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for name in ("event_unchanged", "event_kept"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))


def test_an_untouched_journal_verifies(sealed: tuple[Engine, dict[int, str]]) -> None:
    engine, anchors = sealed
    verdict = verify(engine, anchors)
    assert verdict.intact
    assert (verdict.events, verdict.unsealed) == (6, 0)


@pytest.mark.parametrize(
    "statement", ["UPDATE event SET reason = 'x' WHERE id = 2", "DELETE FROM event WHERE id = 2"]
)
def test_the_database_itself_refuses_changes_of_the_journal(
    sealed: tuple[Engine, dict[int, str]], statement: str
) -> None:
    engine, _ = sealed
    with (
        pytest.raises((DatabaseError, IntegrityError, InternalError, ProgrammingError)),
        engine.begin() as connection,
    ):
        connection.execute(text(statement))
    assert verify(engine).intact


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE event SET reason = 'đã sửa' WHERE id = 3"],
        ["UPDATE event SET actor = 'Somebody' WHERE id = 1"],
        ["DELETE FROM notice", "DELETE FROM event WHERE id = 4"],
        ["UPDATE event SET act = 'withdraw' WHERE id = 3", "UPDATE event SET act = 'draft' WHERE id = 4"],
        ["DELETE FROM seal WHERE id = 2"],
        ["UPDATE seal SET hash = previous_hash WHERE id = 1"],
    ],
)
def test_an_edit_a_deletion_or_a_swap_is_found(
    sealed: tuple[Engine, dict[int, str]], statements: list[str]
) -> None:
    engine, anchors = sealed
    tamper(engine, *statements)
    assert not verify(engine, anchors).intact


def test_a_journal_cut_short_is_found_with_the_anchor_kept_elsewhere(
    sealed: tuple[Engine, dict[int, str]],
) -> None:
    engine, anchors = sealed
    tamper(engine, "DELETE FROM notice", "DELETE FROM seal WHERE id = 3", "DELETE FROM event WHERE id > 4")
    assert verify(engine).intact  # by itself a shorter chain is a chain
    verdict = verify(engine, anchors)
    assert [one["en"] for one in verdict.broken] == [
        "The anchor at event 6 is no longer in the journal: its end was cut off or rebuilt."
    ]


def test_a_row_inserted_between_sealed_ones_is_found(sealed: tuple[Engine, dict[int, str]]) -> None:
    engine, _ = sealed
    tamper(engine, "DELETE FROM notice", "DELETE FROM event WHERE id = 4")
    with engine.begin() as connection:
        connection.execute(
            text(
                'INSERT INTO event (id, at, "on", actor, act) '
                "VALUES (4, '2026-08-20 00:00:00', '2026-08-20', 'Nobody', 'draft')"
            )
        )
    assert not verify(engine).intact


def test_sealing_twice_seals_only_what_is_new(sealed: tuple[Engine, dict[int, str]]) -> None:
    engine, _ = sealed
    with writing(engine) as db:
        assert audit.seal(db, NOW) is None
