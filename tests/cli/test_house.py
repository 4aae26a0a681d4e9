"""The letterhead and the jobs, by command."""

import json
from datetime import UTC, datetime, timedelta

from config.database import writing
from tests.cli.conftest import Shell
from tests.world import World
from workflow import job_runs


def test_the_letterhead_is_shown_and_changed(shell: Shell, world: World) -> None:
    assert "Đoàn giám sát" in shell("house", "letterhead", who="quan").out
    changed = shell(
        "house", "letterhead", "--parent", "Tỉnh ủy", "--place", "Lam Giang", "--json", who="quan"
    )
    assert json.loads(changed.out) == {
        "body": "Đoàn giám sát", "parent_body": "Tỉnh ủy", "place": "Lam Giang", "layout": "dang", "version": 1,
    }  # fmt: skip
    emptied = shell("house", "letterhead", "--parent", "", "--json", who="quan")
    assert json.loads(emptied.out)["parent_body"] is None
    assert shell("house", "letterhead", "--body", " ", who="quan").code == 1
    assert shell("house", "letterhead", who="ada").code == 1


def test_each_job_tells_its_last_run(shell: Shell, world: World) -> None:
    with writing(world.engine) as db:
        job_runs.note(
            db, "dondoc.seal", datetime(2026, 8, 20, 2, tzinfo=UTC), timedelta(seconds=1.5), "Hết chỗ"
        )
    rows = {one["name"]: one for one in json.loads(shell("house", "jobs", "--json", who="quan").out)}
    assert (rows["seal"]["seconds"], rows["seal"]["error"]) == (1.5, "Hết chỗ")
    assert rows["deliver"]["began_at"] is None
    assert "Hết chỗ" in shell("house", "jobs", who="quan").out
    assert shell("house", "jobs", who="chi").code == 1
