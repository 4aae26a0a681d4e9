"""Random calendars, ladders and outages, small enough to check every due date."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from workflow.calendar import WorkingCalendar
from workflow.ladder import Audience, Ladder, Level, Position, Rung, Side

FIRST = date(2026, 1, 1)
LENGTH = 300
LAST = FIRST + timedelta(days=LENGTH - 1)
CLERK = (Audience(Side.OWED_BY, Position.CLERK),)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def document(weekend: set[int], listed: dict[int, str]) -> dict[str, Any]:
    name = {"vi": "Ngày", "en": "Day"}
    return {
        "country": "VN",
        "first": FIRST.isoformat(),
        "last": LAST.isoformat(),
        "weekend": sorted(weekend),
        "confirmed_through": 2026,
        "days": [
            {"on": day(n).isoformat(), "kind": kind, "name": name, "source": "thử", "status": "in_law"}
            for n, kind in sorted(listed.items())
        ],
    }


KINDS = st.sampled_from(["holiday", "holiday", "exchanged_off", "exchanged_working"])
DOCUMENTS = st.builds(
    document,
    st.sets(st.integers(0, 6), max_size=3),
    st.dictionaries(st.integers(0, LENGTH - 1), KINDS, max_size=40),
)
CALENDARS = DOCUMENTS.map(WorkingCalendar.from_document)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    offsets = sorted(draw(st.sets(st.integers(-20, 8), min_size=1, max_size=6)))
    spans = sorted((draw(st.integers(0, 30)) for _ in offsets), reverse=True)
    rungs = [
        Rung(offset, max(span, 1 - offset), CLERK, "reminder")
        for offset, span in zip(offsets, spans, strict=True)
    ]
    return Ladder("deliver", tuple(rungs), draw(levels()))


@st.composite
def levels(draw: st.DrawFn) -> tuple[Level, ...]:
    found: list[Level] = []
    after = 0
    for number in range(1, draw(st.integers(1, 4)) + 1):
        step = draw(st.integers(1, 8))
        after += step
        found.append(Level(number, after, draw(st.integers(1, step)), CLERK, ()))
    return tuple(found)


@st.composite
def outages(draw: st.DrawFn) -> tuple[date, date]:
    """The days (since, until] that one sweep covers: usually one, after an outage many."""
    since = draw(st.integers(60, 180))
    return day(since), day(since + draw(st.integers(1, 40)))


DUE_DAYS = [day(n) for n in range(50, 230)]
