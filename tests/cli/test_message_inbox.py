"""Mail that comes in, by command: taken in, listed, matched, put away; addresses that return mail."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from cli.commands import message_inbox
from tests.cli.conftest import Shell
from tests.inbound_letters import Room, letter, report, room, with_file
from tests.world import World, at
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.inbound import InboundMail
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Person

DAY = date(2026, 8, 20)


@pytest.fixture
def inbox(engine: Engine, world: World, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    world.issue("GS14-01", due=date(2026, 9, 25))
    monkeypatch.setenv("DONDOC_REPLY_ADDRESS", "tra-loi@lamgiang.example")
    monkeypatch.setenv("DONDOC_SECRET_KEY", "k3y-of-a-house-that-only-tests-live-in")
    with room(engine, world, shell.home, at(DAY)) as inbox:
        yield inbox


def state(world: World) -> str:
    return next(one.state for one in world.rows(Directive) if one.code == "GS14-01")


def test_a_mail_piped_in_is_taken_and_says_so(shell: Shell, inbox: Room) -> None:
    mail = letter("DA NHAN", "ben", "dondoc@lamgiang.example").as_string()
    answer = shell("message", "receive", "--json", "--recipient", inbox.address(), stdin=mail)
    assert (answer.code, json.loads(answer.out)["outcome"]) == (0, "applied")
    assert state(inbox.world) == "acknowledged"
    assert "nhận trước đó" in shell("message", "receive", stdin=mail).out


def test_a_held_mail_leaves_the_queue_of_the_mail_server_too(shell: Shell, inbox: Room) -> None:
    answer = shell("message", "receive", stdin=letter("x", "la@nguoi.example", "a@b.example").as_string())
    assert answer.code == 0
    assert "chờ ghép" in answer.out


def test_what_cannot_be_taken_now_is_left_to_the_mail_server(
    shell: Shell, inbox: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", f"sqlite:///{shell.home / 'nowhere.db'}")
    answer = shell("message", "receive", stdin=letter("ĐÃ NHẬN", "ben", "a@b.example").as_string())
    assert answer.code == 75


def test_the_inbox_shows_what_waits_with_its_reason(shell: Shell, inbox: Room) -> None:
    assert "Không có thư nào chờ ghép." in shell("message", "inbox").err + shell("message", "inbox").out
    inbox.answer("Chúng tôi đang làm.")
    answer = shell("message", "inbox", who="ada")
    (row,) = answer.rows()
    assert row[2:5] == ["ben@lamgiang.example", "Re: [GS14-01] Còn 10 ngày làm việc", "GS14-01"]
    assert "không có từ khóa" in row[6]
    (mail,) = json.loads(shell("message", "inbox", "--json", who="ada").out)["mails"]
    assert (mail["reason"], mail["words"], mail["acts"]) == ("no_keyword", "Chúng tôi đang làm.", False)


@pytest.mark.parametrize("who", ["ben", "cleo", "duc"])
def test_only_a_secretary_or_an_administrator_sorts_the_mail(shell: Shell, inbox: Room, who: str) -> None:
    inbox.answer("Chúng tôi đang làm.")
    for command in (["inbox"], ["bounces"], ["match", "1", "GS14-01"], ["discard", "1", "--reason", "x"]):
        assert shell("message", *command, who=who).code == 3


def test_a_stray_answer_of_a_contact_is_matched_and_acts(shell: Shell, inbox: Room) -> None:
    mail = with_file(letter("HOÀN THÀNH\nĐã xong.", "ben", "tra-loi@lamgiang.example"))
    inbox.take(mail)
    answer = shell("message", "match", "1", "GS14-01", who="ada")
    assert (answer.code, state(inbox.world)) == (0, "reported")
    event = next(one for one in inbox.world.rows(Event) if one.act == "report")
    assert event.actor == "Ben"
    assert [file.event_id for file in inbox.world.rows(Attachment)] == [event.id]
    assert [one.actor for one in inbox.world.rows(Event) if one.act == "mail.matched"] == ["Ada"]
    assert shell("message", "match", "1", "GS14-01", who="ada").code == 1


def test_a_strangers_words_are_filed_and_move_nothing(shell: Shell, inbox: Room) -> None:
    inbox.take(with_file(letter("HOÀN THÀNH\nĐã xong.", "la@nguoi.example", inbox.address())))
    assert shell("message", "match", "1", "GS14-01", who="ada").code == 0
    assert state(inbox.world) == "issued"
    event = next(one for one in inbox.world.rows(Event) if one.act == "mail.filed")
    assert event.detail == {"text": "Đã xong.", "evidence": ["bao-cao.pdf"], "from": "la@nguoi.example"}


def test_a_sender_that_may_be_forged_is_filed_at_most(shell: Shell, inbox: Room) -> None:
    inbox.answer("ĐÃ NHẬN", Authentication_Results="mx; dmarc=fail")
    shell("message", "match", "1", "GS14-01", who="ada")
    assert state(inbox.world) == "issued"


def test_a_match_the_rules_refuse_leaves_the_mail_waiting(shell: Shell, inbox: Room) -> None:
    inbox.take(letter("HOÀN THÀNH\nĐã xong.", "ben", "tra-loi@lamgiang.example"))
    refused = shell("message", "match", "1", "GS14-01", who="ada")
    assert refused.code == 1
    assert "minh chứng" in refused.err
    assert shell("message", "match", "1", "GS14-01", "--only-file", who="ada").code == 0


def test_a_mail_is_put_away_with_a_reason(shell: Shell, inbox: Room) -> None:
    inbox.answer("Quảng cáo.")
    assert shell("message", "discard", "1", "--reason", "Thư rác", who="ada").code == 0
    (mail,) = inbox.world.rows(InboundMail)
    assert (mail.outcome, mail.decision, mail.decided_by) == ("discarded", "Thư rác", "Ada")
    assert shell("message", "inbox", who="ada").rows() == []


def test_an_address_that_returns_mail_is_listed_until_it_is_corrected_and_resent(
    shell: Shell, inbox: Room
) -> None:
    world = inbox.world
    message = sent_to_ben(world)
    inbox.take(report(inbox.answering.envelope_sender(message.id, inbox.now), "ben@lamgiang.example"))
    (one,) = json.loads(shell("message", "bounces", "--json", who="ada").out)["addresses"]
    assert (one["hard"], one["is_dead"], one["resendable"]) == (1, True, [message.id])
    assert shell("message", "bounces", who="quan").column(7) == [str(message.id)]
    moved = shell(
        "agency", "contact", "edit", "ben@lamgiang.example", "--email", "ben2@lamgiang.example", who="quan"
    )
    assert moved.code == 0, moved.err
    assert shell("message", "resend", str(message.id), "--yes", who="quan").code == 0
    assert json.loads(shell("message", "bounces", "--json", who="ada").out)["addresses"] == []


def sent_to_ben(world: World) -> Message:
    from config.database import writing

    world.deliver()
    with writing(world.engine) as db:
        message = db.get_one(Message, 1)
        message.address = db.get_one(Person, message.person_id).email
    assert (message.address, message.status) == ("ben@lamgiang.example", MessageStatus.HANDED_OVER)
    return message


def test_every_command_of_the_inbox_is_offered() -> None:
    assert [one.name for one in message_inbox.COMMANDS] == ["receive", "inbox", "match", "discard", "bounces"]
