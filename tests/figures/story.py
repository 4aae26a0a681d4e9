"""A few weeks in the life of nine directives, one for nearly every cell, and what was said at each evening."""

from datetime import date

from tests.world import World

EVENINGS = (date(2026, 8, 20), date(2026, 9, 3), date(2026, 9, 18), date(2026, 10, 30), date(2027, 2, 10))


def first_day(world: World) -> None:
    world.issue("GS14-01", date(2026, 9, 1))
    world.issue("GS14-02", date(2026, 9, 1))
    world.issue("GS14-03", date(2026, 9, 16))
    world.issue("GS14-04", date(2026, 9, 4))
    world.issue("GS14-05", date(2026, 12, 25), coordinating=("syt",))
    world.issue("GS14-06", None, rhythm="FREQ=MONTHLY;BYMONTHDAY=25")
    world.issue("GS14-07", date(2026, 10, 20))
    world.issue("GS14-08", date(2026, 10, 21))
    world.issue("GS14-09", date(2026, 10, 22))


def second_evening(world: World) -> None:
    """01 on time; 03 asks for longer; 04 stays as it is."""
    world.today = date(2026, 8, 26)
    world.report("GS14-01")
    world.today = date(2026, 9, 3)
    world.move("chi", "GS14-01", "accept")
    world.move("ben", "GS14-03", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 16))
    world.move("chi", "GS14-03", "grant_extension", due_on=date(2026, 10, 16))


def third_evening(world: World) -> None:
    """02 late; 05 paused; 07 withdrawn; 08 closed without being done; 09 waits for review."""
    world.today = date(2026, 9, 10)
    world.report("GS14-02")
    world.move("chi", "GS14-02", "accept")
    world.today = date(2026, 9, 18)
    world.move("chi", "GS14-05", "suspend", reason="Chờ luật.", resume_on=date(2027, 3, 1))
    world.move("chi", "GS14-07", "withdraw", reason="Trùng.")
    world.move("chi", "GS14-08", "close_not_done", reason="Hết căn cứ.")
    world.report("GS14-09")


def fourth_evening(world: World) -> None:
    """03 done after its first date, before its second."""
    world.today = date(2026, 10, 12)
    world.report("GS14-03")
    world.move("chi", "GS14-03", "accept")
    world.today = date(2026, 10, 30)


def fifth_evening(world: World) -> None:
    world.today = EVENINGS[-1]


CHAPTERS = (first_day, second_evening, third_evening, fourth_evening, fifth_evening)
