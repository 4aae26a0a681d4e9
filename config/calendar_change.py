"""Putting a calendar in force: published, and every open due date it moves journalled in the same transaction."""

from config.publishing import publish
from workflow import rulebook
from workflow.desk import Desk
from workflow.models.rule_version import RuleKind
from workflow.recalendar import Moved, move_dates, moved_dates

NAME = rulebook.DEFAULT[RuleKind.CALENDAR]


def put_in_force(desk: Desk, source: str, reason: str) -> list[Moved]:
    """What moved. Within a rehearsal it is the preview: nothing stays."""
    old = rulebook.active_calendar(desk.db)
    row = publish(desk, RuleKind.CALENDAR, source, NAME, reason)
    moved = moved_dates(desk.db, old, rulebook.calendar(desk.db, row.id), desk.today)
    move_dates(desk, moved, row.id, reason)
    return moved
