"""dondoc directive MOVE: the lifecycle decides, the command asks, mails and refuses."""

import hashlib
import json
from datetime import date

import pytest

from tests.cli.conftest import Shell
from tests.world import World, at
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.notice import Notice

DUE = date(2026, 10, 16)


@pytest.fixture
def issued(world: World) -> World:
    world.issue("GS14-01", due=DUE)
    return world


def state(shell: Shell, code: str = "GS14-01") -> str:
    return str(json.loads(shell("directive", "show", code, "--json").out)["state"])


def acts(world: World) -> list[str]:
    return [event.act for event in world.rows(Event)]


def test_a_draft_is_added_corrected_and_issued_by_those_who_may(world: World, shell: Shell) -> None:
    added = shell(
        "directive", "add", "GS14-09", "--supervision", "GS14", "--text", "Rà soát hạ tầng", "--lead", "sct",
        "--due", "16/10/2026", who="ada",
    )  # fmt: skip
    assert (added.code, state(shell, "GS14-09")) == (0, "draft")
    edited = shell("directive", "edit", "GS14-09", "--title", "Hạ tầng", "--due", "2026-10-20", who="ada")
    assert "due_on: 16/10/2026 → 20/10/2026" in edited.out
    refused = shell("directive", "issue", "GS14-09", "--yes", who="ada")
    assert refused.code == 1
    assert "Phó Trưởng đoàn, Trưởng đoàn" in refused.err
    assert shell("directive", "issue", "GS14-09", "--yes", who="chi").code == 0
    assert state(shell, "GS14-09") == "issued"
    late = shell("directive", "edit", "GS14-09", "--title", "Khác", who="ada")
    assert late.code == 1
    assert "Được phép" in late.err


def test_a_draft_says_what_is_missing_and_which_option_gives_it(world: World, shell: Shell) -> None:
    shell("directive", "add", "GS14-09", "--supervision", "GS14", "--text", "Rà soát", who="ada")
    answer = shell("directive", "issue", "GS14-09", "--yes", who="chi")
    assert answer.code == 2
    assert "--to" in answer.err or "--due" in answer.err


def test_correcting_an_older_version_is_refused(world: World, shell: Shell) -> None:
    shell("directive", "add", "GS14-09", "--supervision", "GS14", "--text", "Rà soát", who="ada")
    shell("directive", "edit", "GS14-09", "--title", "Một", who="ada")
    stale = shell("directive", "edit", "GS14-09", "--title", "Hai", "--version", "1", who="chi")
    assert stale.code == 1
    assert "vừa được người khác thay đổi" in stale.err
    assert [one.title for one in world.rows(Directive)] == ["Một"]


def test_the_whole_way_from_issue_to_done(issued: World, shell: Shell) -> None:
    steps = [
        ("ben", ("acknowledge",), "acknowledged"),
        ("ben", ("progress", "--text", "Đang rà soát"), "in_progress"),
        ("ben", ("report", "--text", "Đã xong", "--proof", "Biên bản ngày 20/8"), "reported"),
        ("ada", ("return", "--reason", "Thiếu số liệu", "--due", "30/10/2026"), "sent_back"),
        ("ben", ("report", "--text", "Bổ sung", "--proof", "Phụ lục"), "reported"),
        ("duc", ("accept",), "done"),
        ("chi", ("reopen", "--reason", "Phát hiện mới", "--due", "27/11/2026"), "in_progress"),
    ]
    for who, (verb, *options), expected in steps:
        answer = shell("directive", verb, "GS14-01", *options, "--yes", who=who)
        assert answer.code == 0, answer.err
        assert state(shell) == expected


def test_what_is_closed_is_folded_once_and_again_when_asked(issued: World, shell: Shell) -> None:
    shell("directive", "withdraw", "GS14-01", "--reason", "Trùng", "--yes", who="chi")
    assert shell("db", "checkpoint").out == "Đã gộp 1 nhiệm vụ đã kết thúc.\n"
    assert shell("db", "checkpoint").out == "Đã gộp 0 nhiệm vụ đã kết thúc.\n"
    assert shell("db", "checkpoint", "--anew").out == "Đã gộp 1 nhiệm vụ đã kết thúc.\n"


def test_before_others_are_mailed_the_plan_is_shown_and_asked_about(issued: World, shell: Shell) -> None:
    before = len(issued.rows(Notice))
    answer = shell("directive", "report", "GS14-01", "--text", "Xong", "--proof", "Biên bản", who="ben")
    assert answer.code == 2
    assert "Cần --yes" in answer.err
    assert "Ada" in answer.out
    assert (state(shell), len(issued.rows(Notice))) == ("issued", before)


def test_what_mails_only_oneself_is_not_asked_about(issued: World, shell: Shell) -> None:
    answer = shell("directive", "acknowledge", "GS14-01", who="ben")
    assert answer.code == 0
    assert answer.out == "GS14-01: Xác nhận tiếp nhận. Trạng thái: Đã tiếp nhận. Báo cho: Ben.\n"


def test_a_dry_run_tells_whom_it_would_mail_and_changes_nothing(issued: World, shell: Shell) -> None:
    before = acts(issued)
    answer = shell("directive", "withdraw", "GS14-01", "--reason", "Trùng", "--dry-run", who="chi")
    assert answer.code == 0
    assert "Ben" in answer.out
    assert "Chạy thử" in answer.out
    assert acts(issued) == before


def test_a_refusal_comes_before_the_question(issued: World, shell: Shell) -> None:
    answer = shell("directive", "accept", "GS14-01", who="ada")
    assert answer.code == 1
    assert answer.err.startswith("Không thực hiện được 'Duyệt, kết thúc' với GS14-01")
    assert "Cần --yes" not in answer.err


def test_a_missing_input_names_the_option(issued: World, shell: Shell) -> None:
    answer = shell("directive", "dispute", "GS14-01", "--yes", who="ben")
    assert answer.code == 2
    assert "Thiếu --reason khi" in answer.err


def test_a_foreign_or_unknown_directive_is_not_found_alike(issued: World, shell: Shell) -> None:
    for verb in ("show", "history", "explain", "moves", "acknowledge"):
        foreign = shell("directive", verb, "GS14-01", who="cleo")
        unknown = shell("directive", verb, "GS14-99", who="cleo")
        assert (foreign.code, unknown.code) == (3, 3)
        assert foreign.err.replace("GS14-01", "GS14-99") == unknown.err
        assert foreign.out == ""


def test_evidence_is_kept_under_home_with_its_digest(issued: World, shell: Shell) -> None:
    file = shell.home / "bien-ban.pdf"
    file.write_bytes(b"%PDF-1.4 bien ban")
    answer = shell(
        "directive", "report", "GS14-01", "--text", "Xong", "--evidence", str(file), "--yes", who="ben"
    )
    assert answer.code == 0, answer.err
    (kept,) = issued.rows(Attachment)
    assert kept.name == "bien-ban.pdf"
    assert kept.sha256 == hashlib.sha256(b"%PDF-1.4 bien ban").hexdigest()
    assert (shell.home / "files" / kept.stored_as).read_bytes() == b"%PDF-1.4 bien ban"


def test_evidence_of_a_refused_report_is_not_kept(issued: World, shell: Shell) -> None:
    file = shell.home / "bien-ban.pdf"
    file.write_bytes(b"%PDF-1.4")
    answer = shell("directive", "report", "GS14-01", "--evidence", str(file), "--yes", who="ben")
    assert answer.code == 2
    assert list((shell.home / "files").iterdir()) == []


def test_a_file_that_is_not_there_or_empty_is_refused(issued: World, shell: Shell) -> None:
    empty = shell.home / "rong.txt"
    empty.touch()
    for path in (str(empty), str(shell.home / "khong-co.txt")):
        answer = shell(
            "directive", "report", "GS14-01", "--text", "Xong", "--evidence", path, "--yes", who="ben"
        )
        assert answer.code == 2
        assert "Không nhận được tệp" in answer.err


def test_an_extension_is_asked_granted_as_asked_and_the_original_date_stays(
    issued: World, shell: Shell
) -> None:
    asked = ("extend", "request", "GS14-01", "--due", "30/10/2026", "--reason", "Chờ số liệu", "--yes")
    assert shell("directive", *asked, who="ben").code == 0
    assert shell("directive", "extend", "grant", "GS14-01", "--yes", who="duc").code == 0
    document = json.loads(shell("directive", "show", "GS14-01", "--json").out)
    assert (document["due_on"], document["original_due_on"]) == ("2026-10-30", "2026-10-16")
    again = shell("directive", "extend", "grant", "GS14-01", "--yes", who="duc")
    assert again.code == 1


def test_an_extension_refused_leaves_the_date(issued: World, shell: Shell) -> None:
    asked = ("extend", "request", "GS14-01", "--due", "30/10/2026", "--reason", "Chờ số liệu", "--yes")
    shell("directive", *asked, who="ben")
    assert (
        shell("directive", "extend", "refuse", "GS14-01", "--reason", "Đủ thời gian", "--yes", who="duc").code
        == 0
    )
    assert json.loads(shell("directive", "show", "GS14-01", "--json").out)["due_on"] == "2026-10-16"


def test_return_takes_a_disputed_directive_back_and_keep_leaves_it(issued: World, shell: Shell) -> None:
    issued.issue("GS14-02", due=DUE)
    for code in ("GS14-01", "GS14-02"):
        shell("directive", "dispute", code, "--reason", "Không thuộc thẩm quyền", "--yes", who="ben")
    assert shell("directive", "return", "GS14-01", "--reason", "Đúng vậy", "--yes", who="ada").code == 0
    assert shell("directive", "keep", "GS14-02", "--reason", "Đúng thẩm quyền", "--yes", who="ada").code == 0
    assert (state(shell), state(shell, "GS14-02")) == ("draft", "issued")


def test_a_rhythm_is_noted_period_by_period_until_it_is_closed_for_good(world: World, shell: Shell) -> None:
    world.issue("GS14-05", rhythm="FREQ=MONTHLY;BYMONTHDAY=25")
    for _ in range(2):
        world.report("GS14-05")
        assert shell("directive", "accept", "GS14-05", "--yes", who="ada").code == 0
        assert state(shell, "GS14-05") == "in_progress"
    world.report("GS14-05")
    assert shell("directive", "accept", "GS14-05", "--final", "--yes", who="ada").code == 0
    assert state(shell, "GS14-05") == "done"


def test_suspended_resumed_closed(issued: World, shell: Shell) -> None:
    paused = ("suspend", "GS14-01", "--reason", "Thiên tai", "--until", "30/09/2026", "--yes")
    assert shell("directive", *paused, who="chi").code == 0
    assert state(shell) == "suspended"
    assert shell("directive", "resume", "GS14-01", "--yes", who="chi").code == 0
    assert state(shell) == "issued"
    assert shell("directive", "close", "GS14-01", "--reason", "Hết ý nghĩa", "--yes", who="chi").code == 0
    assert state(shell) == "closed_not_done"


def test_reassigning_moves_the_duty_and_both_agencies_see_the_right_thing(
    issued: World, shell: Shell
) -> None:
    moved = ("reassign", "GS14-01", "--to", "syt", "--reason", "Đúng thẩm quyền", "--yes")
    assert shell("directive", *moved, who="chi").code == 0
    assert shell("directive", "show", "GS14-01", who="cleo").code == 0
    assert shell("directive", "show", "GS14-01", who="ben").code == 3


def test_a_contribution_comes_from_a_coordinating_agency(world: World, shell: Shell) -> None:
    world.issue("GS14-03", due=DUE, coordinating=("syt",))
    answer = shell("directive", "contribute", "GS14-03", "--text", "Số liệu y tế", "--yes", who="cleo")
    assert answer.code == 0, answer.err
    assert (
        shell("directive", "contribute", "GS14-03", "--text", "Không phải tôi", "--yes", who="ben").code == 1
    )


def test_escalating_by_hand_climbs_one_level_and_tells_its_holders(issued: World, shell: Shell) -> None:
    early = shell("directive", "escalate", "GS14-01", "--reason", "Im lặng", "--yes", who="ada")
    assert early.code == 1
    shell.set_now(at(date(2026, 10, 20)))
    late = shell("directive", "escalate", "GS14-01", "--reason", "Im lặng", "--yes", who="ada")
    assert late.code == 0, late.err
    assert "Huy" in late.out
    assert json.loads(shell("directive", "show", "GS14-01", "--json").out)["level"] == 1


def test_moves_lists_what_is_allowed_now_and_marks_mine(issued: World, shell: Shell) -> None:
    mine = {
        one["move"]: one["may"]
        for one in json.loads(shell("directive", "moves", "GS14-01", "--json", who="ben").out)
    }
    assert mine["acknowledge"] is True
    assert mine["withdraw"] is False
    assert "grant_extension" not in mine
    shell(
        "directive",
        "extend",
        "request",
        "GS14-01",
        "--due",
        "30/10/2026",
        "--reason",
        "x",
        "--yes",
        who="ben",
    )
    later = {
        one["move"]: one["may"]
        for one in json.loads(shell("directive", "moves", "GS14-01", "--json", who="duc").out)
    }
    assert later["grant_extension"] is True
    assert "keep" not in later


def test_history_says_who_did_what_when_and_why(issued: World, shell: Shell) -> None:
    shell("directive", "withdraw", "GS14-01", "--reason", "Trùng với GS14-02", "--yes", who="chi")
    rows = shell("directive", "history", "GS14-01", who="ada").rows()
    assert [row[1:3] for row in rows] == [["Chi", "Soạn dự thảo"], ["Chi", "Phát hành"], ["Chi", "Thu hồi"]]
    assert rows[2][3] == "Thu hồi"
    assert rows[2][5] == "Trùng với GS14-02"


def test_explain_counts_the_days_and_names_the_versions(issued: World, shell: Shell) -> None:
    answer = shell("directive", "explain", "GS14-01", "--on", "15/10/2026", who="ben")
    assert "còn 1 ngày làm việc" in answer.out
    document = json.loads(
        shell("directive", "explain", "GS14-01", "--on", "2026-10-15", "--json", who="ben").out
    )
    assert document["on"] == "2026-10-15"
    assert [one["kind"] for one in document["obligations"]] == ["acknowledge", "deliver"]


def test_an_unknown_person_cannot_act(issued: World, shell: Shell) -> None:
    answer = shell("directive", "acknowledge", "GS14-01", who="nobody")
    assert answer.code == 3
    assert "nobody@lamgiang.example" in answer.err


def test_a_wrong_day_is_wrong_usage(issued: World, shell: Shell) -> None:
    answer = shell("directive", "explain", "GS14-01", "--on", "30/02/2026")
    assert answer.code == 2
    assert "10/10/2026" in answer.err


def test_a_draft_can_be_withdrawn_before_anybody_owed_anything(world: World, shell: Shell) -> None:
    shell("directive", "add", "GS14-09", "--supervision", "GS14", "--text", "Rà soát", who="ada")
    answer = shell("directive", "withdraw", "GS14-09", "--reason", "Trùng", "--yes", who="chi")
    assert answer.code == 0, answer.err
    assert state(shell, "GS14-09") == "withdrawn"
