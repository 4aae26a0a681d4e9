"""F23: whoever changes the journal behind the product's back is found out with the last anchor."""

import random
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, text
from sqlmodel import Session

from config.database import writing
from tests.world import World, at
from workflow import audit

TRIES = 200
NIGHT = date(2026, 9, 11)
UNGUARDED = {
    "sqlite": ("DROP TRIGGER event_unchanged", "DROP TRIGGER event_kept"),
    "postgresql": ("ALTER TABLE event DISABLE TRIGGER USER",),
}
Harm = Callable[[Session, int], None]


def edited(column: str) -> Harm:
    def harm(db: Session, row: int) -> None:
        db.execute(text(f"UPDATE event SET {column} = 'forged' WHERE id = :row"), {"row": row})  # noqa: S608

    return harm


def redated(db: Session, row: int) -> None:
    db.execute(text('UPDATE event SET "on" = :on WHERE id = :row'), {"on": NIGHT, "row": row})


def deleted(db: Session, row: int) -> None:
    db.execute(text("DELETE FROM event WHERE id = :row"), {"row": row})


def swapped(db: Session, row: int) -> None:
    for old, new in ((row, -9), (row + 1, row), (-9, row + 1)):
        db.execute(text("UPDATE event SET id = :new WHERE id = :old"), {"old": old, "new": new})


def inserted(db: Session, row: int) -> None:
    columns = 'at, "on", actor, act, directive_id'
    db.execute(
        text(f"INSERT INTO event (id, {columns}) SELECT -id, {columns} FROM event WHERE id = :row"),  # noqa: S608
        {"row": row},
    )


def cut(db: Session, row: int) -> None:
    db.execute(text("DELETE FROM seal WHERE last_event_id >= :row"), {"row": row})
    db.execute(text("DELETE FROM event WHERE id >= :row"), {"row": row})


def rebuilt(db: Session, row: int) -> None:
    """The end is gone and the chain made anew to fit what is left: only the anchor knows."""
    cut(db, row)
    db.expire_all()
    audit.seal(db, at(NIGHT))


def forged_throughout(db: Session, row: int) -> None:
    """One row edited, and every link made anew over it."""
    edited("reason")(db, row)
    db.execute(text("DELETE FROM seal"))
    db.expire_all()
    audit.seal(db, at(NIGHT))


HARMS: tuple[Harm, ...] = (
    edited("reason"), edited("actor"), edited("act"), redated, deleted, swapped, inserted, cut, rebuilt,
    forged_throughout,
)  # fmt: skip


def test_every_tampering_is_found_with_the_last_anchor(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    for number in range(6):
        world.issue(f"GS14-{number:02d}", due=date(2026, 9, 25))
        world.move("ben", f"GS14-{number:02d}", "acknowledge")
        with writing(engine) as db:
            audit.seal(db, at(world.today))
    with writing(engine) as db:
        for statement in UNGUARDED[engine.dialect.name]:
            db.execute(text(statement))
        db.execute(text("UPDATE notice SET event_id = NULL"))  # or rows could not be taken away
    dice, missed = random.Random(23), []
    for number in range(TRIES):
        with writing(engine) as db:
            sound = audit.verify(db)
            assert sound.intact
            row = dice.randint(1, sound.events - 1)
            HARMS[number % len(HARMS)](db, row)
            db.expire_all()
            if audit.verify(db, {sound.events: sound.head}).intact:
                missed.append((number % len(HARMS), row))
            db.rollback()
    assert missed == []
