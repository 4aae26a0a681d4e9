"""dondoc conclusion: from a file to issued directives, by command alone."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.engine.test_intake import TEXT
from tests.world import World
from workflow.models.directive import Directive


@pytest.fixture
def paper(tmp_path: Path) -> str:
    file = tmp_path / "kl.txt"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


def test_a_file_becomes_issued_directives(world: World, shell: Shell, paper: str) -> None:
    added = shell("conclusion", "add", paper, "--supervision", "GS14", who="ada")
    assert (added.code, "GS14-KL1: 3" in added.out) == (0, True)
    drafts = json.loads(shell("conclusion", "review", "GS14-KL1", "--json", who="ada").out)
    assert [one["due_on"] for one in drafts] == ["2026-09-25", "2026-09-30", None]
    assert "time" in drafts[2]["missing"]
    assert shell("conclusion", "split", "GS14-01", "Lập danh mục chợ", "Báo cáo kết quả", who="ada").code == 0
    assert shell("conclusion", "merge", "GS14-01", "GS14-04", who="ada").code == 0
    assert (
        shell("directive", "edit", "GS14-03", "--rhythm", "FREQ=MONTHLY;BYMONTHDAY=25", who="ada").code == 0
    )
    assert shell("conclusion", "submit", "GS14-KL1", who="ada").code == 0
    refused = shell("conclusion", "approve", "GS14-KL1", "--yes", who="chi")
    assert (refused.code, "Thiếu --reason khi" in refused.err) == (2, True)
    approved = shell("conclusion", "approve", "GS14-KL1", "--yes", "--reason", "Việc thường xuyên", who="chi")
    assert approved.code == 0
    states = {one.code: one.state for one in world.rows(Directive)}
    assert states == {"GS14-01": "issued", "GS14-02": "issued", "GS14-03": "issued", "GS14-04": "withdrawn"}
    listed = json.loads(shell("conclusion", "list", "--json", who="ada").out)
    assert [(one["drafts"], one["open"], one["closed"]) for one in listed] == [(0, 3, 1)]


def test_another_body_sees_no_conclusion(world: World, shell: Shell, paper: str) -> None:
    shell("conclusion", "add", paper, "--supervision", "GS14", who="ada")
    assert json.loads(shell("conclusion", "list", "--json", who="cleo").out) == []
    assert shell("conclusion", "show", "GS14-KL1", who="cleo").code == 3
    assert shell("conclusion", "show", "GS14-KL1", who="ada").out.strip() == TEXT.strip()


def test_a_conclusion_not_yet_issued_is_withdrawn_with_its_drafts(
    world: World, shell: Shell, paper: str
) -> None:
    shell("conclusion", "add", paper, "--supervision", "GS14", who="ada")
    assert shell("conclusion", "drop", "GS14-03", "--reason", "Đã có kế hoạch", who="ada").code == 0
    assert shell("conclusion", "withdraw", "GS14-KL1", "--reason", "Nhập nhầm", who="ada").code == 0
    assert {one.state for one in world.rows(Directive)} == {"withdrawn"}


def test_a_file_that_cannot_be_read_is_refused_with_its_sentence(
    world: World, shell: Shell, tmp_path: Path
) -> None:
    empty = tmp_path / "rong.txt"
    empty.write_bytes(b"  ")
    refused = shell("conclusion", "add", str(empty), "--supervision", "GS14", who="ada")
    assert "Tệp rỗng" in refused.err
    assert shell("conclusion", "add", str(tmp_path / "x.txt"), "--supervision", "GS14", who="ada").code == 3
