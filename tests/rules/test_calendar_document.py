import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from tests.rules.strategies import DOCUMENTS
from workflow.calendar import WorkingCalendar
from workflow.calendar_file import CalendarInvalid, load_source
from workflow.findings import Finding

GOOD = """\
country: VN
weekend: [saturday, sunday]
confirmed_through: 2026
days:
  - {day: 2026-01-02, kind: exchanged_off, vi: Nghỉ, en: Day off, source: Công văn, status: in_law}
"""


def findings_of(text: str) -> list[Finding]:
    with pytest.raises(CalendarInvalid) as refused:
        load_source(text, "vn")
    return refused.value.findings


@given(DOCUMENTS)
def test_a_stored_calendar_comes_back_the_same(document: dict[str, Any]) -> None:
    calendar = WorkingCalendar.from_document(document)
    again = WorkingCalendar.from_document(json.loads(json.dumps(calendar.to_document())))
    assert again.version == calendar.version
    assert again.days(again.first, again.last) == calendar.days(calendar.first, calendar.last)


def test_one_more_closed_day_makes_another_version(vn: WorkingCalendar, vn_document: dict[str, Any]) -> None:
    extra = {**vn_document["days"][0], "on": "2026-03-11"}
    changed = WorkingCalendar.from_document({**vn_document, "days": [*vn_document["days"], extra]})
    assert changed.version != vn.version
    assert vn.is_open(date(2026, 3, 11))
    assert not changed.is_open(date(2026, 3, 11))


def test_a_good_file_is_read_with_both_names() -> None:
    entry = load_source(GOOD, "vn")["days"][0]
    assert (entry["on"], entry["kind"]) == ("2026-01-02", "exchanged_off")
    assert entry["name"] == {"vi": "Nghỉ", "en": "Day off"}


@pytest.mark.parametrize(
    ("old", "new", "field", "word"),
    [
        ("2026-01-02", "2026-02-30", "days[0].day", "ngày có thật"),
        ("2026-01-02", "02/01/2026", "days[0].day", "ngày có thật"),
        ("exchanged_off", "exchanged_working", "days[0].kind", "không phải cuối tuần"),
        ("2026-01-02", "2026-01-03", "days[0].kind", "vốn đã nghỉ"),
        ("exchanged_off", "day_off", "days[0].kind", "holiday, exchanged_off, exchanged_working"),
        ("in_law", "maybe", "days[0].status", "in_law, announced, provisional"),
        ("sunday", "funday", "weekend[1]", "monday"),
        ("source: Công văn, ", "", "days[0]", "Thiếu 'source'"),
    ],
)
def test_a_wrong_day_is_named_with_its_place(old: str, new: str, field: str, word: str) -> None:
    assert old in GOOD
    (finding,) = findings_of(GOOD.replace(old, new))
    assert finding.field == field
    assert word in finding.reason["vi"]
    assert finding.line == (2 if field.startswith("weekend") else 5)


def test_the_same_day_twice_is_refused() -> None:
    (finding,) = findings_of(GOOD + GOOD.splitlines()[-1] + "\n")
    assert (finding.line, finding.field, finding.value) == (6, "days[1].day", "2026-01-02")
