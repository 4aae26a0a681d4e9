"""Mails through a real SMTP server: each arrives once, whatever the relay does on the way."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from config.database import DatabaseAway, writing
from notifications.delivery import Post
from notifications.facts import Site
from notifications.packing import Sender
from notifications.smtp import parse_channel
from tests.servers.smtp import SmtpServer
from tests.world import World, at
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Person

NIGHT = date(2026, 9, 11)
SITE = Site("https://dondoc.lamgiang.example", "thuky@lamgiang.example", (b"a key of this test alone",))
Drain = Callable[[datetime], dict[str, int]]


@pytest.fixture
def world(engine: Engine) -> World:
    world = World(engine, today=date(2026, 8, 20))
    world.issue("GS14-01", due=date(2026, 9, 25), coordinating=("syt",))
    world.move("ben", "GS14-01", "acknowledge")
    world.deliver()
    world.night(NIGHT)
    return world


@pytest.fixture
def drain(world: World, smtp_server: SmtpServer) -> Drain:
    sender = Sender("Đôn đốc <dondoc@lamgiang.example>", SITE)
    return partial(drain_as, world, smtp_server, sender)


def drain_as(world: World, server: SmtpServer, sender: Sender, moment: datetime) -> dict[str, int]:
    channel = parse_channel(f"smtp://127.0.0.1:{server.port}?starttls=never")
    post = Post(
        transaction=partial(writing, world.engine), channel=channel, sender=sender,
        now=lambda: moment, real_now=lambda: moment, zone="Asia/Ho_Chi_Minh",
    )  # fmt: skip
    return dict(post.drain())


def nightly(world: World) -> list[Message]:
    return [one for one in world.messages() if one.sweep_run_id]


def test_a_reminder_arrives_with_its_facts_and_headers(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    assert drain(at(NIGHT, 8)) == {"handed_over": 1, "dropped": 0}
    (mail,) = smtp_server.mails()
    assert mail["To"].endswith("<ben@lamgiang.example>")
    assert mail["Subject"] == "[GS14-01] Còn 10 ngày làm việc: Nội dung GS14-01, hạn 25/09/2026"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["References"] == "<gs14-01@dondoc.lamgiang.example>"
    (message,) = nightly(world)
    assert mail["Message-ID"] == message.header_id
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "25/09/2026" in text
    assert "\nhttps://dondoc.lamgiang.example/t/" in text.replace("\r\n", "\n")
    assert "Không cần đăng nhập." in text


def test_a_second_drain_sends_nothing(world: World, drain: Drain, smtp_server: SmtpServer) -> None:
    drain(at(NIGHT, 8))
    drain(at(NIGHT, 9))
    assert len(smtp_server.journal()) == 1


def test_a_cut_after_the_final_dot_repeats_the_same_bytes_once(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "data", "do": "cut after dot", "times": 1})
    tally = drain(at(NIGHT, 8))
    assert (tally["ambiguous"], tally["handed_over"]) == (1, 1)
    first, second = smtp_server.journal()
    assert (first["message_id"], first["sha256"]) == (second["message_id"], second["sha256"])
    (message,) = nightly(world)
    assert (message.status, message.repeats) == (MessageStatus.HANDED_OVER, 1)


def test_a_busy_relay_is_tried_again_later_and_the_facts_are_those_of_that_day(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "data", "do": "reply", "reply": "451 4.3.0 busy", "times": 1})
    assert drain(at(NIGHT, 8))["not_accepted"] == 1
    assert smtp_server.mails() == []
    assert drain(at(NIGHT, 8, 30))["handed_over"] == 1
    assert len(smtp_server.mails()) == 1


def test_a_reminder_that_is_late_says_how_many_days_are_left_now(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    assert drain(at(NIGHT + timedelta(days=2), 23))["handed_over"] == 1  # Sunday evening
    assert smtp_server.mails()[0]["Subject"].startswith("[GS14-01] Còn 10 ngày làm việc")
    world.night(date(2026, 9, 18))
    assert drain(at(date(2026, 9, 21), 7))["handed_over"] >= 1  # planned for five days, sent on the fourth
    subjects = [mail["Subject"] for mail in smtp_server.mails()]
    assert any(subject.startswith("[GS14-01] Còn 04 ngày làm việc") for subject in subjects)


def test_an_unknown_mailbox_is_marked_dead_and_nothing_more_is_sent_to_it(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.faults({"at": "rcpt", "to": "ben@", "do": "reply", "reply": "550 5.1.1 no such user"})
    assert drain(at(NIGHT, 8))["rejected"] == 1
    (message,) = nightly(world)
    assert message.status is MessageStatus.REJECTED
    (ben,) = [one for one in world.rows(Person) if one.email.startswith("ben@")]
    assert ben.mailbox is Mailbox.DEAD
    assert "no such user" in (ben.mailbox_failure or "")
    world.nights(until=date(2026, 9, 18), deliver=False)
    assert world.told("huy")[-1] == (date(2026, 9, 18), "reminder", -5)  # the head stands in


def test_a_relay_that_is_away_keeps_every_mail_waiting(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    smtp_server.stop()
    assert drain(at(NIGHT, 8)) == {"channel_fault": 1, "dropped": 0}
    (message,) = nightly(world)
    assert (message.status, message.attempts) == (MessageStatus.PENDING, 0)
    smtp_server.start()
    assert drain(at(NIGHT, 8, 5))["handed_over"] == 1


def test_an_outage_while_a_letter_is_made_says_nothing_about_the_letter(
    world: World, smtp_server: SmtpServer
) -> None:
    def away(_data: bytes) -> bytes:
        raise DatabaseAway(why="server closed the connection")

    sender = Sender("Đôn đốc <dondoc@lamgiang.example>", SITE, sign=away)
    with pytest.raises(DatabaseAway):
        drain_as(world, smtp_server, sender, at(NIGHT, 8))
    (message,) = nightly(world)
    assert (message.status, message.reason, message.attempts) == (MessageStatus.PENDING, None, 0)


def test_an_installation_that_is_not_the_real_one_mails_nobody_else(
    world: World, smtp_server: SmtpServer
) -> None:
    muzzled = Sender("Đôn đốc <dondoc@lamgiang.example>", SITE, only_to=("@nhatoi.example",))
    drain_as(world, smtp_server, muzzled, at(NIGHT, 8))
    assert smtp_server.journal() == []
    (message,) = nightly(world)
    assert (message.status, message.reason) == (MessageStatus.HELD, "not_on_allow_list")


def test_issuing_eight_directives_is_one_mail_to_each_agency(engine: Engine, smtp_server: SmtpServer) -> None:
    from workflow.drafts import Draft

    world = World(engine, today=date(2026, 8, 20))
    world.issue_all(
        [
            Draft(
                f"GS14-{n:02d}",
                "GS14",
                f"Việc {n}",
                lead="sct",
                coordinating=("syt",),
                due_on=date(2026, 9, 25),
            )
            for n in range(1, 9)
        ]
    )
    sender = Sender("Đôn đốc <dondoc@lamgiang.example>", SITE)
    drain_as(world, smtp_server, sender, at(date(2026, 8, 20), 9, 1))
    subjects = {mail["To"].partition("<")[2]: mail["Subject"] for mail in smtp_server.mails()}
    assert len(smtp_server.journal()) == 2
    assert subjects["ben@lamgiang.example>"].startswith("[GS14] Giao 08 nhiệm vụ")
    bodies = {mail["To"].partition("<")[2]: mail.as_string() for mail in smtp_server.mails()}
    assert "cleo@lamgiang.example>" in bodies
    parts = [mail.get_body(("plain",)) for mail in smtp_server.mails() if "cleo@" in mail["To"]]
    text = parts[0].get_content() if parts[0] is not None else ""
    assert "22/09/2026" in text  # its own part is due three working days before the lead's 25/09
    assert "Phối hợp" in text


def test_a_receipt_names_the_hour_of_the_delegations_zone(
    world: World, drain: Drain, smtp_server: SmtpServer
) -> None:
    world.today = NIGHT
    world.move("ben", "GS14-01", "progress", text="Đang khảo sát")
    drain(at(NIGHT, 9, 1))
    (receipt,) = [mail for mail in smtp_server.mails() if "Đã nhận trả lời" in mail["Subject"]]
    assert "09:00" in receipt["Subject"]
