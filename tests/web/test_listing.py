"""The list: what narrows it, how it is turned round, what is kept of it, and one act on many."""

import csv
import io
import re
from datetime import date
from urllib.parse import quote

import pytest

from tests.web.house import Guest, House
from workflow.drafts import Draft
from workflow.inputs import Evidence
from workflow.models.event import Event
from workflow.models.message import Message
from workflow.models.person import Membership

CODES = re.compile(r'<td role="cell" class="code">([^<]+)</td>')
TEXTS = ("Rà soát quy hoạch khoáng sản", "Kiểm tra các chợ đầu mối", "=SUM(A1) khoáng sản quý hiếm")


@pytest.fixture
def listed(house: House) -> House:
    """Three dated ones of which the first is late on level 1, one by quarter, one reported, one done."""
    house.world.issue_all(
        [
            Draft(
                code=f"GS14-0{n}", supervision="GS14", text=text, lead="syt" if n == 2 else "sct", due_on=due
            )
            for n, (text, due) in enumerate(
                zip(TEXTS, (date(2026, 8, 26), date(2026, 9, 1), date(2026, 9, 30)), strict=True), 1
            )
        ]
        + [
            Draft(
                code="GS14-04",
                supervision="GS14",
                text="Báo cáo quý",
                lead="sct",
                rhythm="FREQ=MONTHLY;INTERVAL=3",
            )
        ]
    )
    house.world.issue("GS14-05", date(2026, 9, 20))
    house.world.report("GS14-05")
    house.world.issue("GS14-06", date(2026, 9, 20))
    house.world.report("GS14-06")
    house.world.move("duc", "GS14-06", "accept")
    house.nights(date(2026, 8, 28))
    return house


def _codes(guest: Guest, query: str = "") -> list[str]:
    return CODES.findall(guest.page(f"/nhiem-vu?{query}"))


FILTERS = {
    "q=khoang+san": ["GS14-01", "GS14-03"],
    "q=san+khoang": ["GS14-01", "GS14-03"],
    "q=so+y+te": ["GS14-02"],
    "q=gs14-03": ["GS14-03"],
    "standing=overdue": ["GS14-01"],
    "group=review": ["GS14-05"],
    "state=done": ["GS14-06"],
    "agency=syt": ["GS14-02"],
    "level=1": ["GS14-01"],
    "level=2": [],
    "clock=recurring": ["GS14-04"],
    "due=week": ["GS14-01"],
    "due=14": ["GS14-02"],
    "since=01/09/2026&until=20/09/2026": ["GS14-02", "GS14-05", "GS14-06"],
    "mine=1": ["GS14-05"],
    "supervision=GS99": [],
}


def test_each_filter_finds_exactly_its_own(listed: House) -> None:
    ada = listed.enter("ada")
    pages = {query: ada.page(f"/nhiem-vu?{query}") for query in FILTERS}
    assert {query: CODES.findall(page) for query, page in pages.items()} == FILTERS
    assert [
        query for query, page in pages.items() if f"{len(FILTERS[query])} nhiệm vụ khớp." not in page
    ] == []


def test_silence_counts_from_the_agencys_own_last_word(listed: House) -> None:
    listed.today(date(2026, 12, 20))
    silent = _codes(listed.enter("ada"), "silent=120&sort=code")
    assert silent == ["GS14-01", "GS14-02", "GS14-03", "GS14-04"]
    listed.world.today = date(2026, 12, 20)
    listed.world.move("ben", "GS14-03", "acknowledge")
    assert _codes(listed.enter("ada"), "silent=120&sort=code") == ["GS14-01", "GS14-02", "GS14-04"]


def test_a_header_sorts_and_a_second_click_turns_it_round(listed: House) -> None:
    ada = listed.enter("ada")
    for sort in ("code", "due", "title", "lead"):
        page = ada.page(f"/nhiem-vu?sort={sort}&q=bao")
        assert f"sort=-{sort}" in page
        assert 'aria-sort="ascending"' in page
        assert _codes(ada, f"sort=-{sort}&group=in_time") == _codes(ada, f"sort={sort}&group=in_time")[::-1]
    assert _codes(ada, "sort=lead")[-1] == "GS14-02"


def test_a_view_is_kept_found_again_and_removed_by_its_owner_alone(listed: House) -> None:
    ada, duc = listed.enter("ada"), listed.enter("duc")
    kept = ada.send("/nhiem-vu/cach-xem", "/nhiem-vu?level=1", name="Cấp 1", query="level=1&evil=%22%3E&q=")
    assert kept.status_code == 303
    page = ada.page("/nhiem-vu")
    assert '<a href="/nhiem-vu?level=1">Cấp 1</a>' in page
    assert "Cấp 1</a>" not in duc.page("/nhiem-vu")
    where = re.search(r"/nhiem-vu/cach-xem/\d+/bo", page)
    assert where is not None
    assert duc.send(where[0], "/nhiem-vu?q=a").status_code == 404
    assert ada.send(where[0], "/nhiem-vu").status_code == 303
    assert "Cấp 1</a>" not in ada.page("/nhiem-vu")


ALL = "&".join(f"code=GS14-0{n}" for n in range(1, 7))


def test_the_check_page_names_every_directive_and_mail_and_the_act_does_just_that(listed: House) -> None:
    ada, before = listed.enter("ada"), len(listed.world.rows(Message))
    where = f"/nhiem-vu/hang-loat?act=remind&{ALL}"
    page = ada.page(where)
    assert "2 thư sẽ gửi ngay" in page
    assert "ben@lamgiang.example" in page
    assert "cleo@lamgiang.example" in page
    assert "2 nhiệm vụ bị loại ra" in page
    assert len(listed.world.rows(Message)) == before
    codes, once = [f"GS14-0{n}" for n in range(1, 7)], re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    for _ in range(2):
        done = ada.send("/nhiem-vu/hang-loat", where, act="remind", code=codes, once=once[1])
        assert done.status_code == 200
    assert len(listed.world.rows(Message)) == before + 2
    assert [one.act for one in listed.world.rows(Event)].count("remind") == 4


def test_what_cannot_be_reminded_is_told_and_the_rest_is_done(listed: House) -> None:
    ada = listed.enter("ada")
    page = ada.send(
        "/nhiem-vu/hang-loat",
        f"/nhiem-vu/hang-loat?act=remind&{ALL}",
        act="remind",
        code=["GS14-01", "GS14-06"],
        once="k",
    ).text
    assert "Xong với 1 nhiệm vụ" in page
    assert "GS14-06: cơ quan chủ trì đang không nợ kết quả nào" in page


def test_nothing_is_accepted_extended_or_withdrawn_in_bulk(listed: House) -> None:
    chi = listed.enter("chi")
    for act in ("accept", "grant_extension", "withdraw", "reassign"):
        assert chi.get(f"/nhiem-vu/hang-loat?act={act}&{ALL}").status_code == 404
        sent = chi.send(
            "/nhiem-vu/hang-loat", f"/nhiem-vu/hang-loat?act=remind&{ALL}", act=act, code="GS14-05"
        )
        assert sent.status_code == 404


def test_an_agency_neither_reminds_nor_exports_what_is_not_its_own(listed: House) -> None:
    cleo = listed.enter("cleo")
    assert cleo.get(f"/nhiem-vu/hang-loat?act=remind&{ALL}").status_code == 404
    rows = list(
        csv.reader(io.StringIO(cleo.get(f"/nhiem-vu/hang-loat?act=export&{ALL}").content.decode("utf-8-sig")))
    )
    assert [row[0] for row in rows[1:]] == ["GS14-02"]


def test_an_exported_title_is_no_formula(listed: House) -> None:
    answer = listed.enter("ada").get("/nhiem-vu/hang-loat?act=export&code=GS14-03")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:2] == ["GS14-03", "'=SUM(A1) khoáng sản quý hiếm"]


def test_a_new_contact_takes_the_place_of_the_old_for_one_agency_only(listed: House) -> None:
    ada = listed.enter("ada")
    page = "/nhiem-vu/hang-loat?act=contact&code=GS14-01&code=GS14-03"
    given = {
        "act": "contact",
        "email": "moi@lamgiang.example",
        "name": "Mới",
        "former": "ben@lamgiang.example",
    }
    two = ada.send("/nhiem-vu/hang-loat", page, code=["GS14-01", "GS14-02"], once="a", **given)
    assert two.status_code == 422
    assert 'value="moi@lamgiang.example"' not in ada.page(page)
    done = ada.send("/nhiem-vu/hang-loat", page, code=["GS14-01", "GS14-03"], once="b", **given)
    assert "Xong với 2 nhiệm vụ" in done.text
    assert "ben@lamgiang.example" not in ada.page("/co-quan/sct")
    assert "moi@lamgiang.example" in ada.page("/co-quan/sct")
    assert len(listed.world.rows(Membership)) == 7


def test_slips_are_printed_one_a_page(listed: House) -> None:
    page = listed.enter("ben").page("/nhiem-vu/hang-loat?act=print&code=GS14-01&code=GS14-02&code=GS14-03")
    assert page.count('class="panel slip"') == 2


def test_words_of_a_directive_are_found_anew_after_a_correction(house: House) -> None:
    code = house.take_in(date(2026, 8, 20))
    ada = house.enter("ada")
    assert _codes(ada, "q=quy+hoach") == ["GS14-01"]
    where = f"/ket-luan/{quote(code)}/ra-soat"
    ada.send(
        f"{where}/GS14-01", where, act="save", text="Lập danh mục bến thủy", due_on="30/09/2026", lead="sct"
    )
    assert _codes(ada, "q=quy+hoach") == []
    assert _codes(ada, "q=ben+thuy") == ["GS14-01"]


def test_the_day_owed_next_is_kept_by_the_database_itself(listed: House) -> None:
    """Of a rhythm the oldest open period; after an extension the new day."""
    ada = listed.enter("ada")
    period = next(one for one in listed.world.obligations() if one.ladder == "periodic")
    assert f"{period.due_on:%d/%m/%Y}" in ada.page("/nhiem-vu?clock=recurring")
    listed.world.move("ben", "GS14-03", "request_extension", reason="Chờ.", due_on=date(2026, 10, 20))
    listed.world.move("chi", "GS14-03", "grant_extension", due_on=date(2026, 10, 20))
    assert _codes(ada, "since=20/10/2026&until=20/10/2026") == ["GS14-03"]
    listed.world.move("ben", "GS14-04", "report", text="Xong.", evidence=(Evidence("Biên bản"),))
    assert "GS14-04" in _codes(ada, "group=review")
