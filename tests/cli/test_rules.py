"""dondoc policy, lifecycle, calendar: versions, faults, and the due dates a new calendar moves."""

import json
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.world import World, at
from workflow.ladder import ObligationKind
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation
from workflow.models.rule_version import RuleVersion


def shipped(name: str) -> str:
    return resources.files("config").joinpath(name).read_text(encoding="utf-8")


@pytest.fixture
def policy_file(tmp_path: Path) -> Path:
    path = tmp_path / "chinh-sach.yaml"
    path.write_text(shipped("policies/default.yaml").replace("cap: 500", "cap: 40"), encoding="utf-8")
    return path


def versions(world: World) -> list[tuple[str, int, bool]]:
    return [(one.kind.value, one.number, one.is_active) for one in world.rows(RuleVersion)]


def test_a_policy_is_checked_published_and_compared(world: World, shell: Shell, policy_file: Path) -> None:
    assert shell("policy", "check", str(policy_file)).out.endswith("không có lỗi.\n")
    world.issue("GS14-01", due=date(2026, 12, 25))
    answer = shell("policy", "publish", str(policy_file), "--yes", who="quan")
    assert answer.code == 0, answer.err
    assert ["cap", "500", "40"] in answer.rows()
    listed = json.loads(shell("policy", "list", "--json").out)
    assert [(one["number"], one["active"], one["open_directives"]) for one in listed] == [
        (2, True, 0),
        (1, False, 1),
    ]
    assert json.loads(shell("policy", "diff", "1", "2", "--json").out) == [
        {"field": "cap", "before": 500, "after": 40}
    ]
    assert "cap: 40" in shell("policy", "show").out
    assert "cap: 500" in shell("policy", "show", "1").out
    assert shell("policy", "diff", "2", f"@{policy_file}").out == "Không khác nhau.\n"
    assert [event.act for event in world.rows(Event)][-1] == "policy.publish"


def test_publishing_the_same_file_twice_changes_nothing(
    world: World, shell: Shell, policy_file: Path
) -> None:
    shell("policy", "publish", str(policy_file), "--yes", who="quan")
    before = versions(world), len(world.rows(Event))
    again = shell("policy", "publish", str(policy_file), "--yes", who="quan")
    assert again.code == 0
    assert (versions(world), len(world.rows(Event))) == before


@pytest.mark.parametrize("noun", ["policy", "lifecycle"])
def test_a_wrong_file_lists_all_its_faults_and_the_old_version_stays(
    world: World, shell: Shell, tmp_path: Path, noun: str
) -> None:
    file = tmp_path / "sai.yaml"
    file.write_text("title: {vi: Sai, en: Wrong}\ncap: nhiều\n\tstates: x\n", encoding="utf-8")
    two = tmp_path / "hai.yaml"
    two.write_text("title: {vi: Sai, en: Wrong}\ncapp: 1\nmovs: []\n", encoding="utf-8")
    before = versions(world)
    for verb in ("check", "publish"):
        assert shell(noun, verb, str(file), who="quan").code == 2
    answer = shell(noun, "publish", str(two), "--yes", who="quan")
    assert answer.code == 2
    assert "dòng 2" in answer.err
    assert "dòng 3" in answer.err
    findings = json.loads(shell(noun, "check", str(two), "--json").out)["findings"]
    assert {"line", "field", "reason", "example"} <= findings[0].keys()
    assert versions(world) == before


def test_a_missing_file_is_wrong_usage(world: World, shell: Shell) -> None:
    for noun in ("policy", "lifecycle"):
        answer = shell(noun, "check", "khong-co.yaml")
        assert answer.code == 2
        assert "khong-co.yaml" in answer.err
    assert shell("calendar", "import", "khong-co.yaml").code == 2


def test_only_an_administrator_publishes(world: World, shell: Shell, policy_file: Path) -> None:
    before = versions(world)
    assert shell("policy", "publish", str(policy_file), "--yes", who="chi").code == 1
    assert shell("policy", "publish", str(policy_file)).code == 2  # nobody there to ask
    assert shell("policy", "publish", str(policy_file), "--dry-run").code == 0
    assert versions(world) == before


def test_an_unknown_version_is_not_found(world: World, shell: Shell) -> None:
    assert shell("policy", "show", "17").code == 3
    assert shell("policy", "diff", "1", "17").code == 3


def test_the_lifecycle_is_shown_as_a_table_and_as_a_diagram(world: World, shell: Shell) -> None:
    assert "acknowledge" in shell("lifecycle", "show").column(1)
    diagram = shell("lifecycle", "show", "--diagram").out
    assert diagram.startswith("stateDiagram-v2")
    assert 'state "Dự thảo" as draft' in diagram
    assert 'state "Draft" as draft' in shell("--lang", "en", "lifecycle", "show", "--diagram").out


def test_a_lifecycle_that_would_strand_drafts_is_refused(world: World, shell: Shell, tmp_path: Path) -> None:
    shell("directive", "add", "GS14-09", "--supervision", "GS14", "--text", "Rà soát", who="ada")
    file = tmp_path / "vong-doi.yaml"
    text = shipped("lifecycles/directive.yaml").replace("  draft: {", "  nhap: {").replace("[draft", "[nhap")
    file.write_text(text.replace("to: draft", "to: nhap"), encoding="utf-8")
    assert shell("lifecycle", "check", str(file)).code == 0
    answer = shell("lifecycle", "publish", str(file), "--yes", who="quan")
    assert answer.code == 1
    assert "draft" in answer.err


def test_a_year_shows_holidays_and_exchanged_days_with_their_source(world: World, shell: Shell) -> None:
    days = {row["on"]: row for row in json.loads(shell("calendar", "show", "2026", "--json").out)}
    assert (days["2026-01-02"]["kind"], days["2026-01-02"]["open"]) == ("exchanged_off", False)
    assert (days["2026-01-10"]["kind"], days["2026-01-10"]["open"]) == ("exchanged_working", True)
    assert days["2026-09-02"]["kind"] == "holiday"
    assert "12729/VPCP-KGVX" in days["2026-01-02"]["source"]
    assert "02/01/2026" in shell("calendar", "show", "2026").column(0)


def test_counting_passes_over_closed_days_and_takes_the_exchanged_saturday(
    world: World, shell: Shell
) -> None:
    # From Wednesday 31/12/2025: 1 Jan is a holiday, 2 Jan is given off; 5-9 Jan make five, Saturday 10 is the sixth.
    answer = shell("calendar", "count", "31/12/2025", "6")
    assert answer.out == "10/01/2026\n"
    assert "02/01" in answer.err
    assert json.loads(shell("calendar", "count", "2026-01-12", "-1", "--json").out)["to"] == "2026-01-10"
    assert shell("calendar", "count", "31/12/2039", "600").code == 2


def issue_three(world: World) -> None:
    """Due on Monday 12 October: computed, express, and one whose acknowledgement is due on Monday 24 August."""
    day = date(2026, 10, 12)
    world.issue("GS14-01", due=day, due_is_express=False)
    world.issue("GS14-02", due=day, due_is_express=True)


def due(world: World, code: str) -> date | None:
    return next(one.due_on for one in world.rows(Directive) if one.code == code)


HOLIDAY = ("calendar", "add", "12/10/2026", "--vi", "Nghỉ bão", "--en", "Storm", "--source", "Công điện 99")


def test_a_new_holiday_moves_computed_dates_and_never_express_ones(world: World, shell: Shell) -> None:
    issue_three(world)
    rehearsed = shell(*HOLIDAY, "--dry-run", who="quan")
    assert rehearsed.rows()[0] == ["GS14-01", "Báo cáo kết quả", "12/10/2026", "13/10/2026"]
    assert due(world, "GS14-01") == date(2026, 10, 12)

    assert shell(*HOLIDAY, who="quan").code == 2
    applied = shell(*HOLIDAY, "--yes", "--reason", "Bão số 9", who="quan")
    assert applied.code == 0, applied.err
    assert applied.out.startswith(rehearsed.out.splitlines()[0])
    assert (due(world, "GS14-01"), due(world, "GS14-02")) == (date(2026, 10, 13), date(2026, 10, 12))
    (delivery,) = [
        one
        for one in world.rows(Obligation)
        if one.due_on == date(2026, 10, 13) and one.kind is ObligationKind.DELIVER
    ]
    assert delivery.due_version == 2
    moves = [event for event in world.rows(Event) if event.act == "calendar.move"]
    assert [(event.reason, event.detail) for event in moves] == [
        ("Bão số 9", {"from": "2026-10-12", "to": "2026-10-13"})
    ]


def test_terms_follow_an_exchange_and_never_land_in_the_past(world: World, shell: Shell) -> None:
    # Issued on Thursday 20 August: Friday 21, then the exchanged Saturday 22 is the second working day.
    world.issue("GS14-01", due=date(2026, 12, 25))
    (acknowledge,) = [one for one in world.rows(Obligation) if one.kind is ObligationKind.ACKNOWLEDGE]
    assert acknowledge.due_on == date(2026, 8, 22)
    words = ("calendar", "add", "21/08/2026", "--vi", "Nghỉ", "--source", "Công điện 98", "--yes")
    assert shell(*words, who="quan").code == 0
    (moved,) = [one for one in world.rows(Obligation) if one.kind is ObligationKind.ACKNOWLEDGE]
    assert moved.due_on == date(2026, 8, 24)


def test_what_is_late_stays_late(world: World, shell: Shell) -> None:
    """Due on Friday 9 October, and on Saturday that Friday is declared a holiday: Monday would still lie ahead."""
    friday = date(2026, 10, 9)
    world.issue("GS14-01", due=friday, due_is_express=False)
    shell.set_now(at(date(2026, 10, 10)))
    words = ("calendar", "add", "09/10/2026", "--vi", "Nghỉ", "--source", "Công điện 97", "--yes")
    assert shell(*words, who="quan").code == 0
    assert due(world, "GS14-01") == friday


def test_a_swap_closes_one_day_and_opens_the_other(world: World, shell: Shell) -> None:
    words = ("calendar", "swap", "13/11/2026", "for", "14/11/2026", "--source", "Công văn 1", "--yes")
    assert shell(*words, who="quan").code == 0
    days = {row["on"]: row["kind"] for row in json.loads(shell("calendar", "show", "2026", "--json").out)}
    assert (days["2026-11-13"], days["2026-11-14"]) == ("exchanged_off", "exchanged_working")
    assert "2026-11-14" in shell("calendar", "export").out


def test_an_exchange_that_cannot_be_is_refused_with_its_place(world: World, shell: Shell) -> None:
    before = versions(world)
    words = ("calendar", "swap", "14/11/2026", "for", "13/11/2026", "--source", "Công văn 1", "--yes")
    answer = shell(*words, who="quan")
    assert answer.code == 2
    assert "cuối tuần" in answer.err
    assert versions(world) == before


def test_an_exported_calendar_comes_back_as_the_same_version(
    world: World, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "lich.yaml"
    file.write_text(shell("calendar", "export").out, encoding="utf-8")
    before = versions(world)
    assert shell("calendar", "import", str(file), "--yes", who="quan").code == 0
    assert versions(world) == before
