"""Uploading a register: looked at first, taken over on demand, for administrators only."""

from datetime import date

from tests.importing.test_table import HEADING, _book
from tests.web.house import House
from workflow.models.directive import Directive

GOOD = _book(
    HEADING, [1, "Rà soát quy hoạch", "Sở Công Thương", date(2026, 1, 5), date(2026, 12, 30), "", None]
)
BAD = _book(HEADING, [1, "", "Sở Công Thương", date(2026, 1, 5), date(2026, 12, 30), "", None])


def test_a_check_writes_nothing_and_an_import_writes_once(house: House) -> None:
    quan, files = house.enter("quan"), {"table": ("so.xlsx", GOOD, "application/octet-stream")}
    checked = quan.send("/nhap", "/nhap", supervision="GS14", act="check", files=files)
    assert "Chạy thử, chưa ghi gì." in checked.text
    assert "1 mới" in checked.text
    assert house.world.rows(Directive) == []
    assert "1 mới" in quan.send("/nhap", "/nhap", supervision="GS14", act="import", files=files).text
    again = quan.send("/nhap", "/nhap", supervision="GS14", act="import", files=files).text
    assert "0 mới, 1 giữ nguyên" in again
    assert [one.code for one in house.world.rows(Directive)] == ["GS14-01"]


def test_faults_are_listed_row_by_row(house: House) -> None:
    quan, files = house.enter("quan"), {"table": ("so.xlsx", BAD, "application/octet-stream")}
    page = quan.send("/nhap", "/nhap", supervision="GS14", act="check", files=files)
    assert "không để trống" in page.text
    assert "text (B)" in page.text
    assert quan.send("/nhap", "/nhap", supervision="GS14", act="import", files=files).status_code == 422
    assert quan.send("/nhap", "/nhap", act="import").status_code == 422
    assert house.world.rows(Directive) == []


def test_only_an_administrator_has_this_page(house: House) -> None:
    for who in ("ada", "chi", "ben", "lan"):
        assert house.enter(who).get("/nhap").status_code == 404
