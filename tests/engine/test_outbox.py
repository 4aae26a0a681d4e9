"""The claim protocol: whoever holds the newest token writes the result, and nothing stale is told."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from config.database import writing
from tests.world import World, at
from workflow import outbox, outcomes
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.outbox import LEASE, Claim

NIGHT = date(2026, 9, 11)
EIGHT = at(NIGHT, 8)


@pytest.fixture
def world(engine: Engine) -> World:
    """Two directives due 25/09; tonight both are reminded in one mail to Ben."""
    world = World(engine, today=date(2026, 8, 20))
    for code in ("GS14-01", "GS14-02"):
        world.issue(code, due=date(2026, 9, 25))
        world.move("ben", code, "acknowledge")
    world.deliver()
    world.night(NIGHT)
    return world


def claim(world: World, at: datetime = EIGHT, real: datetime | None = None, *, limit: int = 20) -> Claim:
    with writing(world.engine) as db:
        return outbox.claim(db, at=at, real=real or at, limit=limit)


def the_message(world: World) -> Message:
    (message,) = [one for one in world.messages() if one.sweep_run_id]
    return message


def test_nothing_is_claimed_before_the_hour_of_sending(world: World) -> None:
    assert claim(world, EIGHT - timedelta(minutes=1)).leased == []
    assert len(claim(world).leased) == 1


def test_a_claimed_message_is_not_claimed_again_until_its_lease_ends(world: World) -> None:
    first = claim(world)
    assert claim(world, real=EIGHT + LEASE - timedelta(seconds=1)).leased == []
    second = claim(world, real=EIGHT + LEASE)
    assert [one.message.token for one in (*first.leased, *second.leased)] == [1, 2]


def test_an_overtaken_sender_may_not_write_its_result(world: World) -> None:
    (first,) = claim(world).leased
    (second,) = claim(world, real=EIGHT + LEASE).leased
    with writing(world.engine) as db:
        stale = outcomes.hand_over(
            db, first.message.id, first.message.token, at=EIGHT, on=NIGHT, response="250"
        )
        fresh = outcomes.hand_over(
            db, second.message.id, second.message.token, at=EIGHT, on=NIGHT, response="250"
        )
    assert (stale, fresh) == (False, True)
    assert the_message(world).status is MessageStatus.HANDED_OVER


def test_a_directive_closed_before_the_claim_is_left_out_of_the_mail(world: World) -> None:
    world.today = NIGHT
    world.report("GS14-01")
    (claimed,) = [one for one in claim(world).leased if one.message.sweep_run_id]
    assert [line.directive.code for line in claimed.lines if line.directive] == ["GS14-02"]
    dropped = [one for one in world.rows(Notice) if one.status is NoticeStatus.DROPPED]
    assert [one.reason for one in dropped] == ["obligation_met"]


def test_a_mail_with_nothing_left_to_say_is_cancelled_with_a_reason(world: World) -> None:
    world.today = NIGHT
    for code in ("GS14-01", "GS14-02"):
        world.report(code)
    assert [one for one in claim(world).leased if one.message.sweep_run_id] == []
    message = the_message(world)
    assert (message.status, message.reason) == (MessageStatus.CANCELLED, "nothing_left")


def test_a_rung_of_an_old_due_date_is_not_told_after_an_extension(world: World) -> None:
    world.today = NIGHT
    wanted = date(2026, 10, 9)
    world.move("ben", "GS14-01", "request_extension", due_on=wanted, reason="Mưa lũ", text="Một nửa")
    world.move("chi", "GS14-01", "grant_extension", due_on=wanted)
    (claimed,) = [one for one in claim(world).leased if one.message.sweep_run_id]
    assert [line.directive.code for line in claimed.lines if line.directive] == ["GS14-02"]
    assert {one.reason for one in world.rows(Notice) if one.status is NoticeStatus.DROPPED} == {
        "due_date_moved"
    }


def test_a_refusal_for_now_backs_off_longer_each_time_and_frees_the_bytes(world: World) -> None:
    waits = []
    moment = EIGHT
    for _ in range(5):
        (claimed,) = claim(world, moment).leased
        message = claimed.message
        with writing(world.engine) as db:
            outcomes.retry(
                db, message.id, message.token, at=moment, attempts=message.attempts, response="451"
            )
        stored = the_message(world)
        assert stored.mime is None
        waits.append((stored.next_attempt_at - moment).total_seconds() / 60)
        moment = stored.next_attempt_at
    for waited, least in zip(waits, (1, 5, 15, 60, 60), strict=True):
        assert least <= waited <= least * 1.2


def test_a_perhaps_accepted_mail_goes_again_with_the_same_bytes_and_is_marked(world: World) -> None:
    (claimed,) = claim(world).leased
    with writing(world.engine) as db:
        message = db.get_one(Message, claimed.message.id)
        message.mime = b"frozen"
        db.add(message)
        db.flush()
        outcomes.repeat(db, message.id, message.token, at=EIGHT, response="cut")
    (again,) = claim(world).leased
    assert (again.message.mime, again.message.repeats, again.message.attempts) == (b"frozen", 1, 2)


def test_a_broken_channel_costs_no_attempt(world: World) -> None:
    (claimed,) = claim(world).leased
    with writing(world.engine) as db:
        outcomes.give_back(db, claimed.message.id, claimed.message.token, response="connection refused")
    message = the_message(world)
    assert (message.status, message.attempts) == (MessageStatus.PENDING, 0)


def test_a_renewed_lease_keeps_the_message(world: World) -> None:
    (claimed,) = claim(world).leased
    with writing(world.engine) as db:
        outbox.renew(db, [(claimed.message.id, claimed.message.token)], EIGHT + timedelta(seconds=60))
    assert claim(world, real=EIGHT + LEASE + timedelta(seconds=30)).leased == []


def test_a_letter_that_cannot_be_made_is_parked_after_three_tries(world: World) -> None:
    moment = EIGHT
    for _ in range(3):
        with writing(world.engine) as db:
            (claimed,) = outbox.claim(db, at=moment, real=moment, limit=5).leased
            outbox.park(claimed.message, at=moment, reason="no template")
        moment += timedelta(minutes=2)
    message = the_message(world)
    assert (message.status, message.reason) == (MessageStatus.PARKED, "no template")


def test_the_first_hand_over_settles_the_level_on_its_day(engine: Engine) -> None:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25))
    world.move("ben", "GS14-01", "acknowledge")
    world.nights(until=date(2026, 9, 27))
    world.night(date(2026, 9, 28))
    monday, tuesday = at(date(2026, 9, 28), 8), at(date(2026, 9, 29), 8)
    claimed = claim(world, monday).leased
    assert len(claimed) == 2
    with writing(engine) as db:
        outcomes.reject(
            db, claimed[0].message.id, claimed[0].message.token, on=date(2026, 9, 28), response="550"
        )
    (delivery,) = [one for one in world.obligations() if one.kind == "deliver"]
    assert delivery.level_settled_on == date(2026, 9, 28)
    with writing(engine) as db:
        message = claimed[1].message
        outcomes.hand_over(db, message.id, message.token, at=tuesday, on=date(2026, 9, 29), response="250")
    (delivery,) = [one for one in world.obligations() if one.kind == "deliver"]
    assert delivery.level_settled_on == date(2026, 9, 28)
