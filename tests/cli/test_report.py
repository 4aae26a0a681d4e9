"""Reports, cards and letters by command."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from tests.cli.conftest import Shell
from tests.figures.story import CHAPTERS
from tests.world import World, at


def _told(world: World, shell: Shell) -> None:
    for chapter in CHAPTERS:
        chapter(world)
    shell.set_now(at(world.today))


def test_each_report_is_written_in_each_layout(world: World, shell: Shell, tmp_path: Path) -> None:
    _told(world, shell)
    for kind in ("weekly", "agency", "supervision", "register"):
        for profile in ("dang", "nha-nuoc"):
            out = tmp_path / f"{kind}-{profile}.docx"
            answer = shell("report", kind, "--profile", profile, "--as-of", "30/10/2026", "--out", str(out))
            assert answer.code == 0, answer.err
            assert out.read_bytes()[:2] == b"PK"


def test_numbers_agree_between_formats(world: World, shell: Shell, tmp_path: Path) -> None:
    _told(world, shell)
    for form in ("xlsx", "csv", "json"):
        assert (
            shell(
                "report",
                "agency",
                "--format",
                form,
                "--as-of",
                "2026-10-30",
                "--out",
                str(tmp_path / f"a.{form}"),
            ).code
            == 0
        )
    document = json.loads((tmp_path / "a.json").read_text())
    total = document["tables"][0]["total"]
    sheet: Any = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    last = [cell.value for cell in sheet[sheet.max_row]]
    with (tmp_path / "a.csv").open(encoding="utf-8-sig") as lines:
        row = next(one for one in csv.reader(lines) if "Tổng cộng" in one)
    assert last[3:17] == [int(one) for one in row[3:17]] == [total[key] for key in list(total)[3:17]]
    assert sum(last[4:17]) == last[3] == 9


def test_a_report_goes_to_a_pipe(world: World, shell: Shell) -> None:
    _told(world, shell)
    answer = shell("report", "register", "--format", "jsonl", "--out", "-")
    assert [json.loads(line)["code"] for line in answer.out.splitlines()] != []


def test_a_day_to_come_and_an_unknown_agency_are_refused(world: World, shell: Shell) -> None:
    _told(world, shell)
    assert shell("report", "agency", "--as-of", "2030-01-01").code == 1
    assert shell("report", "agency", "--agency", "khong-co").code == 3
    assert shell("report", "weekly", "--format", "ics").code == 1


def test_the_card_counts_and_does_not_rank(world: World, shell: Shell) -> None:
    _told(world, shell)
    document = json.loads(shell("agency", "scorecard", "sct", "--json").out)
    assert (document["now"]["due"], document["now"]["on_time"], document["now"]["on_time_percent"]) == (
        5,
        2,
        40.0,
    )
    early = json.loads(shell("agency", "scorecard", "sct", "--json", "--as-of", "3/9/2026").out)
    assert early["now"]["on_time_percent"] is None
    assert len(shell("agency", "scorecard", "sct").rows()) == 7


def test_the_office_edits_the_frame_and_its_own_is_used(world: World, shell: Shell, tmp_path: Path) -> None:
    import docx

    _told(world, shell)
    assert shell("report", "templates", "--profile", "dang").code == 0
    own = shell.home / "report-templates" / "dang" / "report-portrait.docx"
    paper = docx.Document(str(own))
    paper.add_paragraph("Văn phòng Tỉnh ủy lưu hành nội bộ: {{ subtitle }}")
    paper.save(str(own))
    out = tmp_path / "w.docx"
    assert shell("report", "weekly", "--out", str(out)).code == 0
    assert "lưu hành nội bộ: Số liệu đến ngày 10/02/2027" in docx.Document(str(out)).paragraphs[-1].text


def test_a_letter_is_drafted_and_its_signed_copy_kept(world: World, shell: Shell, tmp_path: Path) -> None:
    world.issue("GS14-01", date(2026, 9, 1))
    world.nights(date(2026, 9, 10))
    shell.set_now(at(world.today))
    out, scan = tmp_path / "cv.docx", tmp_path / "ban-ky.pdf"
    scan.write_bytes(b"%PDF-1.4 ...")
    assert shell("directive", "letter", "GS14-01", "urge", "--out", str(out), who="ada").code == 0
    assert out.read_bytes()[:2] == b"PK"
    assert shell("directive", "letter", "GS14-01", "criticise", who="ada").code == 1
    assert shell("directive", "letter", "GS14-01", "urge", who="ben").code == 1
    kept = shell("directive", "letter-signed", "GS14-01", "urge", str(scan), "--number", "12-CV/ĐGS",
                 "--signed-on", "9/9/2026", who="ada")  # fmt: skip
    assert kept.code == 0, kept.err
    assert "12-CV/ĐGS" in shell("directive", "history", "GS14-01").out
