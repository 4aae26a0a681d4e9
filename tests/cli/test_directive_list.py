"""dondoc directive list: lines, signs, counts, filters, pages."""

import json
from datetime import date

import pytest

from tests.cli.conftest import Shell
from tests.world import World, at


@pytest.fixture
def eight(world: World, shell: Shell) -> World:
    """On 1 September: late, due today, soon, in time, undated, waiting, done, draft."""
    world.issue("GS14-01", due=date(2026, 8, 24), title="Khó khăn và nguyên nhân")
    world.issue("GS14-02", due=date(2026, 9, 3), title="Hạ tầng cụm công nghiệp")
    world.issue("GS14-03", due=date(2026, 9, 8), title="Khai thác khoáng sản")
    world.issue("GS14-04", due=date(2026, 12, 25), title="Tuyên truyền")
    world.issue("GS14-05", rhythm="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", title="Môi trường tại các chợ")
    world.issue("GS14-06", due=date(2026, 10, 16), title="Đánh giá mục tiêu")
    world.issue("GS14-07", due=date(2026, 10, 16), title="Công nghệ số")
    world.report("GS14-06")
    world.report("GS14-07")
    world.move("ada", "GS14-07", "accept")
    shell("directive", "add", "GS14-08", "--supervision", "GS14", "--text", "Còn là dự thảo")
    shell.set_now(at(date(2026, 9, 3)))
    return world


def test_every_line_carries_its_sign_and_the_counts_add_up(eight: World, shell: Shell) -> None:
    answer = shell("directive", "list", who="ada")
    assert [(row[1], row[0]) for row in answer.rows()] == [
        ("GS14-01", "!"),
        ("GS14-02", "~"),
        ("GS14-03", "~"),
        ("GS14-06", "?"),
        ("GS14-04", "."),
        ("GS14-05", "-"),
        ("GS14-08", "+"),
        ("GS14-07", "ok"),
    ]
    assert answer.err.startswith(
        "8 nhiệm vụ: 1 quá hạn, 1 đến hạn hôm nay, 1 sắp đến hạn, 1 chờ duyệt, 1 trong hạn, 1 không thời hạn, "
        "1 dự thảo, 1 hoàn thành."
    )


def test_days_are_working_days_and_holidays_do_not_count(eight: World, shell: Shell) -> None:
    days = {row[1]: row[5] for row in shell("directive", "list", who="ada").rows()}
    # From Monday 24 August: Tuesday to Friday 25-28 make four; Monday 31 is given off for Saturday 22;
    # 1 and 2 September are the national days off; Thursday 3 is the fifth.
    assert days["GS14-01"] == "-5"
    assert days["GS14-02"] == "+0"
    # Friday 4, Monday 7, Tuesday 8
    assert days["GS14-03"] == "+3"


def test_due_soon_ends_with_the_closed_days_after_the_fifth_working_day(world: World, shell: Shell) -> None:
    """From Friday 4 September five working days lead to Friday 11; its weekend still belongs to it."""
    for code, day in {"GS14-01": 11, "GS14-02": 13, "GS14-03": 14}.items():
        world.issue(code, due=date(2026, 9, day))
    shell.set_now(at(date(2026, 9, 4)))
    assert shell("directive", "list", "--deadline", "soon").column(1) == ["GS14-01", "GS14-02"]
    assert shell("directive", "list", "--deadline", "in-time").column(1) == ["GS14-03"]


def test_a_level_from_two_up_has_a_sign_of_its_own(eight: World, shell: Shell) -> None:
    eight.nights(until=date(2026, 9, 4))
    shell.set_now(at(date(2026, 9, 4)))
    row = shell("directive", "list", "--deadline", "overdue", who="ada").rows()[0]
    assert (row[0], row[1], row[6]) == ("!!", "GS14-01", "Quá hạn, cấp 2")


@pytest.mark.parametrize(
    ("deadline", "codes"),
    [
        ("overdue", ["GS14-01"]),
        ("today", ["GS14-02"]),
        ("soon", ["GS14-03"]),
        ("in-time", ["GS14-04"]),
        ("undated", ["GS14-05"]),
    ],
)
def test_a_deadline_filter_finds_its_own_and_nothing_else(
    eight: World, shell: Shell, deadline: str, codes: list[str]
) -> None:
    assert shell("directive", "list", "--deadline", deadline, who="ada").column(1) == codes


def test_text_is_found_without_accents(eight: World, shell: Shell) -> None:
    assert shell("directive", "list", "--text", "khoang san", who="ada").column(1) == ["GS14-03"]
    assert shell("directive", "list", "--text", "danh gia", who="ada").column(1) == ["GS14-06"]


def test_agency_supervision_and_state_narrow_the_list(eight: World, shell: Shell) -> None:
    assert shell("directive", "list", "--agency", "syt", who="ada").rows() == []
    assert len(shell("directive", "list", "--supervision", "GS14", who="ada").rows()) == 8
    assert shell("directive", "list", "--state", "reported", who="ada").column(1) == ["GS14-06"]


def test_an_unknown_state_is_wrong_usage_and_names_the_known_ones(eight: World, shell: Shell) -> None:
    answer = shell("directive", "list", "--state", "late", who="ada")
    assert answer.code == 2
    assert "acknowledged" in answer.err


def test_pages_follow_each_other_without_a_gap_in_both_orders(eight: World, shell: Shell) -> None:
    for sort in ("due", "code"):
        whole = shell("directive", "list", "--sort", sort, who="ada").column(1)
        seen: list[str] = []
        after: tuple[str, ...] = ()
        for _ in range(9):
            answer = shell("directive", "list", "--sort", sort, "--limit", "3", "--json", *after, who="ada")
            page = json.loads(answer.out)
            seen += [one["code"] for one in page["directives"]]
            assert page["total"] == 8
            if page["after"] is None:
                break
            after = ("--after", page["after"])
        assert seen == whole


def test_a_cursor_of_another_list_is_refused(eight: World, shell: Shell) -> None:
    page = json.loads(shell("directive", "list", "--sort", "code", "--limit", "1", "--json", who="ada").out)
    answer = shell("directive", "list", "--after", page["after"], who="ada")
    assert answer.code == 1
    assert "after" in answer.err


def test_json_carries_dates_as_iso_and_the_same_counts(eight: World, shell: Shell) -> None:
    document = json.loads(shell("directive", "list", "--deadline", "overdue", "--json", who="ada").out)
    assert document["as_of"] == "2026-09-03"
    assert document["counts"] == {"overdue": 1}
    assert document["directives"][0]["due_on"] == "2026-08-24"
    assert document["directives"][0]["days"] == -5


def test_fail_on_overdue_answers_five_only_when_something_is(eight: World, shell: Shell) -> None:
    assert shell("directive", "list", "--fail-on", "overdue", who="ada").code == 5
    assert shell("directive", "list", "--deadline", "soon", "--fail-on", "overdue", who="ada").code == 0


def test_an_agency_sees_what_it_leads_once_issued_and_another_agency_nothing(
    eight: World, shell: Shell
) -> None:
    mine = shell("directive", "list", who="ben")
    assert sorted(mine.column(1)) == [f"GS14-0{number}" for number in range(1, 8)]
    theirs = shell("directive", "list", "--fail-on", "overdue", who="cleo")
    assert (theirs.rows(), theirs.code) == ([], 0)
    assert theirs.err.startswith("0 nhiệm vụ.")


def test_english_speaks_english(eight: World, shell: Shell) -> None:
    answer = shell("--lang", "en", "directive", "list", "--deadline", "overdue", who="ada")
    assert answer.out.splitlines()[0].split("\t")[1:3] == ["Code", "Directive"]
    assert answer.err.startswith("1 directives: 1 overdue.")
