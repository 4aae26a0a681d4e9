"""dondoc sweep: what a night would write, wrote and proved; the brake; who may see it."""

import json
from datetime import date

import pytest
from sqlmodel import select

from config import rules
from config.database import writing
from tests.cli.conftest import Shell
from tests.world import World, at
from workflow import rulebook
from workflow.models.event import Event
from workflow.models.message import MessageStatus
from workflow.models.rule_version import RuleKind
from workflow.models.sweep_run import SweepRun

DUE = date(2026, 9, 3)


@pytest.fixture
def late(world: World, shell: Shell) -> World:
    """Issued on 20 August; on Friday 4 September one is a working day late and one is due in two."""
    world.issue("GS14-01", due=DUE)
    world.issue("GS14-02", due=date(2026, 9, 8))
    world.move("ben", "GS14-01", "acknowledge")
    world.move("ben", "GS14-02", "acknowledge")
    world.nights(until=DUE)
    shell.set_now(at(date(2026, 9, 4), 1, 30))
    return world


def lines(out: str) -> list[tuple[str, str, str, str]]:
    return [
        (row["directive"], row["kind"], row["recipient"], row["status"]) for row in json.loads(out)["lines"]
    ]


def test_a_dry_run_and_the_real_run_show_the_same_rows(late: World, shell: Shell) -> None:
    rehearsed = shell("sweep", "run", "--dry-run")
    real = shell("sweep", "run")
    assert (rehearsed.code, real.code) == (0, 0)
    assert rehearsed.out == real.out
    assert [row[0:3] for row in real.rows()] == [
        ["GS14-01", "Báo cáo cấp 1", "Huy"],
        ["GS14-01", "Tổng hợp quá hạn", "Ben"],
        ["GS14-02", "Nhắc trước hạn", "Ben"],
    ]
    assert real.column(4) == [
        "quá hạn 1 ngày làm việc, lên cấp 1",
        "quá hạn 1 ngày làm việc, lên cấp 1",
        "còn 2 ngày làm việc, trùng mốc 2",
    ]


def test_a_dry_run_leaves_no_trace(late: World, shell: Shell) -> None:
    before = [late.rows(table) for table in (SweepRun, Event)], late.messages(), late.obligations()
    answer = shell("sweep", "run", "--dry-run")
    assert "Chạy thử: chưa ghi, chưa gửi gì." in answer.err
    assert before == ([late.rows(table) for table in (SweepRun, Event)], late.messages(), late.obligations())


def test_a_night_swept_twice_writes_nothing_the_second_time(late: World, shell: Shell) -> None:
    first, messages = shell("sweep", "run"), len(late.messages())
    second = shell("sweep", "run")
    assert (second.code, second.out) == (0, first.out)
    assert len(late.messages()) == messages


def test_a_future_night_is_refused_but_may_be_rehearsed(late: World, shell: Shell) -> None:
    refused = shell("sweep", "run", "--date", "08/09/2026")
    assert refused.code == 1
    assert "08/09/2026" in refused.err
    rehearsed = shell("sweep", "run", "--date", "2026-09-08", "--dry-run")
    assert rehearsed.code == 0
    assert "GS14-02" in rehearsed.column(0)


def test_tonight_is_the_night_that_has_not_been_swept(late: World, shell: Shell) -> None:
    tonight = shell("sweep", "tonight", "--json")
    assert json.loads(tonight.out)["night_on"] == "2026-09-04"
    shell("sweep", "run")
    assert json.loads(shell("sweep", "tonight", "--json").out)["night_on"] == "2026-09-05"


def test_unsent_lines_come_with_their_reason(world: World, shell: Shell) -> None:
    world.issue("GS14-01", due=date(2026, 10, 16))
    world.nights(until=date(2026, 9, 25))
    shell.set_now(at(date(2026, 10, 16), 1, 30))
    answer = shell("sweep", "run", "--all")
    reasons = {row[4] for row in answer.rows() if row[2] == "-"}
    assert "đã gộp vào mốc gần hạn hơn" in reasons


def test_every_open_obligation_is_either_told_or_has_a_reason_for_silence(late: World, shell: Shell) -> None:
    late.issue("GS14-03", due=date(2026, 10, 16))
    late.issue("GS14-04", due=date(2026, 10, 16))
    late.move("chi", "GS14-04", "suspend", reason="Thiên tai", resume_on=date(2026, 9, 30))
    document = json.loads(shell("sweep", "run", "--dry-run", "--all", "--json").out)
    silent = {(one["directive"], one["obligation"]): one["why"]["vi"] for one in document["quiet"]}
    assert silent == {
        ("GS14-03", "acknowledge"): "chưa đến: mốc +0 ngày 07/09/2026",
        ("GS14-03", "deliver"): "chưa đến: mốc -10 ngày 02/10/2026",
        ("GS14-04", "acknowledge"): "đang tạm dừng",
        ("GS14-04", "deliver"): "đang tạm dừng",
    }
    told = {(one["directive"], one["obligation"]) for one in document["lines"]}
    assert told.isdisjoint(silent)
    running = [one for one in late.obligations() if one.status.value in ("running", "paused")]
    assert len(told) + len(silent) == len(running)


def test_a_closed_day_is_its_own_reason(late: World, shell: Shell) -> None:
    answer = shell("sweep", "run", "--date", "05/09/2026", "--dry-run", "--all", "--json")
    document = json.loads(answer.out)
    assert (document["told"], document["lines"]) == (False, [])
    assert {one["why"]["vi"] for one in document["quiet"]} == {"ngày nghỉ: Ngày nghỉ cuối tuần"}


def test_the_certificate_says_open_equals_looked_at(late: World, shell: Shell) -> None:
    shell("sweep", "run")
    proof = json.loads(shell("sweep", "show", "2026-09-04", "--json").out)
    assert proof["open_count"] == proof["looked_at_count"] == 2
    assert proof["counts"]["deliver:level 1"] == 1
    assert proof["messages"] == {"pending": 2}
    assert [one["number"] for one in proof["policies"]] == [1]
    by_number = json.loads(shell("sweep", "show", str(proof["id"]), "--json").out)
    assert by_number == proof
    text = shell("sweep", "show", "04/09/2026").out
    assert "Đang mở = đã xét\t2 = 2" in text


def test_runs_lists_the_latest_night_first(late: World, shell: Shell) -> None:
    nights = [row["night_on"] for row in json.loads(shell("sweep", "runs", "--limit", "2", "--json").out)]
    assert nights == ["2026-09-03", "2026-09-02"]


def test_an_unknown_night_is_not_found(late: World, shell: Shell) -> None:
    assert shell("sweep", "show", "2026-12-01").code == 3
    assert shell("sweep", "show", "9999").code == 3
    assert shell("sweep", "show", "hôm qua").code == 2


def cap(world: World, number: int) -> None:
    with writing(world.engine) as db:
        source = rulebook.active(db, RuleKind.POLICY).source.replace("cap: 500", f"cap: {number}")
        rules.publish_policy(db, source, "default", at(world.today))


def test_over_the_cap_everything_is_held_until_somebody_lets_it_go(late: World, shell: Shell) -> None:
    cap(late, 1)
    stopped = shell("sweep", "run")
    assert stopped.code == 6
    assert "2 thư, mức trần 1" in stopped.err
    assert [one.status for one in late.messages()[-2:]] == [MessageStatus.HELD] * 2

    assert shell("sweep", "resume").code == 6
    assert shell("sweep", "resume", "--over-cap").code == 2  # nobody there to ask
    assert shell("sweep", "resume", "--over-cap", "--yes").code == 0
    assert [one.status for one in late.messages()[-2:]] == [MessageStatus.PENDING] * 2
    with writing(late.engine) as db:
        released = db.scalars(select(Event).where(Event.act == "sweep.release")).one()
    assert released.reason == "2026-09-04"
    assert shell("sweep", "resume").out == "Không có lượt nào đang bị giữ.\n"


def test_only_an_administrator_runs_a_sweep(late: World, shell: Shell) -> None:
    for who in ("ada", "ben"):
        refused = shell("sweep", "run", who=who)
        assert refused.code == 1
        assert "Quản trị" in refused.err
    assert shell("sweep", "run", who="quan").code == 0


def test_an_agency_may_not_see_certificates_and_a_delegation_may(late: World, shell: Shell) -> None:
    assert shell("sweep", "runs", who="ben").code == 3
    assert shell("sweep", "runs", who="ada").code == 0


def test_english_reasons(late: World, shell: Shell) -> None:
    answer = shell("--lang", "en", "sweep", "run", "--dry-run")
    assert answer.column(4)[-1] == "2 working days left, rung 2"
