"""Mails as agencies, relays and strangers send them, and a room that takes them in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, select
from sqlmodel import col

from config.database import reading
from config.settings import Settings
from notifications.answering import Answering
from notifications.mailroom import receiver
from notifications.receiving import Received, Receiver
from tests.world import World
from workflow.models.inbound import InboundMail, MailAnswer
from workflow.models.organization import Organization

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NUMBERS = count(1)


def settings_for(home: Path, **more: object) -> Settings:
    given = {
        "home": home,
        "base_url": "https://dondoc.lamgiang.example",
        "mail_from": "Đôn đốc <dondoc@lamgiang.example>",
        "reply_address": "tra-loi@lamgiang.example",
        "secret_key": SecretStr("k3y-of-a-house-that-only-tests-live-in"),
    }
    return Settings(**{**given, **more})  # type: ignore[arg-type]


@dataclass
class Room:
    """`now` is what the receiver is told; whoever writes is a contact of the world unless said otherwise."""

    world: World
    receiver: Receiver
    now: datetime

    @property
    def answering(self) -> Answering:
        return self.receiver.answering

    def organization(self, code: str) -> int:
        with reading(self.world.engine) as db:
            return db.scalars(select(col(Organization.id)).where(col(Organization.code) == code)).one()

    def address(self, code: str = "GS14-01", body: str = "sct") -> str:
        address = self.answering.reply_to(code, self.organization(body))
        assert address is not None
        return address

    def take(self, mail: EmailMessage | bytes, **envelope: str) -> Received:
        data = mail if isinstance(mail, bytes) else mail.as_bytes()
        return self.receiver.receive(data, self.now, **envelope)  # type: ignore[arg-type]

    def answer(
        self, text: str, who: str = "ben", code: str = "GS14-01", body: str = "sct", **more: str
    ) -> Received:
        return self.take(letter(text, who, self.address(code, body), **more))

    def rows(self) -> list[InboundMail]:
        return self.world.rows(InboundMail)

    def answers(self) -> list[MailAnswer]:
        return self.world.rows(MailAnswer)


@contextmanager
def room(engine: Engine, world: World, home: Path, now: datetime) -> Iterator[Room]:
    with receiver(settings_for(home), engine) as inbox:
        yield Room(world, inbox, now)


def letter(text: str, who: str, to: str, **headers: str) -> EmailMessage:
    """One mail with a new Message-ID; `headers` add or replace, an empty one takes away."""
    mail = EmailMessage()
    known = {
        "From": who if "@" in who else f"{who.title()} <{who}@lamgiang.example>",
        "To": to,
        "Subject": "Re: [GS14-01] Còn 10 ngày làm việc",
        "Date": "Fri, 11 Sep 2026 09:00:00 +0700",
        "Message-ID": f"<m{next(NUMBERS)}.{who.partition('@')[0]}@sct.example>",
    }
    for name, value in (known | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        if value:
            mail[name] = value
    mail.set_content(text)
    return mail


def with_file(mail: EmailMessage, name: str = "bao-cao.pdf", content: bytes = PDF) -> EmailMessage:
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail


def report(to: str, recipient: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery report (RFC 3464) as a relay writes it."""
    number = next(NUMBERS)
    return f"""Return-Path: <>
From: MAILER-DAEMON@relay.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce{number}@relay.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such person

--b
Content-Type: text/rfc822-headers

Message-ID: <x{number}@lamgiang.example>

--b--
""".encode()
