from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.infra.composition import ROOT, find_command

UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))


def unit(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_of_ours_for_ever_without_privileges(path: Path) -> None:
    service = unit(path)["Service"]
    program, *words = service["ExecStart"].split()
    assert program.endswith("/dondoc")
    assert find_command(words) is not None
    assert service["Restart"] == "always"
    assert service["User"] == "dondoc"
    assert service["NoNewPrivileges"] == "yes"
    assert int(service["TimeoutStopSec"]) >= 30


def test_the_target_wants_every_part() -> None:
    wanted = unit(ROOT / "deploy/systemd/dondoc.target")["Unit"]["Wants"].split()
    assert sorted(wanted) == sorted(path.name for path in UNITS if "-" in path.name)
