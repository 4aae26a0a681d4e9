"""Tết 2026 and the exchanged Saturday, counted on paper.

February 2026: Mon 9 – Fri 13 are worked; Mon 16 – Fri 20 are Tết (17/02 is the first day of the lunar
year); work resumes Mon 23. January 2026: Fri 2 is off in exchange for Sat 10, so the working days of the
first fortnight are 5, 6, 7, 8, 9, 10 (Saturday), 12, 13, 14, 15, 16.
"""

from datetime import date

from sqlalchemy import Engine

from config.database import reading
from tests.world import World
from workflow.simulate import simulate


def test_rungs_jump_over_tet_and_no_mail_goes_out_during_it(engine: Engine) -> None:
    """Due Wednesday 25/02. Backwards: 24 (-1), 23 (-2), then over Tết 13 (-3), 12 (-4), 11 (-5), … 4 (-10)."""
    world = World(engine, today=date(2026, 1, 12))
    world.issue("GS14-01", due=date(2026, 2, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 3, 4))
    assert world.told("ben") == [
        (date(2026, 2, 4), "reminder", -10),
        (date(2026, 2, 11), "reminder", -5),
        (date(2026, 2, 23), "reminder", -2),
        (date(2026, 2, 25), "due_today", 0),
        (date(2026, 2, 26), "overdue", 1),
        (date(2026, 3, 4), "escalation_copy", 2),  # 26, 27, 2, 3, 4: the fifth working day
    ]


def test_overdue_does_not_grow_during_tet(engine: Engine) -> None:
    """Due Friday 13/02: level 1 waits for Monday 23/02, level 2 comes on the fifth working day, 27/02."""
    world = World(engine, today=date(2026, 1, 12))
    world.issue("GS14-01", due=date(2026, 2, 13))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 2, 27))
    levels = [(night, step) for night, _, step in world.told("ben") if step and step > 0]
    assert levels == [(date(2026, 2, 23), 1), (date(2026, 2, 27), 2)]


def test_the_exchanged_saturday_is_a_working_day_and_friday_the_second_is_not(engine: Engine) -> None:
    """Issued Wed 31/12/2025, due Mon 12/01. Span: 5,6,7,8,9,10,12 = 7 working days, so only -2 and 0 remain.

    Two working days before the 12th: the 10th (Saturday, worked) is -1, the 9th is -2.
    Acknowledgement is due two working days after 31/12: 1/1 is New Year, 2/1 is off, so 5 and 6 January.
    """
    world = World(engine, today=date(2025, 12, 31))
    world.issue("GS14-01", due=date(2026, 1, 12))
    world.nights(until=date(2026, 1, 13))
    assert world.told("ben") == [
        (date(2026, 1, 6), "unacknowledged", 0),
        (date(2026, 1, 7), "unacknowledged", 1),
        (date(2026, 1, 9), "reminder", -2),
        (date(2026, 1, 12), "due_today", 0),
        (date(2026, 1, 13), "overdue", 1),
    ]


def test_a_level_due_on_the_exchanged_saturday_is_told_that_day(engine: Engine) -> None:
    """Due Friday 09/01: the next working day is Saturday 10/01."""
    world = World(engine, today=date(2025, 12, 15))
    world.issue("GS14-01", due=date(2026, 1, 9))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 1, 12))
    assert world.told("ben")[-1] == (date(2026, 1, 10), "overdue", 1)


def test_the_simulation_says_beforehand_what_the_nights_then_do(engine: Engine) -> None:
    world = World(engine, today=date(2026, 1, 12))
    world.issue("GS14-01", due=date(2026, 2, 13), coordinating=("syt",))
    world.issue("GS14-02", due=date(2026, 2, 25))
    with reading(engine) as db:
        foreseen = [
            (mail.night, mail.recipient.partition("@")[0], line.get("level", line.get("rung")))
            for _, mails in simulate(db, date(2026, 1, 13), date(2026, 3, 5))
            for mail in mails
            for line in mail.lines
        ]
    world.nights(until=date(2026, 3, 5))
    happened = [
        (night, who, step)
        for who in ("ada", "ben", "chi", "cleo", "duc", "hoa", "huy")
        for night, _, step in world.told(who)
    ]
    assert sorted(foreseen) == sorted(happened)
    assert len(happened) > 20
