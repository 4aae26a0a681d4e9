"""Links by which agencies answer: what each opens, when it stops, what it does once."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import writing
from tests.world import World, at
from workflow import access, link_again, link_answers, link_codes, link_desk, links
from workflow.desk import Desk
from workflow.errors import InputWrong, MoveNotAllowed, NotFound, RoleNotAllowed
from workflow.inputs import Evidence, Inputs
from workflow.link_answers import AnsweredOtherwise, CodeNeeded, DateMoved, NotSigned, Said, Signature
from workflow.links import ContactChanged, LinkExpired, LinkRevoked, LinkUnknown, NoLongerYours, Opened
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.link import AnswerLink, LinkAnswer
from workflow.models.notice import Notice
from workflow.models.organization import Organization
from workflow.models.person import Membership, Person

TODAY = date(2026, 8, 20)
KEYS = (b"the key of this installation, long enough",)
AN = Signature("Nguyễn Văn An", "Chuyên viên, Phòng Khoáng sản")


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine, TODAY)
    world.issue("GS14-01", date(2026, 9, 30), coordinating=("syt",))
    world.issue("GS14-02", date(2026, 10, 30))
    return world


def link_for(world: World, who: str, *codes: str, keys: tuple[bytes, ...] = KEYS) -> str:
    """The token a mail to this contact about these directives carries."""
    with writing(world.engine) as db:
        person = db.scalars(select(Person).where(col(Person.email) == f"{who}@lamgiang.example")).one()
        post = db.scalars(select(Membership).where(col(Membership.person_id) == person.id)).one()
        found = db.scalars(select(Directive).where(col(Directive.code).in_(codes))).all()
        wanted = links.wanted_for(person, post.organization_id, found)
        return links.tokens(db, keys, [wanted], at(world.today))[wanted.scope]


def opened(world: World, token: str, today: date | None = None) -> Opened:
    with writing(world.engine) as db:
        return links.open_link(db, links.find(db, token), today or world.today)


def answer(
    world: World, token: str, code: str, move: str, key: str = "k1", *, version: int = 1, by: Signature = AN, **given: Any
) -> LinkAnswer:  # fmt: skip
    with writing(world.engine) as db:
        said = [Said(code, move, version, Inputs(**given))]
        return link_answers.answer(db, token, key, by, said, at(world.today))


def state(world: World, code: str) -> str:
    return next(one.state for one in world.rows(Directive) if one.code == code)


def acts(world: World, code: str) -> list[str]:
    ids = {one.code: one.id for one in world.rows(Directive)}
    return [one.act for one in world.rows(Event) if one.directive_id == ids[code]]


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


def test_an_answer_is_an_act_of_the_lead_signed_by_its_author(world: World) -> None:
    token = link_for(world, "ben", "GS14-01")
    answer(world, token, "GS14-01", "acknowledge")
    event = world.rows(Event)[-1]
    assert (event.act, event.actor) == ("acknowledge", "Nguyễn Văn An, Chuyên viên, Phòng Khoáng sản")
    assert state(world, "GS14-01") == "acknowledged"
    link = next(one for one in world.rows(AnswerLink))
    assert (link.name, link.post) == (AN.name, AN.post)


def test_the_receipt_goes_to_the_registered_address_of_the_link(world: World) -> None:
    answer(world, link_for(world, "ben", "GS14-01"), "GS14-01", "acknowledge")
    notice = world.rows(Notice)[-1]
    names = {one.id: one.name for one in world.rows(Person)}
    bodies = {one.id: one.code for one in world.rows(Organization)}
    assert (notice.kind, names[notice.person_id or 0], bodies[notice.organization_id or 0]) == (
        "receipt",
        "Ben",
        "sct",
    )


def test_a_coordinating_agency_may_only_contribute(world: World) -> None:
    token = link_for(world, "cleo", "GS14-01")
    with pytest.raises(RoleNotAllowed):
        answer(world, token, "GS14-01", "acknowledge")
    answer(world, token, "GS14-01", "contribute", "k2", text="Phần của Sở Y tế.")
    assert acts(world, "GS14-01")[-1] == "contribute"


def test_the_same_form_twice_is_one_answer(world: World) -> None:
    token = link_for(world, "ben", "GS14-01")
    first = answer(world, token, "GS14-01", "progress", text="Đang rà soát.")
    again = answer(world, token, "GS14-01", "progress", text="Đang rà soát.")
    assert again.id == first.id
    assert acts(world, "GS14-01").count("progress") == 1


def test_the_same_form_with_other_words_is_told_and_changes_nothing(world: World) -> None:
    token = link_for(world, "ben", "GS14-01")
    answer(world, token, "GS14-01", "progress", text="Đang rà soát.")
    with pytest.raises(AnsweredOtherwise, match="09:00"):
        answer(world, token, "GS14-01", "progress", text="Xong một nửa.")
    assert acts(world, "GS14-01").count("progress") == 1


def test_the_key_of_one_link_gives_nothing_through_another(world: World) -> None:
    answer(world, link_for(world, "ben", "GS14-01"), "GS14-01", "progress", text="Đang rà soát.")
    with pytest.raises(LinkUnknown):
        answer(world, link_for(world, "huy", "GS14-01"), "GS14-01", "progress", text="Đang rà soát.")


def test_a_later_answer_stands_beside_the_earlier_one(world: World) -> None:
    token, proof = link_for(world, "ben", "GS14-01"), (Evidence("Biên bản"),)
    answer(world, token, "GS14-01", "report", "k1", text="Lần một.", evidence=proof)
    answer(world, token, "GS14-01", "report", "k2", text="Lần hai.", evidence=proof)
    assert acts(world, "GS14-01")[-2:] == ["report", "report"]


@pytest.mark.parametrize("by", [Signature("", "Chuyên viên"), Signature("An", "  ")])
def test_an_answer_without_an_author_is_refused(world: World, by: Signature) -> None:
    with pytest.raises(NotSigned):
        answer(world, link_for(world, "ben", "GS14-01"), "GS14-01", "acknowledge", by=by)
    assert state(world, "GS14-01") == "issued"


def test_a_name_longer_than_a_name_is_refused(world: World) -> None:
    with pytest.raises(InputWrong):
        answer(
            world, link_for(world, "ben", "GS14-01"), "GS14-01", "acknowledge", by=Signature("a" * 101, "b")
        )


def test_receipt_of_several_is_all_or_nothing(world: World) -> None:
    token = link_for(world, "ben", "GS14-01", "GS14-02")
    world.move("ben", "GS14-02", "acknowledge")
    both = [Said(code, "acknowledge", 1, Inputs()) for code in ("GS14-01", "GS14-02")]
    with pytest.raises(MoveNotAllowed), writing(world.engine) as db:
        link_answers.answer(db, token, "k1", AN, both, at(TODAY))
    assert state(world, "GS14-01") == "issued"
    assert world.rows(LinkAnswer) == []


def test_a_form_that_saw_another_due_date_is_refused(world: World) -> None:
    token = link_for(world, "ben", "GS14-01")
    world.move("ben", "GS14-01", "request_extension", reason="Chờ số liệu.", due_on=date(2026, 10, 20))
    world.move("duc", "GS14-01", "grant_extension", due_on=date(2026, 10, 20))
    with pytest.raises(DateMoved):
        answer(world, token, "GS14-01", "progress", text="Theo hạn cũ.", version=1)
    answer(world, token, "GS14-01", "progress", "k2", text="Theo hạn mới.", version=2)
    assert acts(world, "GS14-01")[-1] == "progress"


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


def by(world: World, who: str, act: Callable[[Desk], Any]) -> Any:
    with writing(world.engine) as db:
        return act(Desk(db, access.find_actor(db, f"{who}@lamgiang.example"), at(world.today)))


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


def renewed(world: World, token: str) -> Any:
    with writing(world.engine) as db:
        return link_again.renew(db, KEYS, token, at(world.today))


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


def code_entered(world: World, token: str, code: str, now: datetime) -> bool:
    with writing(world.engine) as db:
        return link_codes.enter(db, token, code, now)


def test_a_code_works_once_and_for_ten_minutes(world: World) -> None:
    token, now = link_for(world, "ben", "GS14-01"), at(TODAY)
    with writing(world.engine) as db:
        code = link_codes.new_code(db, token, now)
    assert not code_entered(world, token, code, now + timedelta(minutes=10))
    assert code_entered(world, token, f"{code[:3]} {code[3:]}", now)
    assert not code_entered(world, token, code, now)


def test_five_wrong_codes_spend_the_code(world: World) -> None:
    token, now = link_for(world, "ben", "GS14-01"), at(TODAY)
    with writing(world.engine) as db:
        code = link_codes.new_code(db, token, now)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert not any(code_entered(world, token, wrong, now) for _ in range(5))
    assert not code_entered(world, token, code, now)


def test_a_secret_directive_is_not_answered_without_the_code(world: World) -> None:
    world.issue("GS14-03", date(2026, 10, 30), is_secret=True)
    token = link_for(world, "ben", "GS14-03")
    with pytest.raises(CodeNeeded):
        answer(world, token, "GS14-03", "acknowledge")
    with writing(world.engine) as db:
        said = [Said("GS14-03", "acknowledge", 1, Inputs())]
        link_answers.answer(db, token, "k1", AN, said, at(TODAY), proven=True)
    assert state(world, "GS14-03") == "acknowledged"


def test_who_read_the_mailbox_sees_all_of_the_agency_and_nobody_elses(world: World) -> None:
    world.issue("GS14-03", date(2026, 10, 30))
    world.move("chi", "GS14-03", "reassign", lead="syt", reason="Đúng thẩm quyền.")
    token = link_for(world, "ben", "GS14-01")
    with writing(world.engine) as db:
        found = links.open_link(db, links.find(db, token), TODAY, proven=True)
    assert [one.code for one in found.directives] == ["GS14-01", "GS14-02"]


def test_two_senders_at_once_make_one_link(world: World) -> None:

    barrier, made = threading.Barrier(4), []

    def send() -> None:
        barrier.wait()
        made.append(link_for(world, "ben", "GS14-01"))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert len(world.rows(AnswerLink)) == 1


def test_twenty_clicks_at_once_are_one_answer(world: World) -> None:

    token, given = link_for(world, "ben", "GS14-01"), []

    def click() -> None:
        given.append(answer(world, token, "GS14-01", "progress", text="Đang rà soát.").id)

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 20
    assert len(set(given)) == 1
    assert acts(world, "GS14-01").count("progress") == 1
