"""Acts: who may do what when, what it needs, and that a refusal leaves nothing behind."""

from datetime import date, timedelta
from importlib import resources

import pytest
from sqlalchemy import Engine

from config.database import reading, writing
from tests.world import World, at
from workflow import access
from workflow.desk import Desk
from workflow.drafts import Draft, draft_directive
from workflow.errors import (
    ChangedMeanwhile,
    InputMissing,
    InputWrong,
    MoveNotAllowed,
    NotFound,
    RoleNotAllowed,
)
from workflow.inputs import Evidence, Inputs
from workflow.lifecycle import load_lifecycle
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.extension import Extension, ExtensionStatus
from workflow.models.notice import Notice

TODAY = date(2026, 8, 20)
DUE = date(2026, 9, 25)
LIFECYCLE = load_lifecycle(
    resources.files("config").joinpath("lifecycles/directive.yaml").read_text(encoding="utf-8"), "directive"
)
ACTOR_OF = {
    "lead": "ben",
    "lead_head": "huy",
    "coordinating": "cleo",
    "secretary": "ada",
    "deputy_chair": "duc",
    "chair": "chi",
}
EVERYTHING = {
    "reason": "Lý do", "text": "Nội dung", "due_on": date(2026, 10, 9), "resume_on": date(2026, 10, 1),
    "lead": "syt", "evidence": (Evidence("Biên bản"),),
}  # fmt: skip
PATHS: dict[str, list[tuple[str, str]]] = {
    "issued": [],
    "acknowledged": [("ben", "acknowledge")],
    "in_progress": [("ben", "progress")],
    "reported": [("ben", "report")],
    "sent_back": [("ben", "report"), ("duc", "send_back")],
    "suspended": [("chi", "suspend")],
    "done": [("ben", "report"), ("duc", "accept")],
    "closed_not_done": [("chi", "close_not_done")],
    "withdrawn": [("chi", "withdraw")],
}


def brought_to(engine: Engine, state: str) -> World:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE, coordinating=("syt",))
    for who, move in PATHS[state]:
        world.move(who, "GS14-01", move, **given(move))
    assert the_directive(world).state == state
    return world


def given(move: str) -> dict[str, object]:
    """What the move requires and nothing that would change its meaning."""
    needs = {name for one in LIFECYCLE.moves if one.name == move for name in one.requires}
    words = {"note": "text", "result": "text", "progress": "text", "due_on_or_rhythm": "due_on"}
    inputs = {words.get(name, name): EVERYTHING[words.get(name, name)] for name in needs}
    return {**inputs, "due_on": date(2026, 9, 30)} if move == "send_back" else inputs


def the_directive(world: World) -> Directive:
    (directive,) = world.rows(Directive)
    return directive


@pytest.mark.parametrize("state", PATHS)
def test_every_move_is_made_or_refused_exactly_as_the_lifecycle_says(engine: Engine, state: str) -> None:
    world = brought_to(engine, state)
    allowed = {move.name for move in LIFECYCLE.moves_from(state)}
    for move in sorted({one.name for one in LIFECYCLE.moves} - allowed):
        with pytest.raises(MoveNotAllowed) as refusal:
            world.move("chi", "GS14-01", move, **given(move))
        assert LIFECYCLE.states[state].title["vi"] in refusal.value.text("vi")
    assert the_directive(world).state == state


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (state, move.name)
        for state in PATHS
        for move in LIFECYCLE.moves_from(state)
        if move.fits(has_rhythm=False) and not move.answers and move.name != "escalate"
    ],
)
def test_each_role_may_make_just_the_moves_the_lifecycle_gives_it(
    engine: Engine, state: str, move: str
) -> None:
    world = brought_to(engine, state)
    found = LIFECYCLE.find(move, state)
    strangers = [who for role, who in ACTOR_OF.items() if role not in found.by]
    if {"lead", "lead_head"} & set(found.by):
        strangers = [who for who in strangers if who not in ("ben", "huy")]
    for who in strangers:
        with pytest.raises(RoleNotAllowed):
            world.move(who, "GS14-01", move, **given(move))
    role = next(role for role in found.by if role in ACTOR_OF)
    expected = found.target(state, the_directive(world).state_before_pause)
    world.move(ACTOR_OF[role], "GS14-01", move, **given(move))
    assert the_directive(world).state == expected


@pytest.mark.parametrize(
    ("state", "move", "missing"),
    [
        ("issued", "dispute", "reason"),
        ("issued", "request_extension", "reason"),
        ("issued", "request_extension", "due_on"),
        ("issued", "report", "evidence"),
        ("reported", "send_back", "due_on"),
        ("issued", "withdraw", "reason"),
        ("done", "reopen", "due_on"),
    ],
)
def test_a_missing_input_is_named_and_nothing_happens(
    engine: Engine, state: str, move: str, missing: str
) -> None:
    world = brought_to(engine, state)
    events = len(world.rows(Event))
    inputs = {name: value for name, value in given(move).items() if name != missing}
    who = ACTOR_OF[next(role for role in LIFECYCLE.find(move, state).by if role in ACTOR_OF)]
    with pytest.raises(InputMissing) as refusal:
        world.move(who, "GS14-01", move, **inputs)
    assert refusal.value.facts["field"] == missing
    assert len(world.rows(Event)) == events


def test_a_stranger_cannot_tell_a_foreign_directive_from_none(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    with pytest.raises(NotFound) as foreign:
        world.move("cleo", "GS14-01", "acknowledge")
    with pytest.raises(NotFound) as absent:
        world.move("cleo", "GS14-99", "acknowledge")
    assert foreign.value.text("vi").replace("GS14-01", "GS14-99") == absent.value.text("vi")


def test_an_agency_does_not_see_a_draft(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    with writing(engine) as db:
        draft_directive(
            Desk(db, access.find_actor(db, "ada@lamgiang.example"), at(TODAY)),
            Draft("GS14-01", "GS14", "Việc", lead="sct", due_on=DUE),
        )
    with pytest.raises(NotFound):
        world.move("ben", "GS14-01", "acknowledge")


def test_saving_over_somebody_elses_change_is_refused_with_both_versions(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    seen = the_directive(world).version
    world.move("ben", "GS14-01", "acknowledge")
    with writing(engine) as db:
        desk = Desk(db, access.find_actor(db, "ben@lamgiang.example"), at(TODAY))
        with pytest.raises(ChangedMeanwhile) as refusal:
            desk.move("GS14-01", "progress", Inputs(text="Đang làm"), version=seen)
    assert (refusal.value.facts["yours"], refusal.value.facts["theirs"]) == (seen, seen + 1)


def test_an_extension_is_asked_before_the_due_day_is_over_and_for_a_later_day(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    ask = {"reason": "Mưa lũ", "text": "Một nửa"}
    with pytest.raises(InputWrong, match="later"):
        world.move("ben", "GS14-01", "request_extension", due_on=date(2026, 9, 24), **ask)
    world.today = DUE + timedelta(days=1)
    with pytest.raises(InputWrong, match="passed"):
        world.move("ben", "GS14-01", "request_extension", due_on=date(2026, 10, 9), **ask)
    world.today = DUE
    world.move("ben", "GS14-01", "request_extension", due_on=date(2026, 10, 9), **ask)
    assert the_directive(world).due_on == DUE  # asking moves nothing


def test_a_refused_extension_changes_no_date_and_is_kept(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    world.move("ben", "GS14-01", "request_extension", due_on=date(2026, 10, 9), reason="Mưa", text="Nửa")
    world.move("chi", "GS14-01", "refuse_extension", reason="Còn đủ thời gian")
    (asked,) = world.rows(Extension)
    assert (asked.status, asked.decision_reason) == (ExtensionStatus.REFUSED, "Còn đủ thời gian")
    assert {one.due_version for one in world.obligations()} == {1}
    with pytest.raises(MoveNotAllowed):
        world.move("chi", "GS14-01", "grant_extension", due_on=date(2026, 10, 9))


def test_extensions_end_where_the_policy_says(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    for due_on in (date(2026, 10, 9), date(2026, 10, 23)):
        world.move("ben", "GS14-01", "request_extension", due_on=due_on, reason="Mưa", text="Nửa")
        world.move("chi", "GS14-01", "grant_extension", due_on=due_on)
    assert (the_directive(world).extensions, the_directive(world).original_due_on) == (2, DUE)
    with pytest.raises(InputWrong, match="extended 2 times"):
        world.move("ben", "GS14-01", "request_extension", due_on=date(2026, 11, 6), reason="Mưa", text="Nửa")


def test_a_dispute_is_answered_by_taking_back_or_keeping(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    with pytest.raises(MoveNotAllowed):
        world.move("ada", "GS14-01", "keep", reason="Đúng thẩm quyền")
    world.move("ben", "GS14-01", "dispute", reason="Không thuộc thẩm quyền")
    world.move("ada", "GS14-01", "keep", reason="Đúng thẩm quyền")
    assert the_directive(world).state == "issued"
    world.move("ben", "GS14-01", "dispute", reason="Vẫn không thuộc")
    world.move("ada", "GS14-01", "return_to_issuer", reason="Giao cơ quan khác")
    assert the_directive(world).state == "draft"
    assert {one.status for one in world.obligations()} == {"met", "void"}


def test_reassigning_gives_the_new_lead_its_own_clock_and_tells_both(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    world.move("chi", "GS14-01", "reassign", lead="syt", reason="Đúng thẩm quyền hơn")
    running = [one for one in world.obligations() if one.status == "running"]
    assert {one.kind.value for one in running} == {"acknowledge", "deliver"}
    assert {one.owed_by_id for one in running} == {the_directive(world).lead_id}
    last = max(one.event_id for one in world.rows(Notice) if one.event_id)
    told = {one.kind for one in world.rows(Notice) if one.event_id == last}
    assert told == {"issued", "reassigned_or_withdrawn"}
    with pytest.raises(NotFound):
        world.move("ben", "GS14-01", "acknowledge")


def test_escalating_by_hand_raises_one_level_at_once_and_the_sweep_does_not_repeat_it(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    world.move("ben", "GS14-01", "acknowledge")
    with pytest.raises(InputWrong, match="not overdue"):
        world.move("ada", "GS14-01", "escalate", reason="Khẩn")
    world.nights(until=date(2026, 9, 29))
    world.move("ada", "GS14-01", "escalate", reason="Khẩn")
    world.deliver()
    world.nights(until=date(2026, 10, 2))
    level_two = [one for one in world.rows(Notice) if one.level == 2]
    assert {one.night_on for one in level_two} == {date(2026, 9, 29)}
    assert len(level_two) == 3


def test_every_act_leaves_who_when_from_to_and_why(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    world.issue("GS14-01", due=DUE)
    world.move("chi", "GS14-01", "withdraw", reason="Trùng với GS13-04")
    acts = [(one.act, one.actor, one.from_state, one.to_state, one.reason) for one in world.rows(Event)]
    assert acts == [
        ("draft", "Chi", None, "draft", None),
        ("issue", "Chi", "draft", "issued", None),
        ("withdraw", "Chi", "issued", "withdrawn", "Trùng với GS13-04"),
    ]


def test_folding_the_journal_gives_every_directives_state_and_date(engine: Engine) -> None:
    world = World(engine, today=TODAY)
    for code, path in (("GS14-01", PATHS["done"]), ("GS14-02", PATHS["suspended"]), ("GS14-03", [])):
        world.issue(code, due=DUE)
        for who, move in path:
            world.move(who, code, move, **given(move))
    folded: dict[int, tuple[str, date | None]] = {}
    for event in world.rows(Event):
        if event.directive_id is not None and event.to_state is not None:
            folded[event.directive_id] = (event.to_state, event.due_on)
    with reading(engine):
        stored = {one.id: (one.state, one.due_on) for one in world.rows(Directive)}
    assert folded == stored
