"""The default policy worked out on paper around Tết 2026 and the exchanged Saturday 10 January 2026."""

from datetime import date

import pytest

from workflow.calendar import WorkingCalendar
from workflow.ladder import Step, limits, ranges, timetable
from workflow.policy import Policy


def plan(policy: Policy, vn: WorkingCalendar, ladder: str, opened_on: date, due_on: date) -> list[Step]:
    span = vn.count(opened_on, due_on)
    return timetable(policy.ladders[ladder], policy.counted(vn), opened_on, due_on, span)


def test_a_directive_due_right_after_tet_is_reminded_before_the_holidays(
    policy: Policy, vn: WorkingCalendar
) -> None:
    """Opened Monday 5 January, due Tuesday 24 February 2026.

    Closed: 16-20 February (Tết) and weekends; open: Saturday 10 January.
    Span: 6-9/1 (4), 10/1 (5), 12-16/1 (10), 19-23/1 (15), 26-30/1 (20), 2-6/2 (25), 9-13/2 (30), 23-24/2 (32).
    Back from 24/2: 23/2 is -1, 13/2 is -2, 12 is -3, 11 is -4, 10/2 is -5, 9 -6, 6 -7, 5 -8, 4 -9, 3/2 is -10.
    On from 24/2: 25/2 is +1; 26, 27, 2/3 and 3/3 is +5; 4, 5, 6, 9 and 10/3 is +10; 11-13, 16-20, 23, 24/3 is +20.
    """
    opened_on, due_on = date(2026, 1, 5), date(2026, 2, 24)
    assert vn.count(opened_on, due_on) == 32
    steps = plan(policy, vn, "deliver", opened_on, due_on)
    assert [(step.offset, step.on) for step in steps if step.applies] == [
        (-10, date(2026, 2, 3)),
        (-5, date(2026, 2, 10)),
        (-2, date(2026, 2, 13)),
        (0, date(2026, 2, 24)),
        (1, date(2026, 2, 25)),
        (5, date(2026, 3, 3)),
        (10, date(2026, 3, 10)),
        (20, date(2026, 3, 24)),
    ]
    (far,) = [step for step in steps if not step.applies]
    assert far.offset == -30
    assert far.reason is not None
    assert "91" in far.reason["vi"]


def test_the_first_level_falls_on_the_exchanged_saturday(policy: Policy, vn: WorkingCalendar) -> None:
    """Due Friday 9 January 2026: the next working day is Saturday 10 January, worked for 2 January."""
    steps = plan(policy, vn, "deliver", date(2025, 12, 15), date(2026, 1, 9))
    (first,) = [step for step in steps if step.level and step.level.level == 1]
    assert first.on == date(2026, 1, 10)


def test_a_date_named_on_an_exchanged_day_off_is_reminded_the_year_before(
    policy: Policy, vn: WorkingCalendar
) -> None:
    """Due 2 January 2026, expressly: 1 and 2 January are closed, so "due today" is told on 31 December."""
    steps = plan(policy, vn, "deliver", date(2025, 11, 3), date(2026, 1, 2))
    told = {step.offset: step.on for step in steps if step.applies}
    assert told[0] == date(2025, 12, 31)
    assert told[-2] == date(2025, 12, 29)
    assert told[1] == date(2026, 1, 5)


def test_nothing_is_due_to_be_told_during_tet(policy: Policy, vn: WorkingCalendar) -> None:
    """From Saturday 14 to Sunday 22 February 2026 no rung falls, and no level is newly reached."""
    quiet = (date(2026, 2, 13), date(2026, 2, 22))
    for ladder in policy.ladders.values():
        assert ranges(ladder, vn, *quiet) == []
        before = [limit.due_until for limit in limits(ladder, vn, quiet[0])]
        assert [limit.due_until for limit in limits(ladder, vn, quiet[1])] == before


def test_the_same_days_count_when_the_policy_counts_calendar_days(
    policy: Policy, vn: WorkingCalendar
) -> None:
    quiet = (date(2026, 2, 13), date(2026, 2, 22))
    offsets = {each.rung.offset for each in ranges(policy.ladders["deliver"], vn.every_day, *quiet)}
    assert offsets == {-30, -10, -5, -2, 0}


@pytest.mark.parametrize(
    ("span", "offsets"),
    [
        (91, [-30, -10, -5, -2, 0]),
        (90, [-10, -5, -2, 0]),
        (15, [-10, -5, -2, 0]),
        (14, [-2, 0]),
        (5, [-2, 0]),
        (4, [0]),
        (1, [0]),
        (0, []),
    ],
)
def test_short_spans_drop_the_far_rungs(
    policy: Policy, vn: WorkingCalendar, span: int, offsets: list[int]
) -> None:
    due_on = date(2026, 6, 15)
    opened_on = vn.shift(due_on, -span)
    steps = plan(policy, vn, "deliver", opened_on, due_on)
    assert [step.offset for step in steps if step.rung and step.applies] == offsets


def test_three_missed_nights_send_the_nearest_reminder_and_merge_the_other(
    policy: Policy, vn: WorkingCalendar
) -> None:
    """Due Friday 16 October 2026: -5 is Friday 9, -2 is Wednesday 14. Nothing ran from the 9th to the 14th."""
    found = ranges(policy.ladders["deliver"], vn, date(2026, 10, 8), date(2026, 10, 14))
    due_on = date(2026, 10, 16)
    hits = [(each.rung.offset, each.merged) for each in found if each.due_from <= due_on <= each.due_to]
    assert hits == [(-2, False), (-5, True)]


def words(policy: Policy, ladder: str) -> list[tuple[int, str, str]]:
    found = policy.ladders[ladder]
    rungs = [(rung.offset, " ".join(map(str, rung.to)), rung.kind) for rung in found.rungs]
    return rungs + [
        (level.after, " ".join(map(str, level.to)), " ".join(map(str, level.copy))) for level in found.levels
    ]


LATE = [
    (1, "owed_by.clerk owed_by.head", ""),
    (5, "owed_to.secretary", "owed_by.clerk owed_by.head"),
    (10, "owed_to.deputy_chair", "owed_to.secretary owed_by.head owed_by.clerk"),
    (20, "owed_to.chair", "owed_to.deputy_chair owed_to.secretary owed_by.head owed_by.clerk"),
]
SUPERVISORS = "owed_by.deputy_chair owed_by.secretary"


@pytest.mark.parametrize(
    ("ladder", "told"),
    [
        ("deliver", [*((n, "owed_by.clerk", "reminder") for n in (-30, -10, -5, -2)),
                     (0, "owed_by.clerk", "due_today"), *LATE]),
        ("periodic", [(0, "owed_by.clerk", "due_today"), *LATE]),
        ("acknowledge", [(0, "owed_by.clerk", "unacknowledged"),
                         (1, "owed_by.head owed_to.secretary", "owed_by.clerk")]),
        ("contribute", [*((n, "owed_by.clerk", "reminder") for n in (-10, -5, -2)),
                        (0, "owed_by.clerk", "due_today"), (1, "owed_by.head", "owed_by.clerk owed_to.clerk")]),
        ("review", [(0, SUPERVISORS, "review_late"), (3, SUPERVISORS, "review_late")]),
        ("decide", [(0, SUPERVISORS, "decision_late"), (2, f"{SUPERVISORS} owed_by.chair", "decision_late")]),
    ],
)  # fmt: skip
def test_the_default_ladders_tell_whom_the_rules_of_the_house_name(
    policy: Policy, ladder: str, told: list[tuple[int, str, str]]
) -> None:
    assert words(policy, ladder) == told


def test_an_unacknowledged_directive_reaches_the_head_on_the_third_working_day(
    policy: Policy, vn: WorkingCalendar
) -> None:
    """Issued Thursday 16 April 2026; +2 is Monday 20, +3 is Tuesday 21."""
    issued_on = date(2026, 4, 16)
    due_on = vn.shift(issued_on, policy.terms["acknowledge"])
    steps = plan(policy, vn, "acknowledge", issued_on, due_on)
    assert [step.on for step in steps] == [date(2026, 4, 20), date(2026, 4, 21)]


def test_a_report_waiting_eight_working_days_is_the_second_call_to_the_reviewer(
    policy: Policy, vn: WorkingCalendar
) -> None:
    """Reported Friday 17 April 2026; 27 April is off for Giỗ Tổ, 30 April and 1 May are off.

    20, 21, 22, 23, 24 April are five; 28, 29 April and 4 May make eight.
    """
    reported_on = date(2026, 4, 17)
    due_on = vn.shift(reported_on, policy.terms["review"])
    steps = plan(policy, vn, "review", reported_on, due_on)
    assert [step.on for step in steps] == [date(2026, 4, 24), date(2026, 5, 4)]
