"""A holiday decreed three days before, a year confirmed, days imported from an iCalendar file."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.world import World, at
from workflow.models.event import Event
from workflow.models.obligation import Obligation

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//thu//vi
BEGIN:VEVENT
UID:1@thu.example
DTSTART;VALUE=DATE:20270205
DTEND;VALUE=DATE:20270207
SUMMARY:Nghỉ thêm dịp Tết
DESCRIPTION:Công văn 100
END:VEVENT
BEGIN:VEVENT
UID:2@thu.example
DTSTART;VALUE=DATE:20270220
SUMMARY:Làm bù cho 05/02/2027
END:VEVENT
END:VCALENDAR
"""


def days(shell: Shell, year: int) -> dict[str, dict[str, str]]:
    return {row["on"]: row for row in json.loads(shell("calendar", "show", str(year), "--json").out)}


def test_a_holiday_decreed_three_days_before(world: World, shell: Shell) -> None:
    """Tuesday 13/10/2026: Friday 16/10 is decreed off. What falls on it by term moves to Monday 19/10 with its
    reason; the day the conclusion names stays, is told the day before, and is late from the next open day."""
    world.issue("GS14-01", date(2026, 10, 16), due_is_express=False)
    world.issue("GS14-02", date(2026, 10, 16), due_is_express=True)
    for code in ("GS14-01", "GS14-02"):
        world.move("ben", code, "acknowledge")
    world.nights(until=date(2026, 10, 13))
    shell.set_now(at(world.today))
    words = ("calendar", "add", "16/10/2026", "--vi", "Nghỉ bão", "--source", "Công điện 99")
    preview = shell(*words, "--dry-run", who="quan")
    assert preview.rows()[0][:4] == ["GS14-01", "Báo cáo kết quả", "16/10/2026", "19/10/2026"]
    assert "GS14-02" not in preview.out
    assert shell(*words, "--yes", who="quan").code == 0
    moves = [one for one in world.rows(Event) if one.act == "calendar.move"]
    assert [(one.reason, one.due_on) for one in moves] == [("Công điện 99", date(2026, 10, 19))]
    world.nights(until=date(2026, 10, 20))
    told = [(night, kind) for night, kind, _ in world.told("ben") if night > date(2026, 10, 13)]
    assert told == [
        (date(2026, 10, 14), "reminder"),  # GS14-01: Wednesday is two working days before Monday 19
        (date(2026, 10, 15), "due_today"),  # GS14-02: told on the last open day before the named Friday
        (date(2026, 10, 19), "overdue"),  # GS14-02
        (date(2026, 10, 19), "due_today"),  # GS14-01
        (date(2026, 10, 20), "overdue"),  # GS14-01
    ]
    assert date(2026, 10, 16) not in {night for night, _ in told}
    explained = shell("directive", "explain", "GS14-01", "--on", "2026-10-20", who="ben").out
    assert "lịch đổi ngày 13/10/2026: Công điện 99" in explained
    assert "Nghỉ bão" in explained
    assert json.loads(shell("sweep", "audit", "--json", who="quan").out)["differences"] == []


def test_days_of_an_icalendar_file_are_laid_over_the_calendar(
    world: World, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "nghi.ics"
    file.write_text(ICS, encoding="utf-8")
    answer = shell("calendar", "import", str(file), "--source", "Công văn 101", "--yes", who="quan")
    assert answer.code == 0, answer.err
    found = days(shell, 2027)
    assert [found[day]["kind"] for day in ("2027-02-05", "2027-02-06", "2027-02-20")] == [
        "holiday", "holiday", "exchanged_working",
    ]  # fmt: skip
    assert (found["2027-02-05"]["source"], found["2027-02-20"]["source"]) == ("Công văn 100", "Công văn 101")
    assert found["2027-02-05"]["status"] == "announced"
    shell("calendar", "remove", "20/02/2027", "--yes", who="quan")
    assert "2027-02-20" not in days(shell, 2027)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("DTSTART;VALUE=DATE:20270220", "DTSTART:20270220T080000", "cả ngày"),
        ("UID:2@thu.example", "RRULE:FREQ=YEARLY", "lặp lại"),
        ("SUMMARY:Nghỉ thêm dịp Tết\n", "", "tên"),
        ("DTEND;VALUE=DATE:20270207", "DTEND;VALUE=DATE:20990207", "quá lâu"),
    ],
)
def test_a_wrong_icalendar_file_says_why_and_changes_nothing(
    world: World, shell: Shell, tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "sai.ics"
    file.write_text(ICS.replace(old, new), encoding="utf-8")
    before = shell("calendar", "export").out
    answer = shell("calendar", "import", str(file), "--yes", who="quan")
    assert answer.code == 1
    assert said in answer.err
    assert shell("calendar", "export").out == before
    assert world.rows(Obligation) == []


def test_a_year_is_confirmed_by_the_administrator(world: World, shell: Shell) -> None:
    assert days(shell, 2027)["2027-02-08"]["status"] == "provisional"
    words = ("calendar", "confirm", "2027", "--source", "Công văn 55", "--yes")
    assert shell(*words, who="ada").code == 1
    assert shell(*words, who="quan").code == 0
    assert days(shell, 2027)["2027-02-08"]["status"] == "in_law"
    assert days(shell, 2028)["2028-01-26"]["status"] == "provisional"
