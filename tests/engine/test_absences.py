"""Being away: the deputy is told and may decide, says so everywhere, and only for those days."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import reading, writing
from notifications.facts import Facts, Site
from notifications.rendering import Rendered, render
from tests.world import World, at
from workflow import absences, access, outbox
from workflow.absences import Absence
from workflow.desk import Desk
from workflow.errors import InputWrong, NotFound, RoleNotAllowed
from workflow.ladder import Position
from workflow.models.event import Event
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.organization import Organization
from workflow.models.person import Mailbox, Membership, Person
from workflow.store import tellings

TODAY = date(2026, 8, 20)
AWAY = Absence(date(2026, 9, 1), date(2026, 9, 30), "binh@lamgiang.example")
SITE = Site("https://dondoc.lamgiang.example", "thuky@lamgiang.example")


@pytest.fixture
def world(engine: Engine) -> World:
    """Binh is deputy head of the department; Ben its only contact; one directive due on 25 September."""
    world = World(engine, TODAY)
    with writing(engine) as db:
        body = db.scalars(select(Organization).where(col(Organization.code) == "sct")).one()
        binh = Person(name="Binh", email="binh@lamgiang.example")
        db.add(binh)
        db.flush()
        db.add(Membership(person_id=binh.id, organization_id=body.id, position=Position.DEPUTY_HEAD))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.deliver()
    return world


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    with writing(world.engine) as db:
        yield Desk(db, access.find_actor(db, "ben@lamgiang.example"), at(TODAY))


def away(world: World, who: str, absence: Absence = AWAY, on: date = TODAY) -> None:
    with writing(world.engine) as db:
        actor = access.find_actor(db, f"{who}@lamgiang.example")
        absences.set_absence(Desk(db, actor, at(on)), f"{who}@lamgiang.example", absence)


def last_mail(world: World, on: date) -> Rendered:
    with writing(world.engine) as db:
        claimed = outbox.claim(db, at=at(on, 12), real=at(on, 12), limit=20).leased
        return render(Facts(db, claimed, on, SITE, at(on, 12)).letter(claimed[-1]))


def notices(world: World, who: str) -> list[Notice]:
    with reading(world.engine) as db:
        person = db.scalars(select(Person).where(col(Person.email) == f"{who}@lamgiang.example")).one()
        query = select(Notice).where(col(Notice.person_id) == person.id, col(Notice.event_id).is_(None))
        return list(db.scalars(query.order_by(col(Notice.id))))


def test_the_deputy_is_told_instead_and_the_mail_says_for_whom(world: World) -> None:
    away(world, "ben")
    world.night(date(2026, 9, 11))
    (told,) = notices(world, "binh")
    assert (told.kind, told.stands_for_id is not None, told.instead_of) == ("reminder", True, None)
    assert notices(world, "ben") == []
    mail = last_mail(world, date(2026, 9, 11))
    for part in (mail.text, mail.html):
        assert "Nhận thay Ben, đang vắng mặt." in part


def test_before_and_after_the_absence_mails_go_where_they_always_go(world: World) -> None:
    away(world, "ben", Absence(date(2026, 9, 12), date(2026, 9, 13), "binh@lamgiang.example"))
    world.night(date(2026, 9, 11))
    assert [one.stands_for_id for one in notices(world, "ben")] == [None]
    assert notices(world, "binh") == []


def test_an_act_is_told_to_the_deputy_too(world: World) -> None:
    away(world, "ben", Absence(TODAY, None, "binh@lamgiang.example"))
    world.issue("GS14-02", due=date(2026, 9, 30))
    issued = [one for one in world.rows(Notice) if one.kind == "issued" and one.stands_for_id]
    assert len(issued) == 1


def test_whoever_reads_in_two_capacities_gets_one_line_in_their_own_name(world: World) -> None:
    with writing(world.engine) as db:
        body = db.scalars(select(Organization).where(col(Organization.code) == "sct")).one()
        binh = db.scalars(select(Person).where(col(Person.name) == "Binh")).one()
        db.add(Membership(person_id=binh.id, organization_id=body.id, position=Position.CLERK))
    away(world, "ben")
    world.night(date(2026, 9, 11))
    assert [one.stands_for_id for one in notices(world, "binh")] == [None]


def test_without_a_deputy_the_next_in_line_is_told_and_reads_why(world: World) -> None:
    away(world, "ben", Absence(date(2026, 9, 1)))
    world.night(date(2026, 9, 11))
    (told,) = notices(world, "binh")
    assert (told.stands_for_id, told.instead_of) == (None, "clerk")
    assert "vì đầu mối cơ quan chưa có người nhận được thư" in last_mail(world, date(2026, 9, 11)).text


def test_a_deputy_whose_address_is_dead_stands_in_for_nobody(world: World) -> None:
    away(world, "ben")
    with writing(world.engine) as db:
        binh = db.scalars(select(Person).where(col(Person.name) == "Binh")).one()
        binh.mailbox = Mailbox.DEAD
        db.add(binh)
    world.night(date(2026, 9, 11))
    assert notices(world, "binh") == []
    assert [one.instead_of for one in notices(world, "huy")] == ["clerk"]


def test_an_absence_of_everybody_silences_nothing(world: World) -> None:
    for who in ("ben", "binh", "huy"):
        away(world, who, Absence(date(2026, 9, 1)))
    world.night(date(2026, 9, 11))
    assert [one.kind for one in notices(world, "ben")] == ["reminder"]


def test_a_dead_address_stays_represented_while_its_owner_is_away(world: World) -> None:
    away(world, "ben")
    with writing(world.engine) as db:
        ben = db.scalars(select(Person).where(col(Person.name) == "Ben")).one()
        ben.mailbox = Mailbox.DEAD
        db.add(ben)
    world.night(date(2026, 9, 11))
    assert len(notices(world, "binh")) == 1


def ask(world: World) -> None:
    world.move("ben", "GS14-01", "request_extension", reason="còn thiếu số liệu", due_on=date(2026, 10, 9))


def grant(world: World, who: str) -> Event:
    world.move(who, "GS14-01", "grant_extension", due_on=date(2026, 10, 9))
    (granted,) = [one for one in world.rows(Event) if one.act == "grant_extension"]
    return granted


def test_the_deputy_decides_in_the_same_role_and_the_journal_says_for_whom(world: World) -> None:
    ask(world)
    with pytest.raises(RoleNotAllowed):
        grant(world, "ada")
    away(world, "chi", Absence(TODAY, None, "ada@lamgiang.example"))
    assert grant(world, "ada").actor == "Ada (thay Chi)"


def test_what_the_deputy_may_do_anyway_is_done_in_their_own_name(world: World) -> None:
    away(world, "chi", Absence(TODAY, None, "duc@lamgiang.example"))
    ask(world)
    assert grant(world, "duc").actor == "Duc"


def test_the_right_to_decide_ends_with_the_absence(world: World) -> None:
    away(world, "chi", Absence(TODAY, TODAY, "ada@lamgiang.example"))
    ask(world)
    world.today = date(2026, 8, 21)
    with pytest.raises(RoleNotAllowed):
        grant(world, "ada")


@pytest.mark.parametrize(
    ("absence", "words"),
    [
        (Absence(date(2026, 9, 2), date(2026, 9, 1)), "before the first day"),
        (Absence(date(2026, 8, 1), date(2026, 8, 2)), "past"),
        (Absence(TODAY, None, "ben@lamgiang.example"), "somebody else"),
        (Absence(TODAY, None, "cleo@lamgiang.example"), "same body"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(desk: Desk, absence: Absence, words: str) -> None:
    with pytest.raises(InputWrong, match=words):
        absences.set_absence(desk, "ben@lamgiang.example", absence)


def test_two_who_are_away_together_are_not_each_others_deputies(world: World, desk: Desk) -> None:
    absences.set_absence(desk, "ben@lamgiang.example", AWAY)
    desk.db.commit()
    with writing(world.engine) as db:
        other = Desk(db, access.find_actor(db, "binh@lamgiang.example"), at(TODAY))
        with pytest.raises(InputWrong, match="Away on those days"):
            absences.set_absence(
                other, "binh@lamgiang.example", Absence(date(2026, 9, 30), None, "ben@lamgiang.example")
            )


def test_one_says_it_for_oneself_and_takes_it_back_and_both_are_journalled(world: World, desk: Desk) -> None:
    absences.set_absence(desk, "ben@lamgiang.example", AWAY)
    assert absences.end_absence(desk, "ben@lamgiang.example").deputy_id is None
    with pytest.raises(InputWrong):
        absences.end_absence(desk, "ben@lamgiang.example")
    desk.db.commit()
    acts = [(one.act, one.detail) for one in world.rows(Event) if one.act.startswith("person.")]
    assert acts == [
        (
            "person.absent",
            {
                "email": "ben@lamgiang.example",
                "from": "2026-09-01",
                "deputy": "binh@lamgiang.example",
                "until": "2026-09-30",
            },
        ),
        ("person.present", {"email": "ben@lamgiang.example"}),
    ]


def test_nobody_sends_another_agency_away(world: World) -> None:
    with writing(world.engine) as db:
        cleo = Desk(db, access.find_actor(db, "cleo@lamgiang.example"), at(TODAY))
        with pytest.raises((RoleNotAllowed, NotFound)):
            absences.set_absence(cleo, "ben@lamgiang.example", AWAY)


def test_a_body_nobody_can_be_reached_at_stands_in_the_journal_of_silence(world: World) -> None:
    with writing(world.engine) as db:
        for person in db.scalars(select(Person).where(col(Person.name).in_(["Cleo", "Hoa"]))):
            person.mailbox = Mailbox.DEAD
            db.add(person)
    world.issue("GS14-03", due=date(2026, 9, 30), coordinating=("syt",))
    silent = [one for one in world.rows(Notice) if one.status is NoticeStatus.UNREACHABLE]
    assert [(one.kind, one.reason, one.person_id, one.bundle) for one in silent] == [
        ("issued", "nobody_reachable", None, None)
    ]


def test_the_register_of_tellings_says_for_whom(world: World) -> None:
    away(world, "ben")
    run = world.night(date(2026, 9, 11))
    with reading(world.engine) as db:
        told = tellings.of_run(db, access.find_actor(db, "quan@lamgiang.example"), run.id)
    assert [(one.person, one.stands_for, one.instead_of) for one in told] == [("Binh", "Ben", None)]
