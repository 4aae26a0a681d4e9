"""`dondoc message template` and `channel` as a shell sees them."""

import json
from datetime import date
from pathlib import Path

from config.database import writing
from tests.cli.conftest import Shell
from tests.world import World, at
from workflow import channel

SUBJECT = "vi/reminder/subject.txt"


def edited(tmp_path: Path, text: str) -> str:
    path = tmp_path / SUBJECT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_template_is_checked_published_shown_and_taken_back(
    world: World, shell: Shell, tmp_path: Path
) -> None:
    file = edited(tmp_path, "[{{ words.codes(letter) }}] Kính nhắc: {{ title }}\n")
    assert shell("message", "template", "check", file).code == 0
    dry = shell("message", "template", "publish", file, "--dry-run")
    assert "+[{{ words.codes(letter) }}] Kính nhắc: {{ title }}" in dry.out
    assert shell("message", "template", "list", "--edited").rows() == []
    assert shell("message", "template", "publish", file, "--yes").code == 0
    (row,) = shell("message", "template", "list", "--edited").rows()
    assert row[:2] == [SUBJECT, "1"]
    assert shell("message", "template", "show", SUBJECT).out.startswith(
        "[{{ words.codes(letter) }}] Kính nhắc"
    )
    assert shell("message", "template", "show", SUBJECT, "--version", "0").out.startswith("[{{ words.codes")
    assert json.loads(shell("message", "template", "show", SUBJECT, "--json").out)["versions"][0]["active"]
    assert shell("message", "template", "revert", SUBJECT, "--yes").code == 0
    assert shell("message", "template", "revert", SUBJECT, "--yes").code == 1


def test_a_fault_names_its_line_and_changes_nothing(world: World, shell: Shell, tmp_path: Path) -> None:
    file = edited(tmp_path, "[x]\n{{ oops }}\n")
    refused = shell("message", "template", "publish", file, "--yes")
    assert refused.code == 2
    assert "dòng 2" in refused.err
    found = json.loads(shell("message", "template", "check", file, "--json").out)
    assert (found["valid"], found["findings"][0]["line"]) == (False, 2)
    assert shell("message", "template", "list", "--edited").rows() == []


def test_all_edited_templates_are_proved_again_at_once(world: World, shell: Shell) -> None:
    assert "0 mẫu, không có lỗi" in shell("message", "template", "check").out


def test_a_file_that_is_no_template_needs_its_name(world: World, shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "mau.txt"
    path.write_text("[{{ words.codes(letter) }}] {{ title }}", encoding="utf-8")
    assert shell("message", "template", "check", str(path)).code == 3
    assert shell("message", "template", "check", str(path), "--as", SUBJECT).code == 0


def test_only_an_administrator_publishes(world: World, shell: Shell, tmp_path: Path) -> None:
    file = edited(tmp_path, "[{{ words.codes(letter) }}] {{ title }}")
    assert shell("message", "template", "publish", file, "--yes", who="ada").code == 1


def test_a_stopped_channel_says_why_and_can_be_tried_at_once(world: World, shell: Shell) -> None:
    now = at(date(2026, 8, 20))
    assert "hoạt động" in shell("message", "channel").out
    assert shell("message", "channel", "--retry").code == 1
    with writing(world.engine) as db:
        channel.stop(db, at=now, on=date(2026, 8, 20), response="535 no", needs_operator=True)
    assert "535 no" in shell("message", "channel").out
    assert json.loads(shell("message", "channel", "--json").out)["stopped"]["failures"] == 1
    assert "lần gửi kế tiếp" in shell("message", "channel", "--retry").out
    assert shell("message", "channel", "--retry", who="ada").code == 1
    assert "535 no" in shell("doctor").out


def test_an_absence_is_said_shown_and_taken_back(world: World, shell: Shell) -> None:
    mine = ("user", "absence", "huy@lamgiang.example")
    days = ("--from", "20/08/2026", "--until", "25/08/2026")
    said = shell(*mine, *days, "--deputy", "ben@lamgiang.example", who="huy")
    assert (said.code, "ben@lamgiang.example" in said.out) == (0, True)
    assert json.loads(shell(*mine, "--json").out)["until_on"] == "2026-08-25"
    assert shell(*mine, *days, "--deputy", "cleo@lamgiang.example", who="huy").code == 1
    assert shell(*mine, who="cleo").code == 3
    assert shell(*mine, "--until", "25/08/2026").code == 2
    assert "không vắng mặt" in shell(*mine, "--end", who="huy").out
