"""Forward (one obligation at a time) and backward (ranges of due dates) must be one rule."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.strategies import CALENDARS, DUE_DAYS, day, ladders, levels, outages
from workflow.calendar import WorkingCalendar
from workflow.ladder import Ladder, Level, Rung, earliest, limits, ranges, timetable

OUTAGES = outages()
SPANS = st.integers(0, 45)


def forward(
    ladder: Ladder, calendar: WorkingCalendar, due_on: date, span: int, since: date, until: date
) -> list[Rung]:
    """The rungs that fell into (since, until], nearest to the due date first."""
    steps = timetable(ladder, calendar, since, due_on, span)
    hit = [step for step in steps if step.rung and step.applies and since < step.on <= until]
    return [step.rung for step in sorted(hit, key=lambda step: -step.offset) if step.rung]


@settings(max_examples=400)
@given(ladders(), CALENDARS, OUTAGES, SPANS)
def test_both_readings_agree_for_every_due_date(
    ladder: Ladder, calendar: WorkingCalendar, outage: tuple[date, date], span: int
) -> None:
    since, until = outage
    found = ranges(ladder, calendar, since, until)
    for due_on in DUE_DAYS:
        rungs = forward(ladder, calendar, due_on, span, since, until)
        hits = [
            each for each in found if each.due_from <= due_on <= each.due_to and span >= each.rung.min_span
        ]
        assert [each.rung for each in hits if not each.merged] == rungs[:1]
        assert [each.rung for each in hits if each.merged] == rungs[1:]


@given(ladders(), CALENDARS, OUTAGES)
def test_an_obligation_is_reminded_by_one_rung_only(
    ladder: Ladder, calendar: WorkingCalendar, outage: tuple[date, date]
) -> None:
    own = [each for each in ranges(ladder, calendar, *outage) if not each.merged]
    for one in own:
        assert one.due_from <= one.due_to
        assert all(
            other is one or other.due_to < one.due_from or one.due_to < other.due_from for other in own
        )


@given(ladders(), CALENDARS, OUTAGES)
def test_night_after_night_finds_what_one_sweep_after_the_outage_finds(
    ladder: Ladder, calendar: WorkingCalendar, outage: tuple[date, date]
) -> None:
    since, until = outage
    nights = [since + timedelta(days=n) for n in range((until - since).days)]
    for due_on in DUE_DAYS[::7]:
        single = [
            each.rung.offset
            for night in nights
            for each in ranges(ladder, calendar, night, night + timedelta(days=1))
            if each.due_from <= due_on <= each.due_to
        ]
        at_once = [
            each.rung.offset
            for each in ranges(ladder, calendar, since, until)
            if each.due_from <= due_on <= each.due_to
        ]
        assert sorted(single) == sorted(at_once)


@given(ladders(), CALENDARS, st.integers(50, 120), st.integers(0, 60))
def test_a_rung_applies_only_after_the_day_of_opening(
    ladder: Ladder, calendar: WorkingCalendar, opened: int, length: int
) -> None:
    opened_on, due_on = day(opened), day(opened + length)
    steps = timetable(ladder, calendar, opened_on, due_on, calendar.count(opened_on, due_on))
    assert all(step.on > opened_on for step in steps if step.applies)
    assert all(step.reason for step in steps if not step.applies)
    assert [step.on for step in steps] == sorted(step.on for step in steps)


@given(levels(), CALENDARS, st.integers(60, 120), st.integers(0, 60), st.integers(0, 100))
def test_a_level_may_be_raised_from_its_earliest_night_on(
    found: tuple[Level, ...], calendar: WorkingCalendar, due: int, told: int, night: int
) -> None:
    ladder = Ladder("deliver", (), found)
    due_on, told_on, tonight = day(due), day(due + told), day(due + night)
    for limit in limits(ladder, calendar, tonight):
        may = due_on <= limit.due_until and (limit.told_until is None or told_on <= limit.told_until)
        assert may == (earliest(limit.level, calendar, due_on, told_on) <= tonight)


@given(levels(), CALENDARS, st.integers(60, 110), st.integers(0, 60))
def test_after_an_outage_levels_still_climb_one_at_a_time_with_their_gaps(
    found: tuple[Level, ...], calendar: WorkingCalendar, due: int, outage: int
) -> None:
    """Nobody swept for `outage` days; then every night again, each level settled the night it is raised."""
    ladder = Ladder("deliver", (), found)
    raised: list[date] = []
    for night in (day(n) for n in range(due + outage, 240)):
        for limit in limits(ladder, calendar, night):
            below_is_settled = limit.told_until is None or (raised and raised[-1] <= limit.told_until)
            if limit.level.level == len(raised) + 1 and day(due) <= limit.due_until and below_is_settled:
                raised.append(night)
                break
    assert len(raised) == len(found)
    for level, below, own in zip(found[1:], raised, raised[1:], strict=False):
        assert calendar.count(below, own) >= level.gap
