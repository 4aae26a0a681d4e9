"""dondoc import and simulate: who may bring registers in, and what the nights to come show to whom."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.world import World
from workflow.models.event import Event
from workflow.models.organization import Organization
from workflow.models.sweep_run import SweepRun

FILE = """
organizations: [{code: stc, name: Sở Tài chính, kind: agency}]
people:
  - {name: Mai, email: mai@lamgiang.example, memberships: [{organization: stc, position: clerk}]}
directives:
  - {code: GS14-20, supervision: GS14, text: Rà soát ngân sách, lead: stc, issued_on: 2026-08-20, due_on: 2026-10-16}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "danh-ba.yaml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def test_a_register_is_brought_in_once(world: World, shell: Shell, file: str) -> None:
    first = json.loads(shell("import", file, "--json", who="quan").out)
    again = json.loads(shell("import", file, "--json", who="quan").out)
    assert (first["created"], again["unchanged"], again["created"]) == (3, 3, 0)
    assert shell("directive", "list", "--agency", "stc").column(1) == ["GS14-20"]


def test_only_an_administrator_brings_registers_in(world: World, shell: Shell, file: str) -> None:
    for who in ("ben", "ada", "chi"):
        answer = shell("import", file, who=who)
        assert answer.code == 1
        assert "Quản trị" in answer.err
    assert "stc" not in {one.code for one in world.rows(Organization)}


def test_a_dry_run_imports_nothing(world: World, shell: Shell, file: str) -> None:
    answer = shell("import", file, "--dry-run", who="quan")
    assert "3 mới" in answer.out
    assert "stc" not in {one.code for one in world.rows(Organization)}
    assert world.rows(Event) == []


def test_a_faulty_file_names_line_and_field_and_imports_nothing(
    world: World, shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "sai.yaml"
    path.write_text(FILE.replace("2026-10-16", "16-10"), encoding="utf-8")
    answer = shell("import", str(path), who="quan")
    assert answer.code == 2
    assert "due_on" in answer.err
    assert "dòng 6" in answer.err
    assert "stc" not in {one.code for one in world.rows(Organization)}


def nights(shell: Shell, who: str) -> list[tuple[str, str, str]]:
    words = ("simulate", "--from", "2026-10-14", "--to", "2026-10-19", "--json")
    mails = json.loads(shell(*words, who=who).out)
    return [(mail["night"], mail["recipient"], line["directive"]) for mail in mails for line in mail["lines"]]


def test_each_reader_sees_only_nights_of_directives_they_may_know(
    world: World, shell: Shell, file: str
) -> None:
    world.issue("GS14-01", due=date(2026, 10, 16))
    shell("import", file, who="quan")
    world.move("ben", "GS14-01", "acknowledge")
    assert {code for _, _, code in nights(shell, "quan")} == {"GS14-01", "GS14-20"}
    assert {code for _, _, code in nights(shell, "ben")} == {"GS14-01"}
    assert nights(shell, "cleo") == []
    assert world.rows(SweepRun) == []


def test_nights_are_rows_in_a_pipe(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 10, 16))
    world.move("ben", "GS14-01", "acknowledge")
    answer = shell("simulate", "--from", "14/10/2026", "--to", "16/10/2026")
    assert [row[0] for row in answer.rows()] == ["14/10/2026", "16/10/2026"]
    assert "2 thư" in answer.err
    assert shell("simulate", "--from", "16/10/2026", "--to", "14/10/2026").code == 2
