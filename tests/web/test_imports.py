"""Uploading a register: looked at first, taken over on demand, for administrators only."""

from base64 import b64encode
from datetime import date
from typing import Any

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


def test_a_program_checks_each_row_then_takes_the_register_over(house: House) -> None:
    quan, api = house.enter("quan").client, "/api/v1/imports"
    key = {"x-form-key": quan.get("/api/v1/me").json()["form_key"]}

    def sent(content: bytes, **more: object) -> dict[str, Any]:
        file = {"name": "so.xlsx", "content": b64encode(content).decode()}
        answer = quan.post(api, json={"file": file, "supervision": "GS14", **more}, headers=key)
        return {"status": answer.status_code, **answer.json()}

    faults = sent(BAD)
    assert (faults["status"], faults["refused"], faults["dry_run"]) == (200, 1, True)
    (row,) = faults["rows"]
    assert (row["line"], row["column"], "không để trống" in row["why"]["vi"]) == (2, 2, True)
    assert sent(BAD, dry_run=False)["status"] == 422
    assert sent(GOOD)["created"] == 1
    assert house.world.rows(Directive) == []
    assert sent(GOOD, dry_run=False)["created"] == 1
    assert sent(GOOD, dry_run=False)["unchanged"] == 1
    assert [one.code for one in house.world.rows(Directive)] == ["GS14-01"]


def test_the_menu_leads_an_administrator_to_it(house: House) -> None:
    assert 'href="/nhap"' in house.enter("quan").get("/").text
    assert 'href="/nhap"' not in house.enter("chi").get("/").text
