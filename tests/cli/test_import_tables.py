"""Spreadsheets by command."""

from datetime import date
from pathlib import Path

from tests.cli.conftest import Shell
from tests.importing.test_table import HEADING, _book
from tests.world import World


def test_a_workbook_is_checked_then_imported_with_its_map(world: World, shell: Shell, tmp_path: Path) -> None:
    file, mapping = tmp_path / "so.xlsx", tmp_path / "map.yaml"
    file.write_bytes(
        _book(HEADING, [1, "Rà soát", "Sở Y tế", date(2026, 1, 5), date(2026, 12, 30), "", None])
    )
    mapping.write_text("defaults: {supervision: GS14}\n", encoding="utf-8")
    assert shell("import", str(file)).code == 2  # no supervision is named
    dry = shell("import", str(file), "--map", str(mapping), "--dry-run")
    assert dry.code == 0, dry.err
    assert "Nhập 1/1: 1 mới" in dry.out
    assert shell("directive", "list").rows() == []
    assert shell("import", str(file), "--map", str(mapping)).code == 0
    assert "1 giữ nguyên" in shell("import", str(file), "--map", str(mapping)).out
    assert shell("directive", "list").column(1) != []


def test_with_partial_the_good_rows_stay(world: World, shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "so.csv"
    file.write_text(
        "Mã;Nội dung;Chủ trì;Ngày giao;Hạn;Cuộc giám sát\n"
        "A-1;Tốt;Sở Y tế;5/1/2026;30/12/2026;GS14\nA-2;;Sở Y tế;5/1/2026;30/12/2026;GS14\n",
        encoding="utf-8",
    )
    assert shell("import", str(file)).code == 2
    kept = shell("import", str(file), "--partial")
    assert kept.code == 4
    assert "dòng 3" in kept.err
    assert shell("import", str(tmp_path / "none.xlsx")).code == 2
