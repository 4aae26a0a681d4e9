import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from config.instant import now, read_instant, real_now, set_now
from config.settings import Settings, SettingWrong

TET = datetime(2026, 2, 17, 1, 30, tzinfo=timezone(timedelta(hours=7)))


def settings(folder: Path, clock: Path | None = None) -> Settings:
    return Settings(home=folder, clock_file=clock)


def test_without_a_clock_file_it_is_as_late_as_it_is(tmp_path: Path) -> None:
    before = real_now()
    assert before <= now(settings(tmp_path)) <= real_now()
    assert before.tzinfo is UTC


def test_the_clock_file_says_what_time_it_is_for_the_product_only(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    set_now(clock, TET)
    assert now(settings(tmp_path, clock)) == TET
    assert now(settings(tmp_path, clock)).tzinfo is UTC
    assert real_now() > TET


@pytest.mark.parametrize("content", ["", "yesterday", "2026-02-17T01:30:00", "\xff"])
def test_an_instant_without_a_zone_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "clock").write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingWrong, match="DONDOC_CLOCK_FILE"):
        read_instant(tmp_path / "clock")


def test_a_missing_clock_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingWrong, match="DONDOC_CLOCK_FILE"):
        now(settings(tmp_path, tmp_path / "none"))


def test_a_reader_never_meets_half_an_instant(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    set_now(clock, TET)
    ended = threading.Event()

    def turn() -> None:
        for hours in range(2000):
            set_now(clock, TET + timedelta(hours=hours))
        ended.set()

    turning = threading.Thread(target=turn)
    turning.start()
    seen = {read_instant(clock)}
    while not ended.is_set():
        seen.add(read_instant(clock))
    turning.join()
    assert min(seen) >= TET
    assert list(tmp_path.iterdir()) == [clock]
