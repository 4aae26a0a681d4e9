"""The five counts of the overview: together they are every directive that was issued."""

from collections.abc import Mapping
from enum import StrEnum

from workflow.standing import Standing


class Group(StrEnum):
    LATE = "late"
    SOON = "soon"
    REVIEW = "review"
    IN_TIME = "in_time"
    DONE = "done"


MEMBERS: dict[Group, tuple[Standing, ...]] = {
    Group.LATE: (Standing.OVERDUE,),
    Group.SOON: (Standing.TODAY, Standing.SOON),
    Group.REVIEW: (Standing.WAITING,),
    Group.IN_TIME: (Standing.IN_TIME, Standing.UNDATED, Standing.PAUSED),
    Group.DONE: (Standing.DONE, Standing.ENDED),
}
OPEN = tuple(one for one in Standing if one not in (Standing.DRAFT, Standing.DONE, Standing.ENDED))


def grouped(counts: Mapping[Standing, int]) -> dict[Group, int]:
    """Drafts are nobody's duty yet and are left out."""
    return {group: sum(counts.get(one, 0) for one in members) for group, members in MEMBERS.items()}
