"""What a link opens, when it stops."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from config.database import writing
from tests.engine.links.linked import TODAY, acts, answer, link_for, opened
from tests.world import World
from workflow.errors import MoveNotAllowed
from workflow.links import ContactChanged, LinkExpired, LinkUnknown, NoLongerYours
from workflow.models.link import AnswerLink
from workflow.models.person import Membership, Person


def test_every_mail_about_the_same_carries_the_same_link(world: World) -> None:
    first = link_for(world, "ben", "GS14-01")
    assert link_for(world, "ben", "GS14-01") == first
    assert link_for(world, "ben", "GS14-01", "GS14-02") != first
    assert link_for(world, "huy", "GS14-01") != first
    assert len(world.rows(AnswerLink)) == 3


def test_the_database_holds_no_token(world: World) -> None:
    token = link_for(world, "ben", "GS14-01")
    (link,) = world.rows(AnswerLink)
    assert token not in str(link.model_dump())


def test_a_link_opens_its_own_directives_and_no_others(world: World) -> None:
    found = opened(world, link_for(world, "ben", "GS14-01"))
    assert [one.code for one in found.directives] == ["GS14-01"]
    assert [one.code for one in found.agencies] == ["sct"]
    with pytest.raises(LinkUnknown):
        found.directive("GS14-02")
    with pytest.raises(LinkUnknown):
        answer(world, link_for(world, "ben", "GS14-01"), "GS14-02", "acknowledge")
    assert acts(world, "GS14-02") == ["draft", "issue"]


@pytest.mark.parametrize("text", ["", "none", "a" * 26, "../../etc"])
def test_what_is_no_link_of_ours_is_unknown(world: World, text: str) -> None:
    with pytest.raises(LinkUnknown):
        opened(world, text)


def test_reassigning_ends_the_link_of_the_former_agency(world: World) -> None:
    token = link_for(world, "ben", "GS14-02")
    world.move("chi", "GS14-02", "reassign", lead="syt", reason="Đúng thẩm quyền.")
    with pytest.raises(NoLongerYours, match="GS14-02"):
        opened(world, token)
    with pytest.raises(NoLongerYours):
        answer(world, token, "GS14-02", "acknowledge", version=2)


def test_of_several_directives_the_link_keeps_those_that_are_left(world: World) -> None:
    token = link_for(world, "ben", "GS14-01", "GS14-02")
    world.move("chi", "GS14-02", "reassign", lead="syt", reason="Đúng thẩm quyền.")
    found = opened(world, token)
    assert [one.code for one in found.directives] == ["GS14-01"]
    assert [one.code for one in found.gone] == ["no_longer_yours"]


def test_closing_leaves_the_page_for_thirty_days_and_takes_no_answer(world: World) -> None:
    token = link_for(world, "ben", "GS14-02")
    world.report("GS14-02")
    world.move("chi", "GS14-02", "accept")
    with pytest.raises(MoveNotAllowed):
        answer(world, token, "GS14-02", "progress", text="Thêm.")
    assert opened(world, token, TODAY + timedelta(days=30)).directives[0].state == "done"
    with pytest.raises(LinkExpired, match="20/08/2026"):
        opened(world, token, TODAY + timedelta(days=31))


def test_a_directive_that_was_withdrawn_takes_no_answer(world: World) -> None:
    token = link_for(world, "ben", "GS14-02")
    world.move("chi", "GS14-02", "withdraw", reason="Không còn cần.")
    with pytest.raises(MoveNotAllowed):
        answer(world, token, "GS14-02", "acknowledge")


def test_a_corrected_address_ends_the_links_of_the_wrong_one(world: World) -> None:
    token = link_for(world, "ben", "GS14-01")
    with writing(world.engine) as db:
        db.scalars(select(Person).where(col(Person.name) == "Ben")).one().email = "ben2@lamgiang.example"
    with pytest.raises(ContactChanged):
        opened(world, token)


@pytest.mark.parametrize("leave", ["post", "account"])
def test_who_left_the_agency_answers_no_more(world: World, leave: str) -> None:
    token = link_for(world, "ben", "GS14-01")
    with writing(world.engine) as db:
        ben = db.scalars(select(Person).where(col(Person.name) == "Ben")).one()
        if leave == "post":
            db.delete(db.scalars(select(Membership).where(col(Membership.person_id) == ben.id)).one())
        else:
            ben.is_active = False
    with pytest.raises(ContactChanged):
        opened(world, token)
