"""From a claimed message to frozen bytes: facts, words, headers. One bad letter delays only itself."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from sqlmodel import Session

from config.database import DatabaseAway
from notifications import due_days
from notifications.accents import plain
from notifications.answering import Answering
from notifications.facts import Facts, Site
from notifications.kinds import MailKind
from notifications.mime import Envelope, Mailbox, build
from notifications.payload import Letter
from notifications.rendering import Rendered
from workflow import outbox, rulebook
from workflow.instance import Sent
from workflow.models.message import Message
from workflow.models.organization import OrganizationKind
from workflow.models.person import Person
from workflow.outbox import Claimed

log = logging.getLogger(__name__)

BARE_REASON = "can-xem"  # a mail that must tell nothing does not tell its kind either
LONGEST_LABEL = 40
_NOT_IN_A_LABEL = re.compile(r"[^a-z0-9]+")

Sign = Callable[[bytes], bytes]
Write = Callable[[Letter], Rendered]


@lru_cache(maxsize=8)
def _mailbox(words: str) -> Mailbox:
    name, address = parseaddr(words)
    return Mailbox(address, name)


@dataclass(frozen=True)
class Sender:
    """Who we are on the wire. `only_to` muzzles an installation that is not the real one."""

    mail_from: str
    site: Site
    only_to: tuple[str, ...] = ()
    sign: Sign | None = None
    answering: Answering | None = None

    @property
    def address(self) -> str:
        return self.mailbox.address

    @property
    def mailbox(self) -> Mailbox:
        return _mailbox(self.mail_from)

    @property
    def host(self) -> str:
        return urlsplit(self.site.base_url).hostname or "localhost"

    def return_path(self, message_id: int, now: datetime) -> str:
        """Where this message comes back to, if it does: signed, so that a forged return counts for nothing."""
        return self.answering.envelope_sender(message_id, now) if self.answering else self.address

    def may_reach(self, address: str) -> bool:
        domain = "@" + address.rpartition("@")[2]
        return not self.only_to or address in self.only_to or domain in self.only_to

    def signed(self, data: bytes) -> bytes:
        return self.sign(data) if self.sign is not None else data


@dataclass(frozen=True)
class Parcel:
    """A claimed message with its frozen bytes, ready for the wire."""

    id: int
    token: int
    attempts: int
    person_id: int
    address: str
    data: bytes
    key: str
    kind: str
    night_on: date
    header_id: str
    climbs: bool

    def sent(self, at: datetime, response: str) -> Sent:
        return Sent(
            self.key,
            self.person_id,
            self.kind,
            self.night_on,
            at,
            self.address,
            self.header_id,
            response,
            self.token,
        )


@dataclass(frozen=True)
class Packer:
    sender: Sender
    zone: str
    write: Write

    def pack(self, db: Session, batch: list[Claimed], at: datetime) -> Iterator[Parcel]:
        """What may leave now; the rest of the batch was held or parked."""
        fresh = [claimed for claimed in batch if claimed.message.mime is None]
        facts = Facts(db, fresh, rulebook.local_day(at, self.zone), self.sender.site, at) if fresh else None
        for claimed in batch:
            message = claimed.message
            if message.mime is None and facts is not None and not self._freeze(facts, claimed, at):
                continue
            assert message.mime is not None
            assert message.address is not None
            yield Parcel(
                message.id, message.token, message.attempts, message.person_id, message.address, message.mime,
                message.key, message.kind, message.night_on, message.header_id or "",
                climbs=any(line.notice.level is not None for line in claimed.lines),
            )  # fmt: skip

    def _freeze(self, facts: Facts, claimed: Claimed, at: datetime) -> bool:
        """Render once; from here on the bytes are the message."""
        message = claimed.message
        person = facts.people[message.person_id]
        if not self.sender.may_reach(person.email):
            outbox.hold(message, "not_on_allow_list")
            return False
        try:
            letter = facts.letter(claimed)
            letter = replace(letter, reply_to=self._reply_to(facts, claimed, letter))
            rendered = self.write(letter)
            envelope = self.envelope(letter, message, person, at)
            book = due_days.attached(claimed, letter, self.sender.host)
            data = build(rendered, replace(envelope, calendar=book))
            message.mime = self.sender.signed(data)
        except DatabaseAway:
            raise  # says nothing about the letter, and the transaction that would park it is over
        except Exception as fault:
            log.exception("message %s cannot be rendered", message.key)
            outbox.park(message, at=at, reason=f"{type(fault).__name__}: {fault}"[:500])
            return False
        message.kind, message.subject, message.address = letter.kind.value, rendered.subject, person.email
        message.header_id = self._message_id(message)
        return True

    def _reply_to(self, facts: Facts, claimed: Claimed, letter: Letter) -> str | None:
        """Where an agency answers: about the one directive, or about all that this mail speaks of."""
        asked = {line.notice.organization_id for line in claimed.lines}
        body = facts.organizations.get(next(iter(asked)) or 0) if len(asked) == 1 else None
        if self.sender.answering is None or body is None or body.kind is not OrganizationKind.AGENCY:
            return None
        if len(letter.open_lines) != len(letter.lines):
            return None
        codes = {line.code for line in letter.lines}
        code = codes.pop() if len(codes) == 1 else f"thu-{claimed.message.id}"
        return self.sender.answering.reply_to(code, body.id)

    def _message_id(self, message: Message) -> str:
        """From the key, so that a repeat after a crash is recognised as the same mail."""
        return f"<{message.key.lower().replace(':', '.')}@{self.sender.host}>"

    def envelope(self, letter: Letter, message: Message, person: Person, at: datetime) -> Envelope:
        """Headers name only what the text may: no code, thread or reason of a secret directive."""
        codes = tuple(line.code for line in letter.open_lines)
        root = f"<{label(codes[0])}@{self.sender.host}>" if len(codes) == len(letter.lines) == 1 else None
        body = letter.addressee or letter.delegation_name
        return Envelope(
            sender=self.sender.mailbox,
            recipient=Mailbox(person.email, person.name),
            message_id=self._message_id(message),
            date=at,
            reason=BARE_REASON if letter.is_bare else letter.kind.slug,
            codes=codes,
            thread_root=root,
            list_name=f"{letter.supervision_code}, {body}",
            list_id=f"{label(letter.supervision_code)}.{self.sender.host}",
            reply_to=letter.reply_to,
            unsubscribe_url=letter.unsubscribe_url,
            important=letter.kind is MailKind.ESCALATION and not letter.is_bare,
        )


def label(code: str) -> str:
    """A code as part of a header's address: small ASCII letters, digits and hyphens, whatever it is made of."""
    return _NOT_IN_A_LABEL.sub("-", plain(code)).strip("-")[:LONGEST_LABEL].strip("-") or "x"
