"""Calendar feeds: whoever has the address reads due days, and nothing but due days."""

from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from tests.web.house import House
from tests.web.postbox import checksum
from workflow.inputs import Evidence
from workflow.models.event import Event

DUE = date(2026, 9, 30)


@pytest.fixture
def issued(house: House) -> House:
    house.world.issue("GS14-01", DUE, coordinating=("syt",))
    house.world.issue("GS14-02", date(2026, 10, 30))
    return house


def path_of(house: House, who: str, page: str = "/toi/lich") -> str:
    """Makes the feed on its page, and reads the address that stands there."""
    guest = house.enter(who)
    assert guest.send(page, page, act="make").status_code == 303
    text = guest.page(page)
    start = text.index(house.settings.base_url + "/lich/") + len(house.settings.base_url)
    return text[start : text.index(".ics", start) + 4]


def events(house: House, path: str) -> list[Any]:
    answer = house.browser().get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def summaries(house: House, path: str) -> list[str]:
    return [str(one["SUMMARY"]) for one in events(house, path)]


def test_an_agency_reads_its_own_days_and_no_others(issued: House) -> None:
    assert summaries(issued, path_of(issued, "ben")) == [
        "GS14-01: Nội dung GS14-01",
        "GS14-02: Nội dung GS14-02",
    ]
    assert summaries(issued, path_of(issued, "cleo")) == ["GS14-01: Nội dung GS14-01"]


def test_a_delegation_reads_the_days_of_the_agencies_that_lead(issued: House) -> None:
    assert len(events(issued, path_of(issued, "ada"))) == 2
    assert len(events(issued, path_of(issued, "ada", "/co-quan/syt/lich"))) == 1


def test_a_feed_of_an_agency_is_made_by_whoever_may_see_it(issued: House) -> None:
    assert len(events(issued, path_of(issued, "ben", "/co-quan/sct/lich"))) == 2
    assert issued.enter("cleo").get("/co-quan/sct/lich").status_code == 404


def test_a_moved_date_keeps_its_entry_and_a_closed_directive_is_cancelled(issued: House) -> None:
    path = path_of(issued, "ben")
    before = events(issued, path)
    issued.world.move("ben", "GS14-01", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 20))
    issued.world.move("duc", "GS14-01", "grant_extension", due_on=date(2026, 10, 20))
    issued.world.move("ben", "GS14-02", "report", text="Đã xong.", evidence=(Evidence("Biên bản"),))
    issued.world.move("chi", "GS14-02", "accept")
    after = {str(one["UID"]): one for one in events(issued, path)}
    assert {str(one["UID"]) for one in before} == set(after)
    moved, done = after[str(before[0]["UID"])], after[str(before[1]["UID"])]
    assert (moved["DTSTART"].dt, str(moved["STATUS"])) == (date(2026, 10, 20), "CONFIRMED")
    assert int(moved["SEQUENCE"]) > int(before[0]["SEQUENCE"])
    assert str(done["STATUS"]) == "CANCELLED"
    assert int(done["SEQUENCE"]) > int(before[1]["SEQUENCE"])


def test_an_unchanged_feed_is_not_sent_twice(issued: House) -> None:
    path, program = path_of(issued, "ben"), issued.browser()
    tag = program.get(path).headers["etag"]
    again = program.get(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    issued.world.issue("GS14-03", DUE)
    assert program.get(path, headers={"if-none-match": tag}).status_code == 200


def test_reading_changes_nothing_and_a_head_is_answered(issued: House) -> None:
    path, before = path_of(issued, "ben"), checksum(issued.engine)
    program = issued.browser()
    assert [program.request(method, path).status_code for method in ("GET", "HEAD", "OPTIONS")] == [
        200,
        200,
        405,
    ]
    assert checksum(issued.engine) == before


def test_an_address_taken_back_is_gone_and_the_next_one_is_another(issued: House) -> None:
    path, page = path_of(issued, "ben"), "/toi/lich"
    assert issued.enter("ben").send(page, page, act="revoke").status_code == 303
    assert issued.browser().get(path).status_code == 404
    assert path_of(issued, "ben") != path
    named = [one.act for one in issued.world.rows(Event) if "feed" in one.act]
    assert named == ["make_feed", "revoke_feed", "make_feed"]


@pytest.mark.parametrize("path", ["/lich/none.ics", f"/lich/{'a' * 26}.ics"])
def test_an_address_that_is_none_is_not_found(issued: House, path: str) -> None:
    assert issued.browser().get(path).status_code == 404


def test_an_answer_token_opens_no_feed_and_a_feed_token_answers_nothing(issued: House) -> None:
    token = path_of(issued, "ben").removeprefix("/lich/").removesuffix(".ics")
    assert issued.browser().get(f"/t/{token}").status_code == 404


def test_a_secret_directive_shows_its_day_and_nothing_else(house: House) -> None:
    house.world.issue("GS14-01", DUE, is_secret=True)
    (event,) = events(house, path_of(house, "ben"))
    assert (event["DTSTART"].dt, str(event["SUMMARY"])) == (DUE, "Nhiệm vụ cần xem")
    assert "gs14" not in event.to_ical().decode().lower()


def test_periods_of_a_recurring_directive_are_entries_of_their_own(house: House) -> None:
    house.world.issue("GS14-01", rhythm="FREQ=MONTHLY")
    path = path_of(house, "ben")
    house.nights(date(2026, 10, 30))
    found = events(house, path)
    assert len(found) >= 2
    assert len({str(one["UID"]) for one in found}) == len(found)
    assert len({one["DTSTART"].dt for one in found}) == len(found)
