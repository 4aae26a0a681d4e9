"""Links the delegation makes, lists, takes back and sends again."""

import pytest

from config.database import writing
from tests.engine.links.linked import KEYS, TODAY, acts, answer, by, link_for, opened, renewed
from tests.world import World, at
from workflow import link_again, link_desk
from workflow.errors import NotFound, RoleNotAllowed
from workflow.links import LinkRevoked
from workflow.models.link import AnswerLink


def test_a_link_taken_back_is_dead_and_the_next_mail_brings_another(world: World) -> None:
    token = link_for(world, "ben", "GS14-01")
    by(world, "ada", lambda desk: link_desk.revoke(desk, world.rows(AnswerLink)[0].id))
    with pytest.raises(LinkRevoked, match="20/08/2026"):
        opened(world, token)
    with pytest.raises(LinkRevoked):
        answer(world, token, "GS14-01", "acknowledge")
    assert acts(world, "GS14-01")[-1] == "revoke_link"
    assert link_for(world, "ben", "GS14-01") != token


def test_taking_back_twice_is_one_act(world: World) -> None:
    link_for(world, "ben", "GS14-01")
    for _ in range(2):
        by(world, "ada", lambda desk: link_desk.revoke(desk, world.rows(AnswerLink)[0].id))
    assert acts(world, "GS14-01").count("revoke_link") == 1


@pytest.mark.parametrize("who", ["ben", "cleo"])
def test_an_agency_neither_makes_nor_revokes_links(world: World, who: str) -> None:
    link_for(world, "ben", "GS14-01")
    with pytest.raises(NotFound):
        by(world, who, lambda desk: link_desk.revoke(desk, world.rows(AnswerLink)[0].id))
    with pytest.raises(RoleNotAllowed):
        by(world, who, lambda desk: link_desk.make(desk, KEYS, "GS14-01"))


def test_a_link_made_by_hand_is_for_a_contact_that_takes_part(world: World) -> None:
    token, person = by(world, "ada", lambda desk: link_desk.make(desk, KEYS, "GS14-01"))
    assert person.name == "Ben"
    assert token == link_for(world, "ben", "GS14-01")
    assert acts(world, "GS14-01")[-1] == "make_link"
    _, cleo = by(world, "ada", lambda desk: link_desk.make(desk, KEYS, "GS14-01", "cleo@lamgiang.example"))
    assert cleo.name == "Cleo"
    with pytest.raises(NotFound):
        by(world, "ada", lambda desk: link_desk.make(desk, KEYS, "GS14-02", "cleo@lamgiang.example"))


def test_the_list_names_contact_agency_and_reach(world: World) -> None:
    link_for(world, "ben", "GS14-01", "GS14-02")
    (row,) = by(world, "ada", lambda desk: link_desk.of_directive(desk.db, desk.actor, "GS14-01"))
    assert (row.person.name, row.agency, row.count) == ("Ben", "Sở Công Thương", 2)


def test_links_outlive_a_rotation_as_long_as_the_old_key_is_known(world: World) -> None:
    old, new = KEYS[0], b"a new key of this installation, long enough"
    token = link_for(world, "ben", "GS14-01")
    assert link_for(world, "ben", "GS14-01", keys=(new, old)) == token
    fresh = link_for(world, "ben", "GS14-01", keys=(new,))
    assert fresh != token
    with pytest.raises(LinkRevoked):
        opened(world, token)
    assert opened(world, fresh).directives


def test_a_dead_link_is_renewed_for_what_is_still_open(world: World) -> None:
    token = link_for(world, "ben", "GS14-01", "GS14-02")
    world.move("chi", "GS14-02", "withdraw", reason="Không còn cần.")
    by(world, "ada", lambda desk: link_desk.revoke(desk, world.rows(AnswerLink)[0].id))
    again = renewed(world, token)
    assert (again.person.email, again.codes) == ("ben@lamgiang.example", ("GS14-01",))
    assert opened(world, again.token).directives[0].code == "GS14-01"


def test_nothing_is_renewed_when_nothing_is_left(world: World) -> None:
    token = link_for(world, "ben", "GS14-02")
    world.move("chi", "GS14-02", "reassign", lead="syt", reason="Đúng thẩm quyền.")
    assert renewed(world, token) is None


def test_a_known_contact_gets_a_link_to_all_that_is_open_and_others_get_nothing(world: World) -> None:
    with writing(world.engine) as db:
        found = link_again.all_of(db, KEYS, "ben@lamgiang.example", at(TODAY))
        assert found is not None
        assert found.codes == ("GS14-01", "GS14-02")
        assert link_again.all_of(db, KEYS, "nobody@lamgiang.example", at(TODAY)) is None
        assert link_again.all_of(db, KEYS, "ada@lamgiang.example", at(TODAY)) is None
