"""A conclusion becomes directives: one for each instruction and lead, issued together."""

from datetime import date

import pytest
from sqlalchemy import Engine

from config.database import writing
from tests.world import World, at
from workflow import access, intake
from workflow.conclusions.intake import read_pasted
from workflow.desk import Desk
from workflow.errors import InputMissing, InputWrong, NotFound, RoleNotAllowed
from workflow.inputs import Inputs
from workflow.models.directive import Directive
from workflow.models.notice import Notice
from workflow.models.supervision import Conclusion, ConclusionState

TODAY = date(2026, 8, 21)
TEXT = """Số: 27/TB-ĐGS
Lam Giang, ngày 21 tháng 8 năm 2026

THÔNG BÁO
Kết luận của Trưởng Đoàn giám sát tại buổi làm việc về quản lý chợ

Ngày 20/8/2026, Đoàn giám sát làm việc với Sở Công Thương. Trưởng Đoàn giám sát Lê Thị Mận kết luận như sau:

1. Giao Sở Công Thương lập danh mục các chợ cần nâng cấp, báo cáo trước ngày 25/9/2026.

2. Giao Sở Y tế kiểm tra an toàn thực phẩm tại các chợ, hoàn thành trước ngày 30/9/2026.

3. Giao Sở Công Thương tăng cường tuyên truyền phòng cháy tại các chợ.
"""


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine, today=TODAY)


def do(world: World, who: str, act: object) -> object:
    with writing(world.engine) as db:
        desk = Desk(db, access.find_actor(db, f"{who}@lamgiang.example"), at(world.today))
        done = act(desk)  # type: ignore[operator]
        desk.finish()
        return done


def take_in(world: World) -> Conclusion:
    taken = do(world, "ada", lambda desk: intake.take_in(desk, "GS14", read_pasted(TEXT), "kl.txt"))
    assert isinstance(taken, Conclusion)
    return taken


def drafts(world: World) -> dict[str, Directive]:
    return {one.code: one for one in world.rows(Directive)}


def test_every_instruction_becomes_a_draft_tied_to_its_passage(world: World) -> None:
    taken = take_in(world)
    assert (taken.code, taken.issued_on, taken.number) == ("GS14-KL1", TODAY, "27/TB-ĐGS")
    found = drafts(world)
    assert list(found) == ["GS14-01", "GS14-02", "GS14-03"]
    assert found["GS14-01"].due_on == date(2026, 9, 25)
    assert found["GS14-03"].due_on is None
    for draft in found.values():
        assert draft.span_start is not None
        assert taken.text[draft.span_start : draft.span_end] == draft.quote


def test_the_same_text_is_not_taken_in_twice(world: World) -> None:
    take_in(world)
    with pytest.raises(InputWrong, match="GS14-KL1"):
        take_in(world)


def test_nothing_is_issued_while_a_date_is_missing_and_all_of_it_at_once_when_it_is_there(
    world: World,
) -> None:
    take_in(world)
    do(world, "ada", lambda desk: intake.submit(desk, "GS14-KL1"))
    with pytest.raises(InputMissing):
        do(world, "chi", lambda desk: intake.approve(desk, "GS14-KL1", reason="Việc thường xuyên"))
    assert {one.state for one in drafts(world).values()} == {"draft"}  # all or nothing
    do(
        world,
        "ada",
        lambda desk: desk.move("GS14-03", "drop", Inputs(reason="Việc thường xuyên, đã có kế hoạch")),
    )
    issued = do(
        world, "chi", lambda desk: intake.approve(desk, "GS14-KL1", reason="Sản phẩm nêu trong văn bản")
    )
    assert issued == ["GS14-01", "GS14-02"]
    assert {one.state for one in drafts(world).values()} == {"issued", "withdrawn"}
    assert len(world.messages()) == 2
    assert {one.kind for one in world.rows(Notice)} == {"issued"}
    (conclusion,) = world.rows(Conclusion)
    assert conclusion.state is ConclusionState.ISSUED


def test_a_secretary_cannot_approve_and_an_agency_cannot_see_it(world: World) -> None:
    take_in(world)
    do(world, "ada", lambda desk: desk.move("GS14-03", "drop", Inputs(reason="Bỏ")))
    do(world, "ada", lambda desk: intake.submit(desk, "GS14-KL1"))
    with pytest.raises(RoleNotAllowed):
        do(world, "ada", lambda desk: intake.approve(desk, "GS14-KL1", reason="x"))
    with pytest.raises(NotFound):
        do(world, "ben", lambda desk: intake.find(desk.db, desk.actor, "GS14-KL1"))
    with pytest.raises(RoleNotAllowed):
        do(world, "ben", lambda desk: intake.take_in(desk, "GS14", read_pasted(TEXT), "kl.txt"))


def test_drafts_are_split_and_merged_without_losing_a_code(world: World) -> None:
    take_in(world)
    do(world, "ada", lambda desk: intake.split(desk, "GS14-01", "Lập danh mục chợ", "Báo cáo kết quả"))
    do(world, "ada", lambda desk: intake.merge(desk, "GS14-02", "GS14-03"))
    found = drafts(world)
    assert [found[code].text for code in ("GS14-01", "GS14-04")] == ["Lập danh mục chợ", "Báo cáo kết quả"]
    assert found["GS14-04"].quote == found["GS14-01"].quote
    assert found["GS14-03"].state == "withdrawn"
    assert found["GS14-02"].span_end == max(found["GS14-03"].span_end or 0, 0)


def test_what_a_draft_lacks_is_named(world: World) -> None:
    take_in(world)
    lacking = {one.code: one.missing for one in intake.unclear(drafts(world).values())}
    assert "time" in lacking["GS14-03"]
    assert "time" not in lacking.get("GS14-01", ())


def test_withdrawing_drops_every_draft(world: World) -> None:
    take_in(world)
    do(world, "ada", lambda desk: intake.withdraw(desk, "GS14-KL1", "Nhập nhầm"))
    assert {one.state for one in drafts(world).values()} == {"withdrawn"}
    with pytest.raises(InputWrong):
        do(world, "chi", lambda desk: intake.approve(desk, "GS14-KL1"))
