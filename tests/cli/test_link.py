"""dondoc link: answer links and calendar addresses by command."""

import json
from datetime import date

import pytest

from tests.cli.conftest import Shell
from tests.world import World


@pytest.fixture
def issued(world: World) -> World:
    world.issue("GS14-01", due=date(2026, 10, 16))
    return world


def test_a_link_is_made_printed_once_listed_and_taken_back(issued: World, shell: Shell) -> None:
    made = shell("link", "make", "GS14-01", who="ada")
    assert made.code == 0
    assert made.out.startswith("http://127.0.0.1:8000/t/")
    assert "ben@lamgiang.example" in made.err
    listed = shell("link", "list", "GS14-01", who="ada")
    assert listed.column(1) == ["ben@lamgiang.example"]
    assert made.out.strip().rpartition("/")[2] not in listed.out
    number = listed.column(0)[0]
    assert shell("link", "revoke", number, who="ada").code == 0
    (row,) = json.loads(shell("link", "list", "GS14-01", "--json", who="ada").out)
    assert row["revoked_at"] is not None
    again = shell("link", "make", "GS14-01", "--json", who="ada")
    assert json.loads(again.out)["url"] != made.out.strip()


def test_a_link_may_be_for_any_contact_that_takes_part_and_for_nobody_else(
    issued: World, shell: Shell
) -> None:
    head = shell("link", "make", "GS14-01", "--to", "huy@lamgiang.example", "--json", who="ada")
    assert json.loads(head.out)["contact"] == "huy@lamgiang.example"
    stranger = shell("link", "make", "GS14-01", "--to", "cleo@lamgiang.example", who="ada")
    assert (stranger.code, stranger.out) == (3, "")
    assert stranger.err.startswith("Không tìm thấy đầu mối của cơ quan thực hiện")


@pytest.mark.parametrize(("who", "code"), [("ben", 1), ("cleo", 3)])
def test_an_agency_manages_no_links(issued: World, shell: Shell, who: str, code: int) -> None:
    for command in ("make", "list"):
        answer = shell("link", command, "GS14-01", who=who)
        assert (answer.code, answer.out) == (code, "")


def test_a_calendar_address_stays_the_same_until_it_is_taken_back(issued: World, shell: Shell) -> None:
    mine = shell("link", "feed", who="ben").out
    assert mine.startswith("http://127.0.0.1:8000/lich/")
    assert mine.endswith(".ics\n")
    assert shell("link", "feed", who="ben").out == mine
    agency = shell("link", "feed", "sct", who="ada").out
    assert agency != mine
    assert shell("link", "feed", "--revoke", who="ben").out == "Đã thu lại địa chỉ lịch.\n"
    assert shell("link", "feed", who="ben").out != mine
    assert shell("link", "feed", "sct", who="ada").out == agency


def test_whoever_is_nobody_in_the_register_has_no_calendar_of_their_own(issued: World, shell: Shell) -> None:
    assert shell("link", "feed").code == 3
    assert shell("link", "feed", "sct", who="cleo").code == 3
