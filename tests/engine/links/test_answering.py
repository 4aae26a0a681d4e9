"""What an answer through a link does, and that it does it once."""

import threading
from datetime import date, timedelta

import pytest

from config.database import writing
from tests.engine.links.linked import (
    AN,
    TODAY,
    acts,
    answer,
    code_entered,
    link_for,
    state,
)
from tests.world import World, at
from workflow import link_answers, link_codes, links
from workflow.errors import InputWrong, MoveNotAllowed, RoleNotAllowed
from workflow.inputs import Evidence, Inputs
from workflow.link_answers import AnsweredOtherwise, CodeNeeded, DateMoved, NotSigned, Said, Signature
from workflow.links import LinkUnknown
from workflow.models.event import Event
from workflow.models.link import AnswerLink, LinkAnswer
from workflow.models.notice import Notice
from workflow.models.organization import Organization
from workflow.models.person import Person


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
