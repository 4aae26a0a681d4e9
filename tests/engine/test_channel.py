"""The channel as a whole: what stops it, what starts it again, how fast it goes, and that no mail is lost by it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import reading, writing
from notifications.delivery import Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.smtp import parse_channel
from tests.servers.smtp import SmtpServer
from tests.world import World, at
from workflow import channel, resend
from workflow.channel import ChannelRuns
from workflow.desk import Desk
from workflow.drafts import Draft
from workflow.errors import RoleNotAllowed
from workflow.models.channel_stop import ChannelStop
from workflow.models.event import Event
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Person
from workflow.pacing import NO_LIMIT, Pace

TODAY = date(2026, 8, 20)
SITE = Site(base_url="https://dondoc.lamgiang.example", contact="thuky@lamgiang.example")
FROM = "Đôn đốc <dondoc@lamgiang.example>"
REFUSED_BY_POLICY = "554 5.7.1 sender not authorised"
Drain = Callable[..., dict[str, int]]


@pytest.fixture
def world(engine: Engine) -> World:
    """Four mails wait: both agencies, for two acts each."""
    world = World(engine, today=TODAY)
    for number in (1, 2):
        world.issue_all([_draft(number)])
    return world


def _draft(number: int) -> Draft:
    return Draft(
        f"GS14-0{number}",
        "GS14",
        f"Việc {number}",
        lead="sct",
        coordinating=("syt",),
        due_on=date(2026, 9, 25),
    )


@pytest.fixture
def drain(world: World, smtp_server: SmtpServer) -> Drain:
    return partial(_drain, world, smtp_server.url, Sender(FROM, SITE))


def _drain(world: World, url: str, sender: Sender, moment: datetime, pace: Pace = NO_LIMIT) -> dict[str, int]:
    post = Post(
        transaction=partial(writing, world.engine), channel=parse_channel(url), sender=sender,
        now=lambda: moment, real_now=lambda: moment, zone="Asia/Ho_Chi_Minh", pace=pace,
    )  # fmt: skip
    return {fate: count for fate, count in post.drain().items() if count}


def states(world: World) -> dict[str, int]:
    found: dict[str, int] = {}
    for message in world.messages():
        found[message.status.value] = found.get(message.status.value, 0) + 1
    return found


def acts(world: World, prefix: str) -> list[str]:
    return [event.act for event in world.rows(Event) if event.act.startswith(prefix)]


def stop_of(world: World) -> ChannelStop | None:
    with reading(world.engine) as db:
        return channel.stopped(db)


def test_a_password_that_is_refused_stops_the_channel_and_no_mail_dies(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "mail", "do": "reply", "reply": "535 5.7.8 bad credentials", "times": 1})
    assert drain(at(TODAY, 9, 1)) == {"channel_fault": 1}
    stop = stop_of(world)
    assert stop is not None
    assert (stop.needs_operator, "bad credentials" in stop.response) == (True, True)
    assert states(world) == {"pending": 4}
    assert [message.attempts for message in world.messages()] == [0] * 4


def test_while_it_is_stopped_nothing_is_tried_until_the_pause_is_over(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "mail", "do": "reply", "reply": "535 no", "times": 1})
    drain(at(TODAY, 9, 1))
    assert drain(at(TODAY, 9, 1)) == {}
    assert drain(at(TODAY, 9, 3)) == {"handed_over": 5}  # four mails, and one that says the channel is back
    assert stop_of(world) is None
    assert acts(world, "channel.") == ["channel.stop", "channel.restore"]


def test_one_mail_tries_for_all_and_the_pause_grows(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "mail", "do": "reply", "reply": "535 no"})
    moments = []
    for _ in range(3):
        stop = stop_of(world)
        moment = stop.retry_at if stop else at(TODAY, 9, 1)
        assert drain(moment) == {"channel_fault": 1}
        stop = stop_of(world)
        assert stop is not None
        moments.append(stop.retry_at - moment)
    assert moments == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5)]
    assert acts(world, "channel.") == ["channel.stop"]
    assert sum(message.attempts for message in world.messages()) == 0


def test_administrators_read_of_the_outage_when_it_is_over(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "mail", "do": "reply", "reply": "535 no", "times": 1})
    drain(at(TODAY, 9, 1))
    drain(at(TODAY, 9, 30))
    (told,) = [mail for mail in smtp_server.mails() if "quan@" in mail["To"]]
    assert told["Subject"] == "Kênh gửi thư hoạt động trở lại"
    body = told.get_body(("plain",))
    assert body is not None
    assert "Kênh đã dừng từ 09:01, 20/08/2026 đến 09:30, 20/08/2026" in body.get_content()


def test_a_relay_that_was_away_for_a_moment_is_no_news(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.stop()
    assert drain(at(TODAY, 9, 1)) == {"channel_fault": 1}
    smtp_server.start()
    assert drain(at(TODAY, 9, 3)) == {"handed_over": 4}
    assert not [mail for mail in smtp_server.mails() if "quan@" in mail["To"]]


def test_a_relay_that_refuses_everybody_by_policy_kills_no_mail(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "rcpt", "do": "reply", "reply": REFUSED_BY_POLICY})
    assert drain(at(TODAY, 9, 1)) == {"channel_fault": 1}
    assert states(world) == {"pending": 4}
    assert drain(at(TODAY, 9, 3)) == {"channel_fault": 1}  # the trial is refused too: still nobody's fault
    assert states(world) == {"pending": 4}
    smtp_server.faults()
    assert drain(at(TODAY, 9, 30))["handed_over"] == 5


def test_a_policy_against_one_person_rejects_that_mail_and_leaves_the_address_open(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "rcpt", "to": "ben@", "do": "reply", "reply": "550 5.7.1 not from outside"})
    assert drain(at(TODAY, 9, 1)) == {"rejected": 2, "handed_over": 2}
    assert all(person.mailbox is Mailbox.OPEN for person in world.rows(Person))
    assert stop_of(world) is None


def test_mails_that_waited_for_the_channel_are_not_stale_when_it_is_back(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "mail", "do": "reply", "reply": "535 no"})
    drain(at(TODAY, 9, 1))
    for day in (1, 2):
        drain(at(TODAY + timedelta(days=day), 9))
    smtp_server.faults()
    assert drain(at(TODAY + timedelta(days=2), 23))["handed_over"] == 5


def test_an_operator_lets_the_channel_try_at_once(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "mail", "do": "reply", "reply": "535 no", "times": 1})
    drain(at(TODAY, 9, 1))
    with writing(world.engine) as db:
        with pytest.raises(RoleNotAllowed):
            channel.retry_now(Desk(db, world.actor("ada"), at(TODAY, 9, 1)))
        channel.retry_now(Desk(db, world.actor("quan"), at(TODAY, 9, 1)))
    assert drain(at(TODAY, 9, 1))["handed_over"] == 5
    with writing(world.engine) as db, pytest.raises(ChannelRuns):
        channel.retry_now(Desk(db, world.actor("quan"), at(TODAY, 9, 2)))


def test_a_limit_for_each_minute_only_delays(world: World, drain: Drain, smtp_server: SmtpServer) -> None:
    pace = Pace(per_minute=3)
    assert drain(at(TODAY, 9, 1), pace=pace) == {"handed_over": 3}
    assert drain(at(TODAY, 9, 1), pace=pace) == {}
    assert drain(at(TODAY, 9, 3), pace=pace) == {"handed_over": 1}


def test_a_limit_for_each_person_delays_the_rest_of_theirs(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    pace = Pace(per_person=1)
    assert drain(at(TODAY, 9, 1), pace=pace) == {"handed_over": 2, "delayed": 2}
    late = [one for one in world.messages() if one.status is MessageStatus.PENDING]
    assert {one.reason for one in late} == {"rate_limit"}
    assert {one.attempts for one in late} == {0}
    assert drain(at(TODAY, 9, 30), pace=pace) == {"delayed": 2}
    assert drain(at(TODAY, 10, 2), pace=pace) == {"handed_over": 2}
    assert states(world) == {"handed_over": 4}


def test_a_delay_never_makes_a_mail_too_old(world: World, drain: Drain, smtp_server: SmtpServer) -> None:
    before = {one.id: one.use_by_at - one.next_attempt_at for one in world.messages()}
    drain(at(TODAY, 9, 1), pace=Pace(per_person=1))
    delayed = [one for one in world.messages() if one.status is MessageStatus.PENDING]
    assert delayed
    for one in delayed:
        assert one.use_by_at - one.next_attempt_at >= before[one.id] - timedelta(minutes=1)


def test_what_may_not_leave_is_held_where_it_is_seen_and_can_be_sent_later(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    only = Sender(FROM, SITE, only_to=("ben@lamgiang.example",))
    assert _drain(world, smtp_server.url, only, at(TODAY, 9, 1))["handed_over"] == 2
    held = [one for one in world.messages() if one.status is MessageStatus.HELD]
    assert [(one.reason, one.attempts, one.mime) for one in held] == [("not_on_allow_list", 0, None)] * 2
    with writing(world.engine) as db:
        resend.resend(Desk(db, world.actor("quan"), at(TODAY, 9, 5)), held[0].id)
    assert drain(at(TODAY, 9, 6)) == {"handed_over": 1}


def test_bytes_a_relay_may_have_taken_survive_a_broken_channel(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults(
        {"at": "data", "do": "cut after dot", "times": 1},
        {"at": "rcpt", "to": "ben@", "do": "reply", "reply": "451 later", "times": 3},
    )
    drain(at(TODAY, 9, 1))
    with reading(world.engine) as db:
        frozen = [(one.id, one.mime) for one in db.scalars(select(Message).where(col(Message.repeats) > 0))]
    drain(at(TODAY, 9, 30))
    journal: dict[str, set[str]] = {}
    for entry in smtp_server.journal():
        journal.setdefault(entry["message_id"], set()).add(entry["sha256"])
    assert all(len(hashes) == 1 for hashes in journal.values())
    assert frozen
