"""The report page, its files, and the list behind every number on it."""

import html
import re
from datetime import date

import pytest

from tests.figures.story import CHAPTERS
from tests.web.house import House

FIGURE = re.compile(r'<td class="num-col"><a href="(/bao-cao/danh-sach[^"]+)">(\d+)</a>')
COUNTED = re.compile(r'<p role="status">(\d+) nhiệm vụ')


@pytest.fixture
def told(house: House) -> House:
    for chapter in CHAPTERS:
        chapter(house.world)
    house.today(house.world.today)
    return house


def test_every_number_on_the_page_leads_to_a_list_of_that_length(told: House) -> None:
    chi = told.enter("chi")
    for kind in ("weekly", "agency"):
        found = FIGURE.findall(chi.page(f"/bao-cao?report={kind}&as_of=30/10/2026"))
        assert len(found) >= 13
        for address, number in set(found):
            counted = COUNTED.search(chi.page(html.unescape(address)))
            assert counted is not None
            assert counted[1] == number, address


def test_a_file_comes_in_each_format_the_report_has(told: House) -> None:
    chi = told.enter("chi")
    for form in ("docx", "xlsx", "csv", "json", "html", "jsonl", "ics"):
        answer = chi.get(f"/bao-cao/tep?report=register&format={form}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].endswith(f"register-2027-02-10.{form}")
    assert chi.get("/bao-cao/tep?report=agency&format=ics").status_code == 422


def test_a_wrong_day_is_refused_in_a_sentence_on_the_page(told: House) -> None:
    chi = told.enter("chi")
    for day in ("31/02/2026", "0001-01-01", "hôm nay", "20/12/2027"):
        answer = chi.get("/bao-cao", params={"as_of": day})
        assert answer.status_code == 422
        assert "Chưa ghi được" in answer.text or "as_of" in answer.text


def test_an_agency_reads_its_own_figures_and_learns_of_no_other(told: House) -> None:
    cleo = told.enter("cleo")
    page = cleo.page("/bao-cao?report=register")
    assert "GS14-05" in page
    assert "GS14-01" not in page
    assert cleo.get("/bao-cao?agency=doan14").status_code == 404
    answer = cleo.get("/api/v1/figures/total").json()
    assert answer["total"] == len(answer["rows"]) == 1


def test_a_program_reads_the_same_figures(told: House) -> None:
    chi = told.enter("chi")
    answer = chi.get("/api/v1/reports/agency", params={"as_of": "2026-10-30"}).json()
    revised, original = answer["tables"]
    assert answer["as_of"] == "2026-10-30"
    assert revised["total"]["total"] == original["total"]["total"] == 9
    assert (revised["total"]["done_on_time"], original["total"]["done_on_time"]) == (2, 1)
    assert date.fromisoformat(answer["as_of"]) == date(2026, 10, 30)
    made = chi.get("/api/v1/reports/agency/file?format=xlsx")
    assert made.content[:2] == b"PK"


def test_a_schedule_is_made_and_ended_on_its_page(told: House) -> None:
    ada = told.enter("ada")
    wrong = ada.send(
        "/bao-cao/lich", "/bao-cao/lich", report="weekly", format="docx", rhythm="FREQ=WEEKLY;BYDAY=MO", to=""
    )
    assert wrong.status_code == 422
    made = ada.send(
        "/bao-cao/lich", "/bao-cao/lich", report="weekly", format="docx", rhythm="FREQ=WEEKLY;BYDAY=MO",
        to="chi@lamgiang.example, duc@lamgiang.example",
    )  # fmt: skip
    assert made.status_code == 303
    page = ada.page("/bao-cao/lich")
    assert "thứ Hai hằng tuần" in page
    assert "Chi, Duc" in page
    assert ada.send("/bao-cao/lich/1/thoi", "/bao-cao/lich").status_code == 303
    assert "Chưa có lịch nào." in ada.page("/bao-cao/lich")
    assert told.enter("ben").get("/bao-cao/lich").status_code == 404


def test_an_auditor_takes_the_bundle_of_a_supervision(told: House) -> None:
    ky = told.enter("ky")
    assert "/bao-cao/ho-so/GS14" in ky.page("/bao-cao?report=supervision&supervision=GS14")
    assert ky.get("/bao-cao/ho-so/GS14").content[:2] == b"PK"
    assert told.enter("ada").get("/bao-cao/ho-so/GS14").status_code == 404
