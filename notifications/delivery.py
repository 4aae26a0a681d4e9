"""Emptying the outbox: claim, render and freeze in one transaction; send outside any; record the outcome."""

import logging
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from time import monotonic
from urllib.parse import urlsplit

from sqlmodel import Session

from notifications import undeliverable
from notifications.channels import Channel, Connection, Fate, Outcome
from notifications.facts import Facts, Site
from notifications.mime import Envelope, Mailbox, build
from notifications.payload import Letter
from notifications.rendering import render
from workflow import failpoints, outbox, rulebook
from workflow.models.message import Message
from workflow.models.person import Person
from workflow.outbox import Claimed
from workflow.statements import lease_clock

log = logging.getLogger(__name__)

BATCH = 20
RENEW_EVERY = 20.0  # seconds; the last 250 of one mail may take ten minutes

Transaction = Callable[[], AbstractContextManager[Session]]
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Sender:
    """Who we are on the wire. `only_to` muzzles an installation that is not the real one."""

    mail_from: str
    site: Site
    only_to: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return parseaddr(self.mail_from)[1]

    @property
    def mailbox(self) -> Mailbox:
        name, address = parseaddr(self.mail_from)
        return Mailbox(address, name)

    @property
    def host(self) -> str:
        return urlsplit(self.site.base_url).hostname or "localhost"

    def may_reach(self, address: str) -> bool:
        domain = "@" + address.rpartition("@")[2]
        return not self.only_to or address in self.only_to or domain in self.only_to


@dataclass(frozen=True)
class Parcel:
    """A claimed message with its frozen bytes, ready for the wire."""

    id: int
    token: int
    attempts: int
    person_id: int
    address: str
    data: bytes


@dataclass(frozen=True)
class Post:
    """Everything a sender needs: the database, the channel, who we are, and the two clocks."""

    transaction: Transaction
    channel: Channel
    sender: Sender
    now: Now
    real_now: Now
    zone: str

    def drain(self, seconds: float = math.inf) -> Counter[str]:
        """Send what is due until nothing is left, the time is up or the channel fails; counts per fate."""
        tally: Counter[str] = Counter()
        until = monotonic() + seconds
        with self.channel.open() as connection:
            while monotonic() < until and (parcels := self._claim(tally)):
                if not self._send_all(connection, parcels, tally):
                    break
        return tally

    def _claim(self, tally: Counter[str]) -> list[Parcel]:
        """The next batch; batches in which every message was dropped or parked are passed over."""
        while True:
            with self.transaction() as db:
                at = self.now()
                claimed = outbox.claim(db, at=at, real=lease_clock(db, self.real_now()), limit=BATCH)
                parcels = list(self._pack(db, claimed.leased, at))
                failpoints.passing("claim.commit")
            failpoints.passing("claim.done")
            tally["dropped"] += claimed.looked_at - len(claimed.leased)
            if parcels or not claimed.looked_at:
                return parcels

    def _pack(self, db: Session, batch: list[Claimed], at: datetime) -> Iterator[Parcel]:
        fresh = [claimed for claimed in batch if claimed.message.mime is None]
        facts = Facts(db, fresh, rulebook.local_day(at, self.zone), self.sender.site) if fresh else None
        for claimed in batch:
            message = claimed.message
            if message.mime is None and facts is not None and not self._freeze(facts, claimed, at):
                continue
            assert message.mime is not None
            assert message.address is not None
            yield Parcel(
                message.id, message.token, message.attempts, message.person_id, message.address, message.mime
            )

    def _freeze(self, facts: Facts, claimed: Claimed, at: datetime) -> bool:
        """Render once; from here on the bytes are the message. One bad letter delays only itself."""
        message = claimed.message
        person = facts.people[message.person_id]
        if not self.sender.may_reach(person.email):
            outbox.cancel(message, "not_on_allow_list")
            return False
        try:
            letter = facts.letter(claimed)
            rendered = render(letter)
            message.mime = build(rendered, self._envelope(letter, message, person, at))
        except Exception as fault:
            log.exception("message %s cannot be rendered", message.key)
            outbox.park(message, at=at, reason=f"{type(fault).__name__}: {fault}"[:500])
            return False
        message.kind, message.subject, message.address = letter.kind.value, rendered.subject, person.email
        message.header_id = self._message_id(message)
        return True

    def _message_id(self, message: Message) -> str:
        """From the key, so that a repeat after a crash is recognised as the same mail."""
        return f"<{message.key.lower().replace(':', '.')}@{self.sender.host}>"

    def _envelope(self, letter: Letter, message: Message, person: Person, at: datetime) -> Envelope:
        codes = tuple(line.code for line in letter.lines)
        root = f"<{codes[0].lower()}@{self.sender.host}>" if len(codes) == 1 else None
        return Envelope(
            sender=self.sender.mailbox,
            recipient=Mailbox(person.email, person.name),
            message_id=self._message_id(message),
            date=at,
            reason=letter.kind.slug,
            codes=codes,
            thread_root=root,
            list_name=letter.delegation_name,
            list_id=f"{letter.supervision_code.lower()}.{self.sender.host}",
        )

    def _send_all(self, connection: Connection, parcels: list[Parcel], tally: Counter[str]) -> bool:
        """False when the channel failed: what was not tried goes back unchanged."""
        open_leases = {parcel.id: parcel.token for parcel in parcels}
        with self._kept(open_leases):
            for number, parcel in enumerate(parcels):
                outcome = connection.send(self.sender.address, parcel.address, parcel.data)
                tally[outcome.fate.value] += 1
                self._record(parcel, outcome)
                open_leases.pop(parcel.id)
                if outcome.fate is Fate.CHANNEL_FAULT:
                    self._give_back(parcels[number + 1 :], outcome)
                    return False
        return True

    @contextmanager
    def _kept(self, leases: dict[int, int]) -> Iterator[None]:
        """A thread of its own renews the leases: one slow relay must not make us lose the batch."""
        stop = threading.Event()

        def renew() -> None:
            while not stop.wait(RENEW_EVERY):
                with self.transaction() as db:
                    outbox.renew(db, list(leases.items()), lease_clock(db, self.real_now()))

        keeper = threading.Thread(target=renew, name="leases", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()

    def _record(self, parcel: Parcel, outcome: Outcome) -> None:
        at, response = self.now(), f"{outcome.code or ''} {outcome.text}".strip()[:500]
        on = rulebook.local_day(at, self.zone)
        with self.transaction() as db:
            mine = (db, parcel.id, parcel.token)
            if outcome.fate is Fate.HANDED_OVER:
                outbox.hand_over(*mine, at=at, on=on, response=response)
            elif outcome.fate is Fate.AMBIGUOUS:
                outbox.repeat(*mine, at=at, response=response)
            elif outcome.fate is Fate.REJECTED:
                if outbox.reject(*mine, on=on, response=response):
                    undeliverable.note(db, parcel.person_id, outcome, at=at, on=on)
            elif outcome.fate is Fate.CHANNEL_FAULT:
                outbox.give_back(*mine, response=response)
            else:
                outbox.retry(*mine, at=at, attempts=parcel.attempts, response=response)
            failpoints.passing("mark.commit")

    def _give_back(self, parcels: list[Parcel], outcome: Outcome) -> None:
        with self.transaction() as db:
            for parcel in parcels:
                outbox.give_back(db, parcel.id, parcel.token, response=outcome.text[:500])
