import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.commands.conclusion_read import read
from tests.conclusions import corpus
from workflow.conclusions.reader import read as read_text
from workflow.errors import InputWrong, NotFound

REGISTER = str(corpus.CORPUS / "agencies.json")
NOTICE = str(corpus.CORPUS / "dev" / "notice01.txt")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(read, list(arguments), standalone_mode=False)


def test_json_prints_exactly_the_gold_format() -> None:
    result = run(NOTICE, "--agencies", REGISTER, "--json")
    assert json.loads(result.stdout) == read_text(corpus.raw("dev/notice01"), corpus.register()).to_gold()
    assert result.return_value == 0


def test_without_options_a_row_per_draft_is_shown() -> None:
    lines = run(NOTICE, "--agencies", REGISTER).stdout.splitlines()
    assert lines[0].split("\t")[:4] == ["#", "Nhiệm vụ", "Chủ trì", "Thời hạn"]
    assert len(lines) == 10
    assert lines[1].split("\t")[2:4] == ["UBND huyện Tân Lộc", "2024-09-30"]


def test_explain_says_why_in_the_language_asked_for() -> None:
    assert "Nhiệm vụ 1" in run(NOTICE, "--explain").stdout
    assert "Directive 1" in run(NOTICE, "--explain", "--lang", "en").stdout


def test_a_folder_is_read_file_by_file_and_a_bad_file_stops_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text(corpus.raw("dev/notice01"), encoding="utf-8")
    (source / "b.pdf").write_bytes(b"%PDF-1.7 nothing")
    (source / "c.jpg").write_bytes(b"not looked at")
    result = run(str(source), "--agencies", REGISTER, "--out", str(tmp_path / "out"))
    assert result.return_value == 4
    assert "b.pdf: Tệp .pdf bị hỏng" in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.json"]


def test_a_folder_needs_a_place_to_write(tmp_path: Path) -> None:
    with pytest.raises(InputWrong, match="--out"):
        read.main([str(tmp_path)], standalone_mode=False)


def test_a_missing_file_and_a_broken_register_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read.main([str(tmp_path / "none.txt")], standalone_mode=False)
    broken = tmp_path / "register.json"
    broken.write_text('{"agencies": [{}]}', encoding="utf-8")
    with pytest.raises(InputWrong, match=r"register\.json"):
        read.main([NOTICE, "--agencies", str(broken)], standalone_mode=False)
