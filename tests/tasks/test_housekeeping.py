"""What the night clears away, and what it folds for good."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from config.database import reading
from config.settings import Settings
from notifications import identity
from tasks import jobs
from tests.world import World, at
from workflow.models.checkpoint import Checkpoint


def test_what_has_closed_is_folded_by_the_nights_housekeeping(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(engine, today=date(2026, 8, 20))
    for code in ("GS14-01", "GS14-02"):
        world.issue(code, date(2026, 9, 25))
    world.move("chi", "GS14-02", "withdraw", reason="Trùng.")
    identity.settle(engine, tmp_path, at(world.today))
    settings = Settings(home=tmp_path, smtp_url=f"mailbox:{tmp_path}/box")
    monkeypatch.setattr(jobs, "settings", lambda: settings)
    monkeypatch.setattr(jobs, "engine", lambda: engine)
    jobs.housekeeping()
    with reading(engine) as db:
        assert db.scalar(select(func.count()).select_from(Checkpoint)) == 1
