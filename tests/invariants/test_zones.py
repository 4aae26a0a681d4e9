"""I11: whatever daylight saving, missing days, leap days and a clock that jumps do, each local night is due once."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.settings import Settings
from tasks.nights import last_night_due

ZONES = (
    "Asia/Ho_Chi_Minh", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia",
    "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati",
)  # fmt: skip
HOURS = (time(0, 0), time(1, 30), time(2, 30), time(23, 45))
MISSING = {("Pacific/Apia", date(2011, 12, 30))}
"""Apia crossed the date line: that Friday never was."""


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("first", [date(2011, 10, 1), date(2026, 1, 1), date(2027, 12, 1)])
def test_each_local_night_is_due_exactly_once_in_every_zone(tmp_path: Path, zone: str, first: date) -> None:
    """Asked every quarter of an hour for 400 days, the night only ever moves on, by one day that exists."""
    for hour in HOURS:
        settings = Settings(home=tmp_path, timezone=ZoneInfo(zone), sweep_at=hour)
        moment = datetime.combine(first, time(), UTC)
        seen = [last_night_due(settings, moment + timedelta(minutes=15 * n)) for n in range(0, 400 * 96, 3)]
        nights = sorted(set(seen))
        days = {nights[0] + timedelta(days=n) for n in range((nights[-1] - nights[0]).days + 1)}
        assert {(zone, day) for day in days - set(nights)} <= MISSING
        backwards = [(a, b) for a, b in pairwise(seen) if b < a]
        assert all((a - b).days == 1 for a, b in backwards), backwards


@pytest.mark.parametrize(
    "jump", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]
)
def test_a_clock_that_jumps_names_a_night_it_has_named_before_or_the_next(
    tmp_path: Path, jump: timedelta
) -> None:
    settings = Settings(home=tmp_path)
    before = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)
    assert abs((last_night_due(settings, before + jump) - last_night_due(settings, before)).days) <= 1
