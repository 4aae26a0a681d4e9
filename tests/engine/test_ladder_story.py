"""One silent agency climbs every level; the nights say exactly what the policy promises."""

from datetime import date

from sqlalchemy import Engine

from tests.world import World

# Issued Thursday 20/08/2026, due Friday 25/09/2026. Counted by hand on a 2026 calendar: Saturday 22/08 is
# worked for Monday 31/08 (off); 01/09 and 02/09 are the National Day.
BEN = [
    (date(2026, 8, 22), "unacknowledged", 0),  # +2 working days: Fri 21, Sat 22 (exchanged)
    (date(2026, 8, 24), "unacknowledged", 1),  # +1 more: Mon 24
    (date(2026, 9, 11), "reminder", -10),  # 24,23,22,21,18,17,16,15,14,11
    (date(2026, 9, 18), "reminder", -5),
    (date(2026, 9, 23), "reminder", -2),
    (date(2026, 9, 25), "due_today", 0),
    (date(2026, 9, 28), "overdue", 1),
    (date(2026, 10, 2), "escalation_copy", 2),
    (date(2026, 10, 9), "escalation_copy", 3),
    (date(2026, 10, 23), "escalation_copy", 4),
]


def test_a_silent_agency_is_reminded_then_climbs_every_level_in_order(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.nights(until=date(2026, 11, 2))
    assert world.told("ben") == BEN
    assert world.told("huy") == [
        (date(2026, 8, 24), "unacknowledged", 1),
        (date(2026, 9, 28), "escalation", 1),
        (date(2026, 10, 2), "escalation_copy", 2),
        (date(2026, 10, 9), "escalation_copy", 3),
        (date(2026, 10, 23), "escalation_copy", 4),
        (date(2026, 10, 26), "escalation", 4),  # from here on one line a week, on Mondays
        (date(2026, 11, 2), "escalation", 4),
    ]
    assert [step for _, _, step in world.told("ada")] == [1, 2, 3, 4]
    assert [(night, step) for night, _, step in world.told("duc")] == [
        (date(2026, 10, 9), 3),
        (date(2026, 10, 23), 4),
    ]
    assert world.told("chi")[0] == (date(2026, 10, 23), "escalation", 4)
    assert world.told("cleo") == []


def test_an_answer_in_time_ends_every_reminder(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 9, 21))
    world.report("GS14-01")
    world.nights(until=date(2026, 9, 30))
    assert [step for _, _, step in world.told("ben")] == [-10, -5]
    assert world.told("huy") == []
    assert [(night, kind) for night, kind, _ in world.told("ada")] == [
        (date(2026, 9, 28), "review_late")  # the report of Monday 21/09 waits five working days
    ]


def test_a_granted_extension_starts_the_ladder_anew_and_keeps_the_original_date(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 9, 22))
    world.move(
        "ben", "GS14-01", "request_extension", due_on=date(2026, 10, 9), reason="Mưa lũ", text="Xong một nửa"
    )
    world.move("chi", "GS14-01", "grant_extension", due_on=date(2026, 10, 9))
    world.nights(until=date(2026, 10, 12))
    assert [(night, step) for night, _, step in world.told("ben")] == [
        (date(2026, 9, 11), -10),
        (date(2026, 9, 18), -5),
        (date(2026, 10, 7), -2),  # 13 working days from the grant: the far rungs fall away
        (date(2026, 10, 9), 0),
        (date(2026, 10, 12), 1),
    ]
    (delivery,) = [one for one in world.obligations() if one.kind == "deliver"]
    assert (delivery.due_on, delivery.original_due_on) == (date(2026, 10, 9), date(2026, 9, 25))


def test_a_coordinating_agency_owes_its_part_three_days_before_the_lead(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25), coordinating=("syt",))
    (part,) = [one for one in world.obligations() if one.kind == "contribute"]
    assert part.due_on == date(2026, 9, 22)
    world.nights(until=date(2026, 9, 23))
    assert [(night, step) for night, _, step in world.told("cleo")] == [
        (date(2026, 9, 8), -10),
        (date(2026, 9, 15), -5),
        (date(2026, 9, 18), -2),
        (date(2026, 9, 22), 0),
        (date(2026, 9, 23), 1),
    ]


def test_suspension_keeps_the_unused_working_days(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 9, 18))
    world.move("chi", "GS14-01", "suspend", reason="Chờ quy hoạch", resume_on=date(2026, 10, 1))
    world.nights(until=date(2026, 10, 1))
    world.move("chi", "GS14-01", "resume")
    (delivery,) = [one for one in world.obligations() if one.kind == "deliver"]
    assert delivery.due_on == date(2026, 10, 8)  # five working days were left on 18/09: 2,5,6,7,8 October
    assert [step for _, _, step in world.told("ben")] == [-10, -5]


def test_a_rhythm_opens_one_period_after_the_other(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", rhythm="FREQ=MONTHLY;BYMONTHDAY=25")
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 10, 27))
    periods = [(one.opened_on, one.due_on) for one in world.obligations() if one.kind == "deliver"]
    assert periods == [
        (date(2026, 8, 20), date(2026, 8, 25)),
        (date(2026, 8, 25), date(2026, 9, 25)),
        (date(2026, 9, 25), date(2026, 10, 26)),  # 25/10 is a Sunday
        (date(2026, 10, 26), date(2026, 11, 25)),
    ]
