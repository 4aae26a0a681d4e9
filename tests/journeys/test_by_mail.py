"""An agency that never opens a page: over a real SMTP server out, a real IMAP server in."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config import imap, secret
from config.database import writing
from notifications.answering import answering
from notifications.answers import send_answers
from notifications.delivery import Post
from notifications.facts import Site
from notifications.fetching import MailboxAway, fetch
from notifications.mailroom import receiver
from notifications.packing import Sender
from notifications.smtp import parse_channel
from tests.inbound_letters import letter, report, settings_for, with_file
from tests.servers.imap import ImapServer
from tests.servers.smtp import SmtpServer
from tests.world import World, at
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.inbound import InboundMail
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Person, Role

NIGHT = date(2026, 9, 11)


@pytest.fixture
def imap_server() -> Iterator[ImapServer]:
    server = ImapServer()
    try:
        yield server.start()
    finally:
        server.remove()


class Town:
    """The installation with its two mail servers, and Ben's mail program."""

    def __init__(
        self, engine: Engine, home: Path, out: SmtpServer, inn: ImapServer, options: str = ""
    ) -> None:
        self.world = World(engine)
        self.engine, self.out, self.inn = engine, out, inn
        self.settings = settings_for(home, imap_url=f"{inn.url}{options}")
        self.now = at(self.world.today)

    def send(self) -> None:
        keys = secret.keys(self.settings, "link")
        site = Site(base_url=self.settings.base_url, contact="thuky@lamgiang.example", link_keys=keys)
        post = Post(
            transaction=partial(writing, self.engine), channel=parse_channel(self.out.url),
            sender=Sender(self.settings.mail_from, site, answering=answering(self.settings)),
            now=lambda: self.now, real_now=lambda: self.now, zone="Asia/Ho_Chi_Minh",
        )  # fmt: skip
        post.drain()
        send_answers(post)

    def fetch(self) -> dict[str, int]:
        assert self.settings.imap_url is not None
        with receiver(self.settings, self.engine) as room:
            return dict(fetch(imap.parse(self.settings.imap_url), room, self.now))

    def mails_to(self, who: str) -> list[EmailMessage]:
        return [mail for mail in self.out.mails() if f"{who}@" in mail["To"]]

    def reply(self, mail: EmailMessage, text: str, *, with_pdf: bool = False) -> None:
        """As a mail program does it: to the Reply-To, below it what was written."""
        quoted = f"{text}\n\nVào Th 6, 11 thg 9, 2026 Đoàn giám sát đã viết:\n> {mail['Subject']}\n"
        answer = letter(
            quoted, "ben", mail["Reply-To"], Subject=f"Re: {mail['Subject']}", In_Reply_To=mail["Message-ID"]
        )
        self.inn.deliver((with_file(answer, "so-lieu.pdf") if with_pdf else answer).as_bytes())

    def directive(self) -> Directive:
        return self.world.rows(Directive)[0]

    def to(self, moment: datetime) -> None:
        self.now = moment


@pytest.fixture
def town(engine: Engine, tmp_path: Path, smtp_server: SmtpServer, imap_server: ImapServer) -> Town:
    return Town(engine, tmp_path, smtp_server, imap_server)


def test_a_reminder_is_answered_decided_and_closed_by_mail_alone(town: Town) -> None:
    world = town.world
    world.issue("GS14-01", due=date(2026, 9, 25))
    town.send()
    (issued,) = town.mails_to("ben")
    assert issued["Reply-To"].startswith("tra-loi+gs14-01.")
    body = issued.get_body(("plain",))
    assert body is not None
    assert "Hoặc trả lời thư này, dòng đầu ghi" in body.get_content()
    assert town.out.journal()[0]["from"].startswith("bounce+m1.")
    town.reply(issued, "ĐÃ NHẬN")
    assert town.fetch() == {"applied": 1}
    assert town.directive().state == "acknowledged"

    world.night(NIGHT)
    town.to(at(NIGHT, 8))
    town.send()
    reminder = town.mails_to("ben")[-1]
    assert "Còn 10 ngày làm việc" in reminder["Subject"]
    town.reply(reminder, "GIA HẠN 20/10/2026\nCòn chờ số liệu của các huyện.", with_pdf=True)
    town.to(at(NIGHT, 9))
    assert town.fetch() == {"applied": 1}
    assert [file.name for file in world.rows(Attachment)] == ["so-lieu.pdf"]
    town.send()
    assert "Đã nhận trả lời" in town.mails_to("ben")[-1]["Subject"]
    assert town.mails_to("duc") != []

    world.today = NIGHT
    world.move("duc", "GS14-01", "grant_extension", due_on=date(2026, 10, 20))
    town.send()
    decision = town.mails_to("ben")[-1]
    assert decision["Subject"] == "[GS14-01] Gia hạn đến 20/10/2026"
    town.to(at(date(2026, 10, 12)))
    town.reply(decision, "HOÀN THÀNH\nĐã rà soát xong, báo cáo kèm theo.", with_pdf=True)
    assert town.fetch() == {"applied": 1}
    world.today = date(2026, 10, 12)
    world.move("duc", "GS14-01", "accept")
    town.send()
    assert town.mails_to("ben")[-1]["Subject"].startswith("[GS14-01] Đã duyệt kết quả")
    assert (town.directive().state, town.directive().due_on) == ("done", date(2026, 10, 20))
    assert town.inn.holds(criteria="UNSEEN") == 0


DUTY = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To", "List-Id", "Auto-Submitted",
    "X-Auto-Response-Suppress", "X-Dondoc-Ly-Do", "X-Dondoc-Ma", "MIME-Version", "Content-Type",
]  # fmt: skip


def test_what_really_arrives_has_the_headers_of_its_kind_and_no_others(town: Town) -> None:
    """A duty is answered and threaded; a digest may be stopped by one click and is neither."""
    town.world.issue("GS14-01", due=date(2026, 9, 25))
    town.world.move("ben", "GS14-01", "acknowledge")
    with writing(town.engine) as db:
        db.add(Person(name="Lan", email="lan@lamgiang.example", role=Role.LEADERSHIP))
    for night in (NIGHT, date(2026, 9, 14)):
        town.world.night(night)
        town.to(at(night, 8))
        town.send()
    reminder = next(mail for mail in town.mails_to("ben") if mail["X-Dondoc-Ly-Do"] == "nhac-truoc-han")
    assert reminder.keys() == DUTY
    assert reminder["Message-ID"] == "<s.2026-09-11.4@dondoc.lamgiang.example>"
    assert reminder["In-Reply-To"] == reminder["References"] == "<gs14-01@dondoc.lamgiang.example>"
    assert reminder["List-Id"].endswith("<gs14.dondoc.lamgiang.example>")
    assert (reminder["Auto-Submitted"], reminder["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    (digest,) = town.mails_to("lan")
    dropped = {"In-Reply-To", "References", "Reply-To", "X-Dondoc-Ma"}
    assert set(digest.keys()) == {*DUTY, "List-Unsubscribe", "List-Unsubscribe-Post"} - dropped
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = digest.get_body(("plain",))
    assert text is not None
    assert digest["List-Unsubscribe"].strip("<>") in text.get_content()


def test_a_refusal_reaches_the_sender_and_can_itself_be_answered(town: Town) -> None:
    town.world.issue("GS14-01", due=date(2026, 9, 25))
    town.send()
    town.reply(town.mails_to("ben")[0], "HOÀN THÀNH\nXong cả.")
    assert town.fetch() == {"refused": 1}
    town.send()
    refusal = town.mails_to("ben")[-1]
    assert refusal["Auto-Submitted"] == "auto-replied"
    assert "cần minh chứng" in refusal.get_content()
    assert town.out.journal()[-1]["from"].startswith("bounce+a1.")
    town.reply(refusal, "HOÀN THÀNH\nMinh chứng: Công văn số 12/SCT")
    assert town.fetch() == {"applied": 1}
    assert town.directive().state == "reported"


def test_a_mail_is_marked_only_once_it_is_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.world.issue("GS14-01", due=date(2026, 9, 25))
    town.send()
    town.reply(town.mails_to("ben")[0], "ĐÃ NHẬN")

    def cut(*_: object) -> None:
        raise OSError("cut")

    with monkeypatch.context() as patched:
        patched.setattr("notifications.fetching._mark", cut)
        with pytest.raises(MailboxAway):
            town.fetch()
    assert town.inn.holds(criteria="UNSEEN") == 1
    assert town.fetch() == {"duplicate": 1}
    assert (town.inn.holds(criteria="UNSEEN"), len(town.world.rows(InboundMail))) == (0, 1)


def test_mails_are_moved_where_the_operator_wants_them(
    engine: Engine, tmp_path: Path, smtp_server: SmtpServer, imap_server: ImapServer
) -> None:
    town = Town(engine, tmp_path, smtp_server, imap_server, "/INBOX?done=Xong")
    for _ in range(3):
        imap_server.deliver(letter("Quảng cáo", "la@nguoi.example", "tra-loi@lamgiang.example").as_bytes())
    assert town.fetch() == {"held": 3}
    assert (imap_server.holds(), imap_server.holds("Xong")) == (0, 3)


def test_a_bounced_mail_goes_again_to_the_corrected_address(town: Town) -> None:
    town.world.issue("GS14-01", due=date(2026, 9, 25))
    town.send()
    returns_to = town.out.journal()[0]["from"]
    town.inn.deliver(report(returns_to, "ben@lamgiang.example"))
    town.to(town.now + timedelta(minutes=2))
    assert town.fetch() == {"bounced": 1}
    (ben,) = [one for one in town.world.rows(Person) if one.email.startswith("ben@")]
    (message, *_) = town.world.rows(Message)
    assert (ben.mailbox, message.status) == (Mailbox.DEAD, MessageStatus.REJECTED)
    town.send()
    (told,) = town.mails_to("ada")
    assert told["Subject"] == "01 địa chỉ không nhận được thư"


def test_a_mailbox_that_is_away_is_said_without_its_password(town: Town) -> None:
    town.inn.stop()
    with pytest.raises(MailboxAway) as away:
        town.fetch()
    assert "mat-khau" not in str(away.value)
