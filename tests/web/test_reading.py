"""What pages show: figures that add up, lists that answer, nothing changed by looking."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import SQLModel

from config.database import reading
from tests.web.house import House
from tests.web.test_routes import TABLE, _filled
from workflow.drafts import Draft
from workflow.inputs import Evidence


@pytest.fixture
def busy(house: House) -> House:
    """Late, due soon, waiting for review, in time, done, and one with a contribution of Health."""
    issue = house.world.issue
    issue("GS14-01", date(2026, 8, 26))
    issue("GS14-02", date(2026, 9, 1))
    issue("GS14-03", date(2026, 9, 7))
    issue("GS14-04", date(2026, 10, 30))
    issue("GS14-05", date(2026, 9, 30), coordinating=("syt",))
    issue("GS14-06", rhythm="FREQ=MONTHLY;INTERVAL=3")
    for code in ("GS14-04", "GS14-05"):
        house.world.move("ben", code, "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))
    house.world.move("duc", "GS14-04", "accept")
    house.nights(date(2026, 9, 3))
    return house


def _figures(page: str) -> dict[str, int]:
    found = re.findall(r'href="/nhiem-vu\?group=(\w+)"><b class="c-\w+">.*?</svg>(\d+)</b>', page)
    return {group: int(number) for group, number in found}


@pytest.mark.parametrize("who", ["duc", "ben", "cleo", "quan", "lan"])
def test_every_figure_is_the_length_of_the_list_it_opens_and_they_add_up(busy: House, who: str) -> None:
    guest = busy.enter(who)
    figures = _figures(guest.page("/"))
    assert len(figures) == 5
    for group, number in figures.items():
        rows = guest.page(f"/nhiem-vu?group={group}").count('<td role="cell" class="code">')
        assert rows == number, group
    assert sum(figures.values()) == (1 if who == "cleo" else 6)


def test_the_overview_opens_with_what_this_person_owes(busy: House) -> None:
    duc, ben = busy.enter("duc").page("/"), busy.enter("ben").page("/")
    assert "Sở Công Thương đã báo cáo, chờ duyệt" in duc
    assert "Báo cáo kết quả" in ben
    assert "đã báo cáo, chờ duyệt" not in ben
    assert "Gửi phần phối hợp" not in busy.enter("cleo").page("/")


def test_what_climbed_to_a_post_is_brought_to_its_holder(busy: House) -> None:
    assert "đã lên cấp 2" not in busy.enter("ada").page("/")
    busy.nights(date(2026, 9, 7))
    assert "đã lên cấp 2" in busy.enter("ada").page("/")
    assert "đã lên cấp 2" not in busy.enter("chi").page("/")


def test_a_search_needs_no_accents_and_takes_signs_as_they_are(house: House) -> None:
    def draft(code: str, said: str) -> Draft:
        return Draft(code=code, supervision="GS14", text=said, lead="sct", due_on=date(2026, 9, 30))

    house.world.issue_all(
        [draft("GS14-01", "Quản lý khai thác khoáng sản"), draft("GS14-02", "Đạt 100% kế hoạch")]
    )
    chi = house.enter("chi")
    assert "GS14-01" in chi.page("/nhiem-vu?q=khoang+san")
    assert "GS14-02" not in chi.page("/nhiem-vu?q=khoang+san")
    assert "GS14-02" in chi.page("/nhiem-vu?q=100%25")
    assert "GS14-01" not in chi.page("/nhiem-vu?q=100%25")
    assert "Không có nhiệm vụ nào khớp." in chi.page("/nhiem-vu?q=%25%25")


def test_a_long_list_is_read_page_by_page_without_gaps_or_repeats(house: House) -> None:
    start = date(2026, 9, 30)
    house.world.issue_all(
        [
            Draft(
                code=f"GS14-{n:03d}",
                supervision="GS14",
                text=f"Việc {n}",
                lead="sct",
                due_on=start + timedelta(days=n % 7),
            )
            for n in range(120)
        ]
    )
    chi, seen, path = house.enter("chi"), [], "/nhiem-vu"
    while path:
        page = chi.page(path)
        assert "120 nhiệm vụ" in page
        seen += re.findall(r'<td role="cell" class="code">([^<]+)</td>', page)
        more = re.search(r'href="([^"]+)" rel="next"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    "query", ["after=x", "after=%00", "group=nope", "sort=evil", "state=x'--", "agency=%25", "standing=late"]
)
def test_a_broken_address_of_a_list_is_no_accident(busy: House, query: str) -> None:
    assert busy.enter("duc").get(f"/nhiem-vu?{query}").status_code in (200, 422)


def _everything(house: House) -> dict[str, list[Any]]:
    with reading(house.engine) as db:
        return {
            table.name: sorted(map(str, db.execute(text(f'SELECT * FROM "{table.name}"'))))  # noqa: S608
            for table in SQLModel.metadata.sorted_tables
        }


def test_looking_changes_nothing_whoever_looks_wherever(busy: House) -> None:
    busy.take_in(busy.world.today)
    guests = {who: busy.enter(who).client for who in ("ben", "cleo", "ada", "chi", "quan", "lan")}
    before = _everything(busy)
    for guest in guests.values():
        for method, path in TABLE:
            if method == "GET":
                guest.get(_filled(path))
    assert _everything(busy) == before


def _statements(house: House, path: str, who: str = "chi") -> int:
    guest, seen = house.enter(who), []
    guest.get(path)

    def count(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "set_config" not in statement:
            seen.append(statement)

    event.listen(house.engine, "before_cursor_execute", count)
    try:
        assert guest.get(path).status_code == 200
    finally:
        event.remove(house.engine, "before_cursor_execute", count)
    return len(seen)


MOST_QUERIES = 12
PAGES = [
    "/",
    "/nhiem-vu",
    "/nhiem-vu?q=viec+1&sort=lead&level=1&from=01/01/2026&view=silent",
    "/nhiem-vu/GS14-01",
    "/luot-quet",
    "/don-doc",
    "/co-quan",
    "/lich",
    "/ket-luan",
]


def test_the_number_of_queries_stays_small_and_does_not_grow_with_the_rows(house: House) -> None:
    def issue(first: int, count: int) -> None:
        house.today(date(2026, 8, 20))
        house.world.issue_all(
            [
                Draft(
                    code=f"GS14-{n:02d}",
                    supervision="GS14",
                    text=f"Việc {n}",
                    lead="sct",
                    due_on=date(2026, 8, 26),
                )
                for n in range(first, first + count)
            ]
        )
        house.today(date(2026, 8, 28))

    issue(1, 3)
    house.nights(date(2026, 8, 28))
    few = {path: _statements(house, path) for path in PAGES}
    issue(10, 40)
    every = _statements(house, "/tro-giup")  # who is there, and what a page shows of the whole house
    many = {path: _statements(house, path) for path in PAGES}
    assert [path for path in PAGES if many[path] > few[path]] == []
    assert max(*few.values(), *many.values()) - every <= MOST_QUERIES, (every, few, many)


def test_a_night_says_what_went_and_why_and_what_did_not(busy: House) -> None:
    page = busy.enter("duc").page("/luot-quet/2026-08-27")
    assert "quá hạn 1 ngày làm việc, lên cấp 1" in page.lower()
    assert "Tổng hợp quá hạn" in page
    last = busy.enter("duc").page("/luot-quet")
    assert "không trùng mốc nhắc nào" in last


def test_a_rehearsal_of_the_next_night_says_what_the_night_then_does(busy: House) -> None:
    duc = busy.enter("duc")
    planned = int(re.search(r"dự kiến (\d+) thư", duc.page("/luot-quet/dem-nay"))[1])  # type: ignore[index]
    busy.nights(date(2026, 9, 4))
    assert busy.world.night(date(2026, 9, 4)).message_count == planned


def test_the_account_of_a_date_names_each_day_counted_and_skipped(busy: House) -> None:
    page = busy.enter("ben").page("/nhiem-vu/GS14-01/cach-tinh")
    assert "02/09" in page
    assert "Quốc khánh" in page
    assert "bỏ qua" in page


def test_a_mailbox_shows_a_person_only_mails_to_that_person(busy: House) -> None:
    from notifications.smtp import parse_channel

    for who in ("ben", "cleo"):
        raw = f"To: {who}@lamgiang.example\r\nSubject: for {who}\r\n\r\nsecret of {who}\r\n".encode()
        with parse_channel(busy.settings.smtp_url).open() as channel:
            channel.send("dondoc@lamgiang.example", f"{who}@lamgiang.example", raw)
    ben, quan = busy.enter("ben"), busy.enter("quan")
    assert "for ben" in ben.page("/hop-thu-thu")
    assert "for cleo" not in ben.page("/hop-thu-thu")
    everything = quan.page("/hop-thu-thu")
    assert "for ben" in everything
    assert "for cleo" in everything
    theirs = re.search(r'href="(/hop-thu-thu/[^"]+)">for cleo', everything)
    assert theirs is not None
    assert "secret of cleo" in quan.page(theirs[1])
    assert ben.get(theirs[1]).status_code == 404
    for path in ("%2e%2e%2fsecret_key", "..%2fsecret_key", "new", ".", "a%00b"):
        assert "k3y" not in quan.get(f"/hop-thu-thu/{path}").text


def test_every_page_speaks_english_when_asked_and_remembers(busy: House) -> None:
    chi = busy.enter("chi")
    assert 'lang="en"' in chi.page("/?lang=en")
    assert "Waiting for you" in chi.page("/")
    assert "Việc chờ đồng chí" in chi.page("/?lang=vi")


VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)
PRINTED_HEAD = re.compile(r'<div class="print-only vb-head">.*?</div></div>')
"""On paper it is the head of a Vietnamese document, whatever language is read on the screen."""
DATA = (
    "Đôn đốc",
    "Đoàn giám sát số 14",
    "Đoàn giám sát",
    "Sở Công Thương",
    "Sở Y tế",
    "Nội dung",
    "Khoáng sản",
    "Tiếng Việt",
    "Đã xong.",
    "Biên bản",
)


ENGLISH = (
    "/", "/nhiem-vu", "/nhiem-vu/GS14-01", "/nhiem-vu/GS14-05", "/nhiem-vu/GS14-01/cach-tinh", "/luot-quet",
    "/luot-quet/dem-nay", "/don-doc", "/co-quan", "/co-quan/sct", "/lich", "/chinh-sach", "/quan-tri",
    "/quan-tri/nhat-ky", "/tro-giup", "/toi", "/hop-thu-thu", "/ket-luan", "/ket-luan/moi",
)  # fmt: skip


def test_no_word_of_the_house_stays_vietnamese_on_an_english_page(busy: House) -> None:
    quan, left = busy.enter("quan"), {}
    for path in ENGLISH:
        page = PRINTED_HEAD.sub("", quan.page(f"{path}?lang=en"))
        shown = re.sub(r'<[^>]*lang="vi"[^>]*>[^<]*|<[^>]+>', " ", page)
        for known in DATA:
            shown = shown.replace(known, "")
        if words := [word for word in shown.split() if VIETNAMESE.search(word)]:
            left[path] = words
    assert left == {}
