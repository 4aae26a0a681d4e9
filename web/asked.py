"""What a list was asked for: the filter as it stands in an address. What it does not know is ignored."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from urllib.parse import urlencode

from web.form import parse_day
from workflow.errors import InputWrong
from workflow.standing import Standing
from workflow.store.filters import Clock, Filter
from workflow.store.orders import SORTS
from workflow.views.groups import MEMBERS, Group
from workflow.words import Texts, pair

PATH = "/nhiem-vu"
SILENCE = 120
WEEK = 7
PERIODS: dict[str, Texts] = {
    "week": pair("Tuần này", "This week"),
    "14": pair("14 ngày tới", "The next 14 days"),
    "30": pair("30 ngày tới", "The next 30 days"),
    "90": pair("90 ngày tới", "The next 90 days"),
}
CLOCKS: dict[Clock, Texts] = {
    Clock.DATED: pair("Có thời hạn", "Dated"),
    Clock.RECURRING: pair("Thường xuyên", "Recurring"),
    Clock.UNDATED: pair("Không ấn định thời hạn", "Without a date"),
}
VIEWS: tuple[tuple[str, Texts], ...] = (
    ("", pair("Tất cả", "All")),
    ("mine=1", pair("Của tôi", "Mine")),
    ("group=late", pair("Quá hạn", "Overdue")),
    ("due=week", pair("Đến hạn tuần này", "Due this week")),
    ("group=review", pair("Chờ duyệt", "Awaiting review")),
    ("silent=120", pair("Im lặng 120 ngày", "Silent for 120 days")),
)


@dataclass(frozen=True)
class Asked:
    """Every field is the word in the address, empty when it is not there or cannot be."""

    q: str = ""
    group: str = ""
    standing: str = ""
    state: str = ""
    agency: str = ""
    supervision: str = ""
    due: str = ""
    since: str = ""
    until: str = ""
    level: str = ""
    clock: str = ""
    mine: str = ""
    silent: str = ""
    sort: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        words = {one.name: given.get(one.name, "").replace("\x00", "").strip()[:100] for one in fields(cls)}
        allowed: dict[str, tuple[str, ...]] = {
            "group": tuple(Group), "standing": tuple(Standing), "due": tuple(PERIODS), "clock": tuple(Clock),
            "level": tuple("1234"), "mine": ("1",), "silent": (str(SILENCE),), "sort": SORTS[1:],
        }  # fmt: skip
        words |= {name: "" for name, known in allowed.items() if words[name] not in known}
        return cls(**words | {name: "" for name in ("since", "until") if not _is_day(words[name])})

    def filter(self, states: Mapping[str, Texts], today: date) -> Filter:
        first, last = self._days(today)
        return Filter(
            supervision=self.supervision or None,
            agency=self.agency or None,
            states=(self.state,) if self.state in states else (),
            standings=self._standings(),
            text=self.q or None,
            due_from=first,
            due_until=last,
            level=int(self.level) if self.level else None,
            clock=Clock(self.clock) if self.clock else None,
            mine=bool(self.mine),
            silent_days=SILENCE if self.silent else None,
        )

    def _days(self, today: date) -> tuple[date | None, date | None]:
        if self.due == "week":
            monday = today - timedelta(days=today.weekday())
            return monday, monday + timedelta(days=WEEK - 1)
        if self.due:
            return today, today + timedelta(days=int(self.due))
        return parse_day(self.since, "since"), parse_day(self.until, "until")

    def _standings(self) -> tuple[Standing, ...]:
        if self.standing:
            return (Standing(self.standing),)
        if self.group:
            return MEMBERS[Group(self.group)]
        return OPEN_ONES if self.due else ()

    @property
    def order(self) -> str:
        return self.sort or SORTS[0]

    @property
    def is_any(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self) if one.name != "sort")

    @property
    def more(self) -> bool:
        """Is any of the seldom used filters set?"""
        return bool(self.since or self.until or self.level or self.clock or self.supervision or self.state)

    def query(self, **changes: str | None) -> str:
        """The part after the question mark, changed in some points; a new order starts on the first page."""
        now = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: str(value) for name, value in {**now, **changes}.items() if value})

    def address(self, **changes: str | None) -> str:
        query = self.query(**changes)
        return f"{PATH}?{query}" if query else PATH

    def sorting(self, name: str) -> tuple[str, str]:
        """(address, aria-sort) of a header: a second click turns the order round."""
        if self.order == name:
            return self.address(sort=f"-{name}"), "ascending"
        turned = self.order == f"-{name}"
        return self.address(sort=None if name == SORTS[0] else name), "descending" if turned else "none"


OPEN_ONES = tuple(one for one in Standing if one not in (Standing.DONE, Standing.ENDED, Standing.DRAFT))


def _is_day(text: str) -> bool:
    try:
        return parse_day(text, "day") is not None
    except InputWrong:
        return False
