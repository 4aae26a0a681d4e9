import json
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from workflow.calendar import WorkingCalendar
from workflow.ladder import ObligationKind, Position
from workflow.policy import Policy, from_document, load_policy, to_document

POLICIES = sorted((Path(__file__).parents[2] / "config" / "policies").glob("*.yaml"))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_we_ship_is_sound_and_survives_storing(path: Path) -> None:
    policy = load_policy(path.read_text("utf-8"), path.stem)
    stored = json.loads(json.dumps(to_document(policy)))
    assert from_document(stored) == policy
    assert from_document(stored).version == policy.version


def test_the_default_policy_says_what_the_house_agreed(policy: Policy) -> None:
    assert (policy.zone, policy.send_at, policy.sweep_at) == ("Asia/Ho_Chi_Minh", time(8), time(1, 30))
    terms = {"acknowledge": 2, "contribute_before": 3, "review": 5, "decide": 3, "extensions": 2}
    assert policy.terms == terms
    assert policy.deadline_law
    assert (policy.cap, policy.due_soon, policy.silence_days) == (500, 5, 120)
    assert policy.fallback[Position.CLERK] == (Position.DEPUTY_HEAD, Position.HEAD)
    assert (policy.weekly.weekday, policy.weekly.after_level) == (0, 4)
    assert [str(audience) for audience in policy.weekly.to] == ["owed_to.chair", "owed_by.head"]


def test_comments_and_order_do_not_change_the_version_but_a_value_does(
    policy: Policy, policy_text: str
) -> None:
    commented = load_policy("# ghi chú\n" + policy_text, "default")
    changed = load_policy(policy_text.replace("cap: 500", "cap: 501"), "default")
    assert commented.version == policy.version
    assert changed.version != policy.version


def test_two_policies_of_the_same_content_and_another_name_are_two_versions(policy: Policy) -> None:
    assert replace(policy, name="other").version != policy.version


def test_a_policy_counts_by_working_days_or_by_every_day(policy: Policy, vn: WorkingCalendar) -> None:
    assert policy.counted(vn) is vn
    assert replace(policy, counting="calendar").counted(vn) is vn.every_day


def test_a_delivery_of_a_rhythm_has_its_own_ladder(policy: Policy) -> None:
    assert policy.ladder(ObligationKind.DELIVER).name == "deliver"
    assert policy.ladder(ObligationKind.DELIVER, periodic=True).name == "periodic"
    assert policy.ladder(ObligationKind.REVIEW, periodic=True).name == "review"


def test_a_rung_never_needs_fewer_days_than_it_takes_to_fall_after_the_opening(policy_text: str) -> None:
    lowered = policy_text.replace("offset: -30, min_span: 91", "offset: -30, min_span: 20")
    rungs = load_policy(lowered, "default").ladders["deliver"].rungs
    assert [rung.min_span for rung in rungs] == [31, 15, 15, 5, 1]
