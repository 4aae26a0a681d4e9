"""The past as it was: every evening of a random history, folded back from the journal."""

import random
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session

from config.database import reading, writing
from tests.engine.histories import History
from tests.world import World
from workflow import asof, checkpoint
from workflow.access import visible
from workflow.models.checkpoint import Checkpoint
from workflow.models.directive import NO_DAY, Directive
from workflow.models.obligation import Obligation

Cells = dict[str, tuple[Any, ...]]


def live(db: Session) -> tuple[Cells, Cells]:
    """What the tables of this evening say."""
    directives: Cells = {
        one.code: (one.state, None if one.rhythm or one.next_on == NO_DAY else one.next_on,
                   one.original_due_on, one.issued_on, one.reported_on, one.closed_on,
                   one.extensions, one.lead_id)
        for one in db.scalars(select(Directive))
    }  # fmt: skip
    obligations: Cells = {
        str(one.id): (one.status, one.due_on, one.original_due_on, one.due_version, one.span_days, one.met_on, one.level)
        for one in db.scalars(select(Obligation))
    }  # fmt: skip
    return directives, obligations


def folded(db: Session, on: date) -> tuple[Cells, Cells]:
    directives: Cells = {
        one.code: (one.state, *((None, None) if one.rhythm else (one.due_on, one.original_due_on)), one.issued_on,
                   one.reported_on, one.closed_on, one.extensions, one.lead_id)
        for one in asof.state_at(db, on)
    }  # fmt: skip
    owed = asof.obligations_at(on)
    obligations: Cells = {
        str(one.id): (one.status, one.due_on, one.original_due_on, one.due_version, one.span_days, one.met_on, one.level)
        for one in db.execute(select(owed))
    }  # fmt: skip
    return directives, obligations


@pytest.mark.parametrize("seed", range(2))
def test_every_evening_of_a_random_history_is_reproduced_afterwards(engine: Engine, seed: int) -> None:
    """Some evenings end with a checkpoint, after which directives are reopened and closed again."""
    history, evenings, chance = History(engine, seed, days=30), {}, random.Random(seed)
    for evening in history.live():
        with reading(engine) as db:
            evenings[evening] = live(db)
        if chance.random() < 0.3:
            checkpoint.make(partial(writing, engine))
    assert history.made > 20
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(Checkpoint))
    periodic = {str(one.id) for one in history.world.obligations() if one.ladder == "periodic"}
    with reading(engine) as db:
        for evening, (directives, obligations) in evenings.items():
            then = folded(db, evening)
            assert {key: then[1][key] for key in obligations} == obligations, evening
            assert then[0] == directives, evening
            early = then[1].keys() - obligations.keys()
            assert early <= periodic, "only a period may open before the sweep that writes it"


def test_the_past_shows_each_reader_only_what_is_theirs(engine: Engine) -> None:
    world = World(engine)
    world.issue("GS14-01", due=date(2026, 9, 1))
    with reading(engine) as db:
        seen = {
            who: asof.state_at(db, world.today, visible(world.actor(who))) for who in ("ben", "cleo", "ada")
        }
    assert [len(seen[who]) for who in ("ben", "cleo", "ada")] == [1, 0, 1]
    with reading(engine) as db:
        assert asof.state_at(db, date(2026, 8, 19)) == []
