"""Policies and lifecycles after their publication: chosen by scope, previewed, migrated, compared, supposed."""

import json
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.world import World, at
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.obligation import Obligation
from workflow.models.obligation_past import ObligationPast
from workflow.models.rule_version import RuleVersion


def shipped(name: str) -> str:
    return resources.files("config").joinpath(name).read_text(encoding="utf-8")


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    """One working day to acknowledge, and a reminder three days before instead of two."""
    text = shipped("policies/default.yaml").replace("acknowledge: 2 ", "acknowledge: 1 ")
    text = text.replace(
        "{offset: -2, min_span: 5, kind: reminder", "{offset: -3, min_span: 5, kind: reminder", 1
    )
    path = tmp_path / "khan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def pinned(world: World) -> dict[str, str]:
    names = {one.id: f"{one.name} {one.number}" for one in world.rows(RuleVersion)}
    return {one.code: names[one.policy_id] for one in world.rows(Directive) if one.policy_id}


def test_a_policy_is_chosen_by_supervision_urgency_and_programme(
    world: World, shell: Shell, quick: Path
) -> None:
    assert shell("policy", "publish", str(quick), "--name", "khan", "--yes", who="quan").code == 0
    assert shell("policy", "choose", "urgency", "express", "khan", who="quan").code == 0
    world.issue("GS14-01", date(2026, 10, 30))
    world.issue("GS14-02", date(2026, 10, 30), urgency="express")
    assert pinned(world) == {"GS14-01": "default 1", "GS14-02": "khan 1"}
    due = {one.directive_id: one.due_on for one in world.obligations() if one.kind == "acknowledge"}
    assert due == {1: date(2026, 8, 22), 2: date(2026, 8, 21)}
    shell("policy", "forget", "urgency", "express", who="quan")
    shell("policy", "choose", "programme", "CT 05", "khan", who="quan")
    world.issue("GS14-03", date(2026, 10, 30), urgency="express")
    shell("policy", "programme", "GS14", "CT 05", who="quan")
    world.issue("GS14-04", date(2026, 10, 30))
    shell("policy", "choose", "supervision", "GS14", "default", who="quan")
    world.issue("GS14-05", date(2026, 10, 30))
    assert [pinned(world)[f"GS14-0{n}"] for n in (3, 4, 5)] == ["default 1", "khan 1", "default 1"]
    listed = json.loads(shell("policy", "choices", "--json").out)
    assert {(one["scope"], one["value"], one["policy"]) for one in listed} == {
        ("programme", "CT 05", "khan"), ("supervision", "GS14", "default"),
    }  # fmt: skip


def test_only_an_administrator_chooses_and_only_what_exists(world: World, shell: Shell) -> None:
    for who in ("ben", "ada", "chi"):
        assert shell("policy", "choose", "supervision", "GS14", "default", who=who).code == 1
    assert shell("policy", "choose", "urgency", "hurry", "default", who="quan").code == 1
    assert "express" in shell("policy", "choose", "urgency", "hurry", "default", who="quan").err
    assert shell("policy", "choose", "supervision", "GS99", "default", who="quan").code == 3
    assert shell("policy", "choose", "supervision", "GS14", "none", who="quan").code == 3
    assert shell("policy", "forget", "supervision", "GS14", who="quan").code == 3


def test_running_directives_keep_their_policy_until_they_are_migrated(
    world: World, shell: Shell, quick: Path
) -> None:
    """Issued Thursday 20/08, due 30/10: the reminder of -2 (28/10) becomes -3 (27/10); acknowledgement was due
    Saturday 22/08 (worked for 31/08) and would be due Friday 21/08, which on the 20th still lies ahead."""
    for code in ("GS14-01", "GS14-02"):
        world.issue(code, date(2026, 10, 30))
    shell("policy", "publish", str(quick), "--yes", who="quan")
    seen = json.loads(shell("policy", "preview", f"@{quick}", "--json", who="quan").out)
    by_kind = {one["obligation"]: one for one in seen if one["directive"] == "GS14-01"}
    assert (by_kind["acknowledge"]["was_on"], by_kind["acknowledge"]["due_on"]) == (
        "2026-08-22",
        "2026-08-21",
    )
    assert by_kind["deliver"]["gone"] == [{"on": "2026-10-28", "step": "-2"}]
    assert by_kind["deliver"]["added"] == [{"on": "2026-10-27", "step": "-3"}]
    assert by_kind["deliver"]["due_on"] == "2026-10-30"
    assert set(pinned(world).values()) == {"default 1"}
    words = ("policy", "migrate", "2", "GS14-01", "--reason", "gấp hơn")
    assert "chưa ghi gì" in shell(*words, "--dry-run", who="quan").out
    assert set(pinned(world).values()) == {"default 1"}
    assert shell(*words, "--yes", who="ada").code == 1
    answer = shell(*words, "--yes", who="quan")
    assert answer.code == 0, answer.err
    assert pinned(world) == {"GS14-01": "default 2", "GS14-02": "default 1"}
    event = world.rows(Event)[-1]
    assert (event.act, event.reason, event.detail and event.detail["number"]) == (
        "policy.migrate",
        "gấp hơn",
        2,
    )
    assert {one.policy_id for one in world.rows(ObligationPast)} == {1}
    world.nights(until=date(2026, 10, 30))
    told = [(night, step) for night, kind, step in world.told("ben") if kind == "reminder"]
    assert (date(2026, 10, 27), -3) in told
    assert (date(2026, 10, 28), -2) in told


def test_the_nights_after_a_migration_are_what_the_auditor_expects(
    world: World, shell: Shell, quick: Path
) -> None:
    for code in ("GS14-01", "GS14-02"):
        world.issue(code, date(2026, 9, 11))
    world.nights(until=date(2026, 8, 28))
    shell.set_now(at(world.today))
    shell("policy", "publish", str(quick), "--yes", who="quan")
    shell("policy", "migrate", "2", "--from", "1", "--reason", "thử", "--yes", who="quan")
    world.nights(until=date(2026, 9, 15))
    finding = json.loads(shell("sweep", "audit", "--json", who="quan").out)
    assert finding["differences"] == []
    assert finding["steps"] >= 10
    assert shell("sweep", "audit", who="ben").code == 3


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    text = shipped("lifecycles/directive.yaml").replace("in_progress", "doing")
    path = tmp_path / "vong-doi.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_changed_lifecycle_is_compared_and_running_directives_move_with_a_mapping(
    world: World, shell: Shell, renamed: Path
) -> None:
    for code in ("GS14-01", "GS14-02"):
        world.issue(code, date(2026, 10, 30))
    world.move("ben", "GS14-01", "progress", text="Đang làm")
    shell("lifecycle", "publish", str(renamed), "--yes", who="quan")
    assert shell("lifecycle", "diff", "1", "1").out == "Không khác nhau.\n"
    changes = {one["field"] for one in json.loads(shell("lifecycle", "diff", "1", "2", "--json").out)}
    assert {"states.in_progress", "states.doing"} <= changes
    words = ("lifecycle", "migrate", "2", "--reason", "đổi tên", "--yes")
    refused = shell(*words, who="quan")
    assert refused.code == 1
    assert "in_progress" in refused.err
    wrong = shell(*words, "--map", "in_progress=done", who="quan")
    assert wrong.code == 1
    assert {one.state for one in world.rows(Directive)} == {"in_progress", "issued"}
    assert shell(*words, "--map", "in_progress=doing", who="ada").code == 1
    done = shell(*words, "--map", "in_progress=doing", who="quan")
    assert done.code == 0, done.err
    assert {one.code: one.state for one in world.rows(Directive)} == {"GS14-01": "doing", "GS14-02": "issued"}
    assert [one.act for one in world.rows(Event)][-2:] == ["lifecycle.migrate", "lifecycle.migrate"]
    world.report("GS14-01")
    assert world.rows(Directive)[0].state == "reported"


def test_simulations_are_held_against_another_policy(world: World, shell: Shell, quick: Path) -> None:
    world.issue("GS14-01", date(2026, 10, 30))
    world.move("ben", "GS14-01", "acknowledge")
    shell("policy", "publish", str(quick), "--name", "khan", "--yes", who="quan")
    words = ("simulate", "--from", "2026-10-26", "--to", "2026-10-30", "--against", "khan", "--json")
    found = json.loads(shell(*words, who="quan").out)
    assert [(one["night"], one["step"]) for one in found["only_a"]] == [("2026-10-28", "-2")]
    assert [(one["night"], one["step"]) for one in found["only_b"]] == [("2026-10-27", "-3")]
    assert found["a"]["mails"] == found["b"]["mails"] == 2
    assert json.loads(shell(*words, who="cleo").out)["a"]["mails"] == 0
    late = ("simulate", "--from", "2026-10-26", "--to", "2026-11-20", "--totals", "--json", "--assume")
    never, on_time = (json.loads(shell(*late, word, who="quan").out) for word in ("never", "on-time"))
    assert never["mails"] > on_time["mails"]
    assert shell(*late, "soon", who="quan").code == 2
    assert [one.status for one in world.rows(Obligation)] == ["met", "running"]
