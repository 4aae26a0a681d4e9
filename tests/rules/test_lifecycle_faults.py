"""Each way a lifecycle can be unsound is named with its line and field."""

import pytest

from workflow.findings import Finding
from workflow.lifecycle import LifecycleInvalid, load_lifecycle

SMALL = """\
title: {vi: Thử, en: Trial}
roles:
  chair: {vi: Trưởng đoàn, en: Chair}
  lead: {vi: Chủ trì, en: Lead}
states:
  draft: {phase: draft, vi: Dự thảo, en: Draft}
  issued: {phase: open, vi: Đã phát hành, en: Issued}
  paused: {phase: paused, vi: Tạm dừng, en: Paused}
  done: {phase: closed, vi: Xong, en: Done}
moves:
  - {move: issue, vi: Phát hành, en: Issue, from: [draft], to: issued, by: [chair], opens: [deliver]}
  - {move: pause, vi: Dừng, en: Pause, from: [issued], to: paused, by: [chair], pauses: [deliver]}
  - {move: resume, vi: Tiếp, en: Go on, from: [paused], to: previous, by: [chair], resumes: [deliver]}
  - {move: report, vi: Báo cáo, en: Report, from: [issued], to: done, by: [lead], discharges: [deliver]}
"""


def findings_of(text: str) -> list[Finding]:
    with pytest.raises(LifecycleInvalid) as refused:
        load_lifecycle(text, "thử")
    return refused.value.findings


def test_the_small_lifecycle_is_sound_before_it_is_broken() -> None:
    lifecycle = load_lifecycle(SMALL, "thử")
    assert [move.name for move in lifecycle.moves_from("issued")] == ["pause", "report"]
    assert lifecycle.targets(lifecycle.find("resume", "paused")) == {"paused": ("issued",)}


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "word"),
    [
        ("to: done", "to: finished", 14, "moves[3].to", "draft, issued, paused, done"),
        ("from: [issued], to: done", "from: [isued], to: done", 14, "moves[3].from[0]", "Được phép"),
        ("by: [lead]", "by: [secretary]", 14, "moves[3].by[0]", "chair, lead"),
        ("by: [lead]", "by: []", 14, "moves[3].by", "rỗng"),
        ("  lead: {vi: Chủ trì, en: Lead}", "  boss: {vi: Sếp, en: Boss}", 4, "roles.boss", "Không ai có vai"),
        ("discharges: [deliver]", "discharges: [delivery]", 14, "moves[3].discharges[0]", "acknowledge"),
        ("opens: [deliver]", "opens: [deliver], requires: [blood]", 11, "moves[0].requires[0]", "reason"),
        ("opens: [deliver]", "opens: [deliver], sets: [state]", 11, "moves[0].sets[0]", "due_on"),
        ("opens: [deliver]", "opens: [deliver], only: never", 11, "moves[0].only", "dated, rhythm"),
        ("opens: [deliver]", "opens: [deliver], answers: pause", 11, "moves[0].answers", "Được phép"),
        ("opens: [deliver]", "opens: [deliver], tells: [{kind: spam, to: [lead]}]", 11,
         "moves[0].tells[0].kind", "issued"),
        ("opens: [deliver]", "opens: [deliver], tells: [{kind: issued, to: [world]}]", 11,
         "moves[0].tells[0].to[0]", "coordinating"),
        ("opens: [deliver]", "opens: [deliver, review]", 11, "moves[0].opens", "Mở review"),
        ("resumes: [deliver]", "tells: []", 12, "moves[1].pauses", "Tạm dừng deliver"),
        ("discharges: [deliver]", "requires: [reason]", 11, "moves[0].opens", "Mở deliver"),
        ("phase: closed", "phase: over", 9, "states.done.phase", "draft, open, review, paused, closed"),
        ("phase: open", "phase: draft", 6, "states", "đang có 2"),
        ("  done: {phase: closed, vi: Xong, en: Done}", "  done: {phase: closed, vi: Xong, en: Done}\n"
         "  lost: {phase: open, vi: Lạc, en: Lost}", 10, "states.lost", "Không có đường nào từ 'draft' đến 'lost'"),
        ("to: previous", "to: paused", 8, "states.paused", "không có đường nào đến trạng thái kết thúc"),
        ("move: pause", "move: report", 14, "moves[3].move", "đã có cho trạng thái 'issued'"),
        ("  paused: {", "  same: {phase: open, vi: Như cũ, en: Same}\n  paused: {", 8, "states.same", "dành riêng"),
        ("by: [chair], opens", "opens", 11, "moves[0]", "Thiếu 'by'"),
        ("by: [chair], opens", "by: [chair], openz", 11, "moves[0].openz", "Không có khóa này"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_field(
    old: str, new: str, line: int, field: str, word: str
) -> None:
    assert old in SMALL
    found = findings_of(SMALL.replace(old, new, 1))
    matching = [finding for finding in found if word in finding.reason["vi"]]
    assert [(finding.line, finding.field) for finding in matching[:1]] == [(line, field)], found


def test_a_move_to_an_end_must_leave_nothing_running() -> None:
    drop = "  - {move: drop, vi: Bỏ, en: Drop, from: [issued], to: done, by: [chair]}\n"
    (finding,) = findings_of(SMALL + drop)
    assert (finding.line, finding.field) == (15, "moves[4].to")
    assert "deliver" in finding.reason["en"]


def test_faults_of_a_lifecycle_come_together() -> None:
    found = findings_of(SMALL.replace("to: done", "to: finished").replace("by: [lead]", "by: [god]"))
    assert [finding.field for finding in found] == ["moves[3].to", "moves[3].by[0]"]


def test_a_lifecycle_without_moves_is_refused() -> None:
    (finding,) = findings_of(SMALL[: SMALL.index("moves:")] + "moves: []\n")
    assert finding.field == "moves"
