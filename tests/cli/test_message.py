"""dondoc message: the outbox, previews, trial and second sending."""

import json
from datetime import date

import pytest
from sqlmodel import select

from config.database import writing
from notifications.kinds import MailKind
from tests.cli.conftest import Shell
from tests.servers.smtp import SmtpServer
from tests.world import World
from workflow.models.event import Event
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Person


@pytest.fixture
def issued(world: World) -> World:
    world.issue("GS14-01", due=date(2026, 10, 16), title="Hạ tầng cụm công nghiệp")
    return world


def rejected(world: World, *, dead: bool = False) -> None:
    with writing(world.engine) as db:
        one = db.scalars(select(Message)).one()
        one.status, one.response, one.attempts = MessageStatus.REJECTED, "550 no such user", 1
        if dead:
            db.get_one(Person, one.person_id).mailbox = Mailbox.DEAD


def test_the_outbox_counts_every_state(issued: World, shell: Shell) -> None:
    answer = shell("message", "outbox")
    assert answer.rows() == [["1", "20/08/2026", "Giao nhiệm vụ", "ben@lamgiang.example", "chờ gửi", "0", ""]]
    assert answer.err == "1 thư: 1 chờ gửi.\n"
    issued.deliver()
    document = json.loads(shell("message", "outbox", "--status", "handed_over", "--json").out)
    assert document["counts"] == {"handed_over": 1}
    assert [one["to"] for one in document["messages"]] == ["ben@lamgiang.example"]
    assert shell("message", "outbox", "--status", "pending").rows() == []


def test_pages_of_the_outbox_do_not_overlap(world: World, shell: Shell) -> None:
    for number in range(1, 6):
        world.issue(f"GS14-0{number}", due=date(2026, 10, 16))
    first = json.loads(shell("message", "outbox", "--limit", "3", "--json").out)
    second = json.loads(shell("message", "outbox", "--limit", "3", "--after", first["after"], "--json").out)
    assert [one["id"] for one in first["messages"] + second["messages"]] == [5, 4, 3, 2, 1]
    assert second["after"] is None


def test_one_mail_is_shown_with_its_lines_and_fate(issued: World, shell: Shell) -> None:
    issued.deliver()
    document = json.loads(shell("message", "show", "1", "--json").out)
    assert document["status"] == "handed_over"
    assert [(one["directive"], one["kind"]) for one in document["lines"]] == [("GS14-01", "issued")]
    text = shell("message", "show", "1").out
    assert "Tình trạng\tđã giao" in text
    assert "Ben <ben@lamgiang.example>" in text


def test_mails_of_others_are_not_found(issued: World, shell: Shell) -> None:
    assert shell("message", "show", "1", who="ben").code == 0
    assert shell("message", "show", "1", who="ada").code == 0
    assert shell("message", "show", "1", who="cleo").code == 3
    assert shell("message", "outbox", who="cleo").rows() == []
    assert shell("message", "show", "77").code == 3


def test_another_delegation_sees_neither_mails_nor_directives_of_this_one(
    issued: World, shell: Shell
) -> None:
    shell("agency", "add", "doan15", "--name", "Đoàn số 15", "--kind", "delegation", who="quan")
    em = ("agency", "contact", "add", "doan15", "em@lamgiang.example", "--position", "chair", "--name", "Em")
    assert shell(*em, who="quan").code == 0
    assert shell("message", "outbox", who="em").rows() == []
    assert shell("message", "show", "1", who="em").code == 3
    assert shell("directive", "list", who="em").rows() == []
    assert shell("supervision", "show", "GS14", who="em").code == 3


def test_every_kind_has_a_preview_in_both_languages(shell: Shell) -> None:
    for kind in MailKind:
        vi = shell("message", "preview", kind.value)
        en = shell("message", "preview", kind.value, "--locale", "en")
        html = shell("message", "preview", kind.value, "--html")
        assert (vi.code, en.code, html.code) == (0, 0, 0), kind
        assert vi.out.startswith("Tiêu đề: ")
        assert vi.out != en.out
        assert "</html>" in html.out


def test_a_preview_with_a_code_tells_the_facts_of_that_directive(issued: World, shell: Shell) -> None:
    answer = shell("message", "preview", "reminder", "GS14-01")
    assert answer.code == 0
    assert "GS14-01" in answer.out
    assert "16/10/2026" in answer.out
    assert "Hạ tầng cụm công nghiệp" in answer.out
    assert len(issued.messages()) == 1


@pytest.mark.parametrize("kind", ["extension_decision", "accepted", "review_late", "weekly", "operations"])
def test_a_kind_that_has_nothing_to_say_of_a_directive_is_refused(
    issued: World, shell: Shell, kind: str
) -> None:
    answer = shell("message", "preview", kind, "GS14-01")
    assert answer.code == 1
    assert "bỏ mã" in answer.err


def test_a_preview_of_a_decision_tells_the_decision_made(issued: World, shell: Shell) -> None:
    wanted = date(2026, 10, 30)
    issued.move("ben", "GS14-01", "request_extension", reason="Chờ số liệu", due_on=wanted)
    issued.move("duc", "GS14-01", "grant_extension", due_on=wanted)
    answer = shell("message", "preview", "extension_decision", "GS14-01")
    assert answer.code == 0
    assert "30/10/2026" in answer.out
    assert "16/10/2026" in answer.out


def test_a_preview_of_a_foreign_directive_is_not_found(issued: World, shell: Shell) -> None:
    assert shell("message", "preview", "reminder", "GS14-01", who="cleo").code == 3


def test_an_unknown_kind_is_wrong_usage_and_names_the_known_ones(world: World, shell: Shell) -> None:
    answer = shell("message", "preview", "shouting")
    assert answer.code == 2
    assert "reminder" in answer.err


def test_a_trial_mail_is_really_handed_to_the_relay(
    world: World, shell: Shell, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_SMTP_URL", smtp_server.url)
    answer = shell("message", "test", "quan@lamgiang.example", "--yes")
    assert answer.code == 0, answer.err
    (mail,) = smtp_server.mails()
    assert mail["To"] == "quan@lamgiang.example"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_trial_mail_is_asked_about_first(world: World, shell: Shell) -> None:
    assert shell("message", "test", "quan@lamgiang.example").code == 2


def test_a_relay_that_is_away_answers_seventy_five(
    world: World, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_SMTP_URL", "smtp://127.0.0.1:9")
    answer = shell("message", "test", "quan@lamgiang.example", "--yes")
    assert answer.code == 75
    assert "127.0.0.1" in answer.err


def test_a_muzzled_installation_sends_its_trial_only_where_it_may(
    world: World, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DONDOC_ONLY_TO", "@thu.example")
    answer = shell("message", "test", "quan@lamgiang.example", "--yes")
    assert answer.code == 1
    assert "DONDOC_ONLY_TO" in answer.err


def test_a_rejected_mail_goes_again_and_the_journal_says_who_sent_it(issued: World, shell: Shell) -> None:
    rejected(issued)
    answer = shell("message", "resend", "1", "--yes", who="quan")
    assert answer.code == 0, answer.err
    (message,) = issued.messages()
    assert (message.status, message.attempts, message.mime) == (MessageStatus.PENDING, 0, None)
    event = [one for one in issued.rows(Event) if one.act == "message.resend"]
    assert [(one.actor, one.detail) for one in event] == [("Quan", {"was": "rejected"})]


def test_what_was_handed_over_never_goes_twice(issued: World, shell: Shell) -> None:
    issued.deliver()
    answer = shell("message", "resend", "1", "--yes")
    assert answer.code == 1
    assert "đã giao" in answer.err
    assert [one.status for one in issued.messages()] == [MessageStatus.HANDED_OVER]


def test_a_dead_address_must_be_corrected_before_its_mail_goes_again(issued: World, shell: Shell) -> None:
    rejected(issued, dead=True)
    answer = shell("message", "resend", "1", "--yes")
    assert answer.code == 1
    assert "dondoc agency contact edit ben@lamgiang.example" in answer.err


def test_only_an_administrator_sends_again(issued: World, shell: Shell) -> None:
    rejected(issued)
    assert shell("message", "resend", "1", "--yes", who="ada").code == 1
    assert shell("message", "resend", "1", "--yes", who="cleo").code == 3
    assert [one.status for one in issued.messages()] == [MessageStatus.REJECTED]
