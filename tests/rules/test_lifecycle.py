from pathlib import Path

import pytest

from workflow.errors import MoveNotAllowed
from workflow.ladder import ObligationKind
from workflow.lifecycle import Lifecycle, load_lifecycle
from workflow.moves import Phase, Role

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "lifecycle.md"

OPEN = ("issued", "acknowledged", "in_progress", "sent_back")
ENDS = ("done", "closed_not_done", "withdrawn")
LEAVES = {
    **{(state, "reassign"): "issued" for state in OPEN},
    **{(state, "report"): "reported" for state in OPEN},
    **{(state, "suspend"): "suspended" for state in (*OPEN, "reported")},
    **{(state, "withdraw"): "withdrawn" for state in ("draft", *OPEN, "reported", "suspended")},
    **{(state, "close_not_done"): "closed_not_done" for state in (*OPEN, "reported", "suspended")},
    **{(state, "progress"): "in_progress" for state in OPEN[:3]},
    **{(state, "return_to_issuer"): "draft" for state in OPEN[:2]},
    **{(state, "reopen"): "in_progress" for state in ("done", "closed_not_done")},
    ("draft", "drop"): "withdrawn",
    ("draft", "issue"): "issued",
    ("issued", "acknowledge"): "acknowledged",
    ("reported", "accept"): "done",
    ("reported", "take_note"): "in_progress",
    ("reported", "send_back"): "sent_back",
}
STAYS = {
    ("draft", "correct"), ("sent_back", "progress"), ("reported", "report"),
    *((state, move) for state in OPEN[:2] for move in ("dispute", "keep")),
    *((state, move) for state in OPEN for move in (
        "contribute", "request_extension", "grant_extension", "refuse_extension", "escalate")),
}  # fmt: skip
MOVES = sorted({move for _, move in LEAVES} | {move for _, move in STAYS} | {"resume"})
STATES = ("draft", *OPEN, "reported", "suspended", *ENDS)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", STATES)
def test_every_pair_of_state_and_move_is_allowed_or_refused_as_agreed(
    lifecycle: Lifecycle, state: str, move: str
) -> None:
    if (state, move) in LEAVES:
        assert lifecycle.find(move, state).target(state) == LEAVES[state, move]
    elif (state, move) in STAYS:
        assert lifecycle.find(move, state).target(state) == state
    elif (state, move) == ("suspended", "resume"):
        assert lifecycle.find(move, state).target(state, "sent_back") == "sent_back"
    else:
        with pytest.raises(MoveNotAllowed):
            lifecycle.find(move, state)


def test_the_lifecycle_has_no_state_or_move_beyond_the_table(lifecycle: Lifecycle) -> None:
    assert tuple(sorted(lifecycle.states)) == tuple(sorted(STATES))
    assert sorted({move.name for move in lifecycle.moves}) == MOVES


def test_a_refused_move_says_where_the_directive_is_and_what_is_allowed(lifecycle: Lifecycle) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        lifecycle.find("accept", "draft", code="GS14-05")
    assert refused.value.text("vi") == (
        "Không thực hiện được 'Duyệt, kết thúc' với GS14-05: nhiệm vụ đang ở trạng thái 'Dự thảo'. "
        "Được phép: Sửa dự thảo (correct), Bỏ, không giao (drop), Phát hành (issue), Thu hồi (withdraw)."
    )
    assert "Allowed now: Correct (correct)" in refused.value.text("en")


def test_an_end_without_a_way_back_allows_nothing_and_says_so(lifecycle: Lifecycle) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        lifecycle.find("fly", "withdrawn")
    assert refused.value.text("vi").endswith("Được phép: không có.")
    assert "Cannot fly this directive" in str(refused.value)


def test_a_move_back_needs_the_state_before_the_pause(lifecycle: Lifecycle) -> None:
    with pytest.raises(ValueError, match="before the pause"):
        lifecycle.find("resume", "suspended").target("suspended")


def test_the_agency_never_decides_about_itself(lifecycle: Lifecycle) -> None:
    agency = {Role.LEAD, Role.LEAD_HEAD, Role.COORDINATING}
    decisions = ("accept", "send_back", "take_note", "grant_extension", "refuse_extension", "return_to_issuer",
                 "keep", "reassign", "suspend", "resume", "withdraw", "close_not_done", "reopen")  # fmt: skip
    for move in lifecycle.moves:
        if move.name in decisions:
            assert agency.isdisjoint(move.by), move.name


def test_only_the_chair_stops_a_directive(lifecycle: Lifecycle) -> None:
    for name, state in (("suspend", "issued"), ("withdraw", "issued"), ("close_not_done", "reported")):
        move = lifecycle.find(name, state)
        assert move.by == (Role.CHAIR,)
        assert "reason" in move.requires


def test_a_report_stops_the_agencys_clock_and_starts_the_reviewers(lifecycle: Lifecycle) -> None:
    move = lifecycle.find("report", "in_progress")
    assert move.opens == (ObligationKind.REVIEW,)
    assert {ObligationKind.DELIVER, ObligationKind.CONTRIBUTE} <= set(move.discharges)


@pytest.mark.parametrize("name", ["report", "progress", "dispute", "request_extension", "acknowledge"])
def test_any_first_act_of_the_lead_counts_as_acknowledgement(lifecycle: Lifecycle, name: str) -> None:
    assert ObligationKind.ACKNOWLEDGE in lifecycle.find(name, "issued").discharges


def test_a_pending_request_knows_which_moves_answer_it(lifecycle: Lifecycle) -> None:
    answers = {(move.answers, move.name) for move in lifecycle.moves if move.answers}
    assert answers == {
        ("dispute", "keep"),
        ("dispute", "return_to_issuer"),
        ("request_extension", "grant_extension"),
        ("request_extension", "refuse_extension"),
    }


def test_taking_note_is_for_rhythms_and_extensions_are_for_dates(lifecycle: Lifecycle) -> None:
    note, ask = lifecycle.find("take_note", "reported"), lifecycle.find("request_extension", "issued")
    assert note.fits(has_rhythm=True)
    assert not note.fits(has_rhythm=False)
    assert ask.fits(has_rhythm=False)
    assert not ask.fits(has_rhythm=True)
    assert lifecycle.find("accept", "reported").fits(has_rhythm=True)


def test_nothing_runs_on_after_the_end(lifecycle: Lifecycle) -> None:
    opened = {kind for move in lifecycle.moves for kind in move.opens}
    for move in lifecycle.moves:
        if move.to in ENDS:
            assert opened <= {*move.discharges, *move.voids}, move.name


def test_what_is_paused_is_resumed(lifecycle: Lifecycle) -> None:
    paused, resumed = lifecycle.find("suspend", "issued"), lifecycle.find("resume", "suspended")
    assert set(paused.pauses) == set(resumed.resumes) == set(ObligationKind)


def test_phases_follow_the_states(lifecycle: Lifecycle) -> None:
    assert lifecycle.initial.name == "draft"
    closed = {name for name, state in lifecycle.states.items() if state.phase is Phase.CLOSED}
    assert closed == set(ENDS)


def test_the_version_changes_with_the_content_only(lifecycle: Lifecycle, lifecycle_text: str) -> None:
    assert load_lifecycle(lifecycle_text + "# ghi chú\n", "directive").version == lifecycle.version
    changed = lifecycle_text.replace("vi: Thu hồi, en: Withdrawn", "vi: Rút lại, en: Withdrawn")
    assert load_lifecycle(changed, "directive").version != lifecycle.version


@pytest.mark.parametrize(("marker", "locale"), [("diagram-vi", "vi"), ("diagram-en", "en")])
def test_the_diagrams_of_the_reference_are_those_of_the_file(
    lifecycle: Lifecycle, marker: str, locale: str
) -> None:
    shown = between(REFERENCE.read_text("utf-8"), marker)
    assert shown == f"```mermaid\n{lifecycle.diagram(locale)}```\n"


@pytest.mark.parametrize(("marker", "locale"), [("moves-vi", "vi"), ("moves-en", "en")])
def test_the_tables_of_the_reference_are_those_of_the_file(
    lifecycle: Lifecycle, marker: str, locale: str
) -> None:
    assert between(REFERENCE.read_text("utf-8"), marker) == lifecycle.table(locale)


def between(text: str, marker: str) -> str:
    start = f"<!-- {marker}: generated -->\n"
    return text[text.index(start) + len(start) : text.index(f"<!-- end {marker} -->")]
