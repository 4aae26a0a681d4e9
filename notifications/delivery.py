"""Emptying the outbox: claim, render and freeze in one transaction; send outside any; record the outcome."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic

from sqlmodel import Session

from config.database import DatabaseAway
from notifications import sent_journal, undeliverable, wording
from notifications.channels import Channel, Connection, Fate, Outcome
from notifications.marks import Marks, Transaction, said
from notifications.packing import Packer, Parcel, Sender
from notifications.sent_journal import SentJournal
from workflow import channel, failpoints, outbox, outcomes, rulebook
from workflow.models.message import Message
from workflow.pacing import NO_LIMIT, Pace
from workflow.statements import lease_clock

LEAST, MOST = 25, 100  # mails in a batch
PACKED_WITHIN = 0.1  # seconds; its directives are locked against being closed meanwhile
SENT_WITHIN = 1.0  # seconds; its facts grow old, and a dead sender's batch waits for the end of the leases
RENEW_EVERY = 20.0  # seconds; the last 250 of one mail may take ten minutes
LEAST_LEFT = 10.0  # seconds of the lease, or the final dot is not sent any more
EVERYBODY = 3  # so many refusals by policy and not one acceptance: the relay means us, not them

Now = Callable[[], datetime]


def never() -> bool:
    return False


@dataclass(frozen=True)
class Batch:
    """`until`: the leases last at least so long, in seconds of `monotonic`. `packed` took so many seconds."""

    parcels: list[Parcel]
    until: float
    packed: float
    is_trial: bool = False

    def next_size(self, sent: float) -> int:
        """As many mails as are packed and sent in good time, judged by this batch."""
        share = min(PACKED_WITHIN / max(self.packed, 0.001), SENT_WITHIN / max(sent, 0.001))
        return round(min(max(len(self.parcels) * share, LEAST), MOST))


@dataclass
class Leases:
    """What this sender holds; nobody else may take it before `until`."""

    tokens: dict[int, int]
    until: float
    lock: threading.Lock = field(default_factory=threading.Lock)

    def last(self, message_id: int) -> bool:
        return message_id in self.tokens and self.until - monotonic() >= LEAST_LEFT

    def renew(self, db: Session, real: datetime) -> None:
        """A sender that was frozen or cut off for longer than its lease finds here what others claimed meanwhile."""
        kept = outbox.renew(db, list(self.tokens.items()), real)
        for message_id in list(self.tokens):
            if message_id not in kept:
                self.tokens.pop(message_id, None)


def _lease_end() -> float:
    """Asked before the transaction that leases, so that the truth is never earlier."""
    return monotonic() + outbox.LEASE.total_seconds()


@dataclass(frozen=True)
class Post:
    """Everything a sender needs: the database, the channel, who we are, the two clocks, how fast."""

    transaction: Transaction
    channel: Channel
    sender: Sender
    now: Now
    real_now: Now
    zone: str
    pace: Pace = NO_LIMIT
    journal: SentJournal | None = None
    is_ending: Callable[[], bool] = never

    def drain(self, seconds: float = math.inf) -> Counter[str]:
        """Send what is due until nothing is left, the time is up, the channel fails or this process shall end.

        Counts per fate.
        """
        tally: Counter[str] = Counter()
        until, size = monotonic() + seconds, LEAST
        with self.channel.open() as connection:
            while self._goes_on(until) and (batch := self._claim(tally, size)).parcels:
                began = monotonic()
                if not self._send_all(connection, batch, tally):
                    break
                size = batch.next_size(monotonic() - began)
        return tally

    def _goes_on(self, until: float) -> bool:
        return monotonic() < until and not self.is_ending()

    def _claim(self, tally: Counter[str], size: int) -> Batch:
        """The next batch; batches in which every message was dropped or parked are passed over."""
        while True:
            began, until = monotonic(), _lease_end()
            with self.transaction() as db:
                at, real = self.now(), lease_clock(db, self.real_now())
                claimed = outbox.claim(
                    db, at=at, real=real, limit=size, pace=self.pace, recall=self._recalled
                )
                packer = Packer(self.sender, self.zone, wording.in_force(db).render)
                parcels = list(packer.pack(db, claimed.leased, at))
                failpoints.passing("claim.commit")
            failpoints.passing("claim.done")
            _count(tally, claimed)
            if parcels or not claimed.looked_at:
                return Batch(parcels, until, monotonic() - began, claimed.is_trial)

    def _recalled(self, left: Sequence[Message]) -> Iterable[outcomes.Handed]:
        """What the relay took from a sender of this host that died before it could mark it."""
        if self.journal is None:
            return
        ids = {message.key: message.id for message in left}
        for sent in sent_journal.attempts(self.journal.path, {one.key: one.token for one in left}):
            on = rulebook.local_day(sent.at, self.zone)
            yield outcomes.Handed(ids[sent.key], sent.token, sent.at, on, sent.response)

    def _send_all(self, connection: Connection, batch: Batch, tally: Counter[str]) -> bool:
        """False when the channel failed or we are to end: what was not tried goes back unchanged."""
        leases = Leases({parcel.id: parcel.token for parcel in batch.parcels}, batch.until)
        marks = Marks(self.transaction, self.zone, self.journal, leases.tokens, leases.lock)
        with self._kept(leases):
            try:
                return self._sent(connection, batch, leases, marks, tally)
            finally:
                marks.write()
                if marks.overtaken:
                    tally["overtaken"] += marks.overtaken

    def _sent(
        self, connection: Connection, batch: Batch, leases: Leases, marks: Marks, tally: Counter[str]
    ) -> bool:
        parcels, doubted = batch.parcels, list[tuple[Parcel, Outcome]]()
        carries, most = False, 1 if batch.is_trial else EVERYBODY
        for number, parcel in enumerate(parcels):
            if self.is_ending():
                with leases.lock, self.transaction() as db:
                    _give_back(
                        db, [one for one, _ in doubted] + parcels[number:], "the sender was asked to end"
                    )
                return False
            began, returns_to = monotonic(), self.sender.return_path(parcel.id, self.now())
            ours = partial(leases.last, parcel.id)
            outcome = connection.send(returns_to, parcel.address, parcel.data, ours)
            if not carries and undeliverable.is_about_us(outcome):
                doubted.append((parcel, outcome))
                if len(doubted) < most:
                    continue
                outcome = Outcome(Fate.CHANNEL_FAULT, outcome.code, outcome.text, needs_operator=True)
            tally[outcome.fate.value] += 1
            if outcome.fate is Fate.CHANNEL_FAULT:
                with leases.lock:
                    self._stop([one for one, _ in doubted if one is not parcel] + parcels[number:], outcome)
                return False
            carries = carries or outcome.fate is Fate.HANDED_OVER
            marks.add(parcel, outcome, at=self.now(), began=began, frees=batch.is_trial and carries)
        for parcel, outcome in doubted:
            tally[outcome.fate.value] += 1
            marks.add(parcel, outcome, at=self.now(), began=monotonic())
        return True

    @contextmanager
    def _kept(self, leases: Leases) -> Iterator[None]:
        """A thread of its own renews the leases: one slow relay must not make us lose the batch."""
        stop = threading.Event()

        def renew() -> None:
            while not stop.wait(RENEW_EVERY):
                with suppress(DatabaseAway):  # the next round may find it again
                    until = _lease_end()
                    with leases.lock, self.transaction() as db:
                        leases.renew(db, lease_clock(db, self.real_now()))
                    leases.until = until

        keeper = threading.Thread(target=renew, name="leases", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()

    def _stop(self, parcels: list[Parcel], outcome: Outcome) -> None:
        """Every mail goes back as it was; the channel rests."""
        at, response = self.now(), said(outcome)
        with self.transaction() as db:
            _give_back(db, parcels, response)
            on = rulebook.local_day(at, self.zone)
            channel.stop(db, at=at, on=on, response=response, needs_operator=outcome.needs_operator)


def _give_back(db: Session, parcels: list[Parcel], response: str) -> None:
    for parcel in parcels:
        outcomes.give_back(db, parcel.id, parcel.token, response=response)


def _count(tally: Counter[str], claimed: outbox.Claim) -> None:
    tally["dropped"] += claimed.looked_at - claimed.delayed - claimed.settled - len(claimed.leased)
    for name, count in (("delayed", claimed.delayed), ("settled", claimed.settled)):
        if count:
            tally[name] += count
