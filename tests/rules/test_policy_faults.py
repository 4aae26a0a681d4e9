"""Each kind of wrong policy is refused with line, column, field, the bad value and a reason in both languages."""

from pathlib import Path

import pytest

from workflow.policy import PolicyInvalid, load_policy
from workflow.yaml_source import MAX_CHARACTERS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "policy.md"


def refusal_of(text: str) -> PolicyInvalid:
    with pytest.raises(PolicyInvalid) as refused:
        load_policy(text, "thử")
    return refused.value


def place_of(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


RUNG_30 = "{offset: -30, min_span: 91, kind: reminder, to: [owed_by.clerk]}"
LEVEL_2 = "{level: 2, after: 5, gap: 2, to: [owed_to.secretary], copy: [owed_by.clerk, owed_by.head]}"

# What stands in the file, what is written instead, the part that is wrong, its field, words of the reason.
ONE_FAULT = [
    ("cap: 500", "cap: 08", "08", "cap", "hệ tám"),
    ("cap: 500", "cap: 0x10", "0x10", "cap", "số nguyên"),
    ("cap: 500", "cap: 5.5", "5.5", "cap", "số nguyên"),
    ("cap: 500", "cap: 0", "0", "cap", "từ 1 đến 1000000"),
    ("cap: 500", "cap: 9" + "9" * 5000, "9999", "cap", "từ 1 đến 1000000"),
    ("cap: 500", "cap: [500]", "[500]", "cap", "số nguyên"),
    ("cap: 500", "cap: 500\ncapp: 500", "capp", "capp", "Không có khóa này"),
    ("cap: 500", "cap: 500\nzone: UTC", "zone: UTC", "zone", "đã có ở dòng 7"),
    ("deadline_law: true", "deadline_law: no", "no", "deadline_law", "true/false"),
    ("deadline_law: true", "deadline_law: maybe", "maybe", "deadline_law", "true hoặc false"),
    ("counting: working", "counting: no", "no", "counting", "đúng/sai"),
    ("counting: working", "counting: hours", "hours", "counting", "working, calendar"),
    ("en: Default policy", "en: No", "No", "title.en", "đúng/sai"),
    ("en: Default policy", "en: ''", "''", "title.en", "không rỗng"),
    ("Asia/Ho_Chi_Minh", "Asia/Saigon_City", "Asia/Saigon_City", "zone", "múi giờ"),
    ("Asia/Ho_Chi_Minh", "../../etc/passwd", "../../etc/passwd", "zone", "múi giờ"),
    ("Asia/Ho_Chi_Minh", "Asia", "Asia", "zone", "múi giờ"),
    ('"08:00"', '"25:00"', '"25:00"', "send_at", "HH:MM"),
    ('"08:00"', "480", "480", "send_at", "HH:MM"),
    ("review: 5", "review: -1", "-1", "terms.review", "từ 1"),
    ("weekday: monday", "weekday: thứ hai", "thứ hai", "weekly.weekday", "monday"),
    ("after_level: 4", "after_level: 5", "5", "weekly.after_level", "từ 1 đến 4"),
    (RUNG_30, RUNG_30.replace("[owed_by.clerk]", "[]"), "[]", "ladders.deliver.rungs[0].to", "rỗng"),
    (RUNG_30, RUNG_30.replace(", to: [owed_by.clerk]", ""), "{offset: -30", "ladders.deliver.rungs[0]", "Thiếu 'to'"),
    (RUNG_30, RUNG_30.replace("owed_by.clerk", "owed_by.boss"), "owed_by.boss",
     "ladders.deliver.rungs[0].to[0]", "owed_by.clerk, owed_by.deputy_head, owed_by.head, owed_to.secretary"),
    (RUNG_30, RUNG_30.replace("owed_by.clerk", "owed_by.chair"), "owed_by.chair",
     "ladders.deliver.rungs[0].to[0]", "Được phép"),
    (RUNG_30, RUNG_30.replace("[owed_by.clerk]", "[owed_by.clerk, owed_by.clerk]"), "owed_by.clerk]",
     "ladders.deliver.rungs[0].to[1]", "hai lần"),
    (RUNG_30, RUNG_30.replace("reminder", "nudge"), "nudge", "ladders.deliver.rungs[0].kind", "due_today"),
    (RUNG_30, RUNG_30.replace("-30, min_span: 91", "-10, min_span: 91"), "-10, min_span: 15",
     "ladders.deliver.rungs[1].offset", "từ xa đến gần"),
    (RUNG_30, RUNG_30.replace("-30", "-7"), "-10, min_span: 15",
     "ladders.deliver.rungs[1].offset", "mốc trước là -7"),
    ("{offset: -2, min_span: 5, kind: reminder, to: [owed_by.clerk]}\n      - {offset: 0, kind: due_today",
     "{offset: -2, min_span: 25, kind: reminder, to: [owed_by.clerk]}\n      - {offset: 0, kind: due_today",
     "25", "ladders.deliver.rungs[3].min_span", "không được đòi hỏi nhiều ngày hơn (25)"),
    (LEVEL_2, LEVEL_2.replace("gap: 2", "gap: -2"), "-2", "ladders.deliver.levels[1].gap", "từ 1"),
    (LEVEL_2, LEVEL_2.replace("gap: 2", "gap: 5"), "5, to", "ladders.deliver.levels[1].gap", "chỉ cách nhau 4"),
    (LEVEL_2, LEVEL_2.replace("after: 5", "after: 1"), "1, gap", "ladders.deliver.levels[1].after", "lớn hơn"),
    ("{level: 1, after: 1, to: [owed_by.clerk, owed_by.head]}", "{level: 2, after: 1, to: [owed_by.head]}",
     "2, after: 1", "ladders.deliver.levels[0].level", "phải là cấp 1"),
    ("clerk: [deputy_head, head]\n  deputy_head: [head]", "clerk: [deputy_head, head]\n  deputy_head: [clerk]",
     "[deputy_head, head]", "fallback.clerk", "vòng quanh"),
    ("deputy_head: [head]", "deputy_head: [secretary]", "secretary]\n", "fallback.deputy_head[0]", "clerk, deputy_head"),
    ("silence_days: 120     #", "silence_dayz: 120     #", "silence_dayz", "silence_dayz", "Không có khóa này"),
    ("zone: Asia/Ho_Chi_Minh", "zone: &z Asia/Ho_Chi_Minh", "&z", "", "neo"),
    ("zone: Asia/Ho_Chi_Minh", "zone: !!python/name:os.system x", "!!python", "", "thẻ kiểu"),
    ("cap: 500", "cap: [[[[[[[[[[[[[1]]]]]]]]]]]]]", "[[1]", "", "Lồng quá"),
    ("cap: 500", "cap: 500\n---\ncap: 1", "---", "", "một tài liệu"),
    ("cap: 500", "cap: [500", "due_soon", "", "Không đọc được YAML"),
    ("cap: 500", "cap: 5\x0000", "\x00", "", "ký tự không được phép"),
    ("cap: 500", "\tcap: 500", "\tcap", "", "phím Tab"),
    ("  review: 5", " \treview: 5", "\treview", "", "phím Tab"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "bad", "field", "word"), ONE_FAULT)
def test_a_fault_is_named_with_line_column_and_field(
    policy_text: str, old: str, new: str, bad: str, field: str, word: str
) -> None:
    assert old in policy_text
    text = policy_text.replace(old, new, 1)
    around = text.index(new)
    findings = [finding for finding in refusal_of(text).findings if word in finding.reason["vi"]]
    assert findings, refusal_of(text).text("vi")
    assert findings[0].field == field
    assert (findings[0].line, findings[0].column) == place_of(text, text.index(bad, around))
    assert findings[0].reason["en"]


def test_all_faults_of_a_file_come_together(policy_text: str) -> None:
    text = (
        policy_text.replace("cap: 500", "cap: 08")
        .replace("counting: working", "counting: no")
        .replace("owed_to.deputy_chair]\n", "owed_to.boss]\n")
        .replace("review: 5", "review: soon")
    )
    refused = refusal_of(text)
    assert {finding.field for finding in refused.findings} == {
        "cap", "counting", "terms.review",
        "ladders.deliver.levels[2].to[0]", "ladders.periodic.levels[2].to[0]",
    }  # fmt: skip
    assert [finding.line for finding in refused.findings] == sorted(f.line for f in refused.findings)


def test_the_refusal_reads_as_sentences_with_an_example(policy_text: str) -> None:
    refused = refusal_of(policy_text.replace("cap: 500", "cap: 08"))
    vietnamese, english = refused.text("vi"), refused.text("en")
    assert vietnamese.startswith("thử: có 1 lỗi, chưa áp dụng gì.")
    assert "dòng 11, cột 6, cap '08'" in vietnamese
    assert vietnamese.endswith("Ví dụ: 8")
    assert "line 11, column 6, cap '08'" in english
    assert refused.code == "policy_invalid"


def test_the_example_in_the_reference_is_what_is_really_said(policy_text: str) -> None:
    text = policy_text.replace("cap: 500", "cap: 08").replace("deadline_law: true", "deadline_law: no")
    with pytest.raises(PolicyInvalid) as refused:
        load_policy(text, "default")
    assert f"```\n{refused.value.text('vi')}\n```" in REFERENCE.read_text("utf-8")


def test_a_wrong_number_does_not_raise_follow_up_faults(policy_text: str) -> None:
    text = policy_text.replace("offset: -10, min_span: 15", "offset: 08, min_span: 15", 1)
    assert [finding.field for finding in refusal_of(text).findings] == ["ladders.deliver.rungs[1].offset"]


def test_a_missing_section_is_one_fault_and_not_many(policy_text: str) -> None:
    (finding,) = refusal_of(policy_text[: policy_text.index("ladders:")]).findings
    assert finding.reason["vi"] == "Thiếu 'ladders'."


def test_a_bomb_of_aliases_is_refused_before_anything_is_built() -> None:
    rows = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    refused = refusal_of("l0: &l0 [x]\n" + "\n".join(rows))
    assert {finding.reason["en"] for finding in refused.findings} == {
        "Anchors (&) and aliases (*) are not read here; write the value out."
    }


def test_ten_megabytes_are_refused_unread() -> None:
    (finding,) = refusal_of("a: 1\n" * 2_000_000).findings
    assert str(MAX_CHARACTERS) in finding.reason["vi"]


@pytest.mark.parametrize("text", ["", "   \n", "# chỉ có ghi chú\n"])
def test_an_empty_file_is_called_empty(text: str) -> None:
    (finding,) = refusal_of(text).findings
    assert finding.reason["vi"] == "Tệp rỗng."


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "12"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert refusal_of(text).findings[0].reason["en"] == "Expected key: value pairs here."


def test_thousands_of_open_brackets_end_quickly() -> None:
    assert refusal_of("a: " + "[" * 100_000).findings[0].reason["vi"].startswith("Lồng quá")
