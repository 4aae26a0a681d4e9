"""Emptying the outbox: claim, render and freeze in one transaction; send outside any; record the outcome."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlmodel import Session

from config.database import DatabaseAway
from notifications import undeliverable, wording
from notifications.channels import Channel, Connection, Fate, Outcome
from notifications.packing import Packer, Parcel, Sender
from notifications.sent_journal import SentJournal
from workflow import channel, failpoints, outbox, rulebook
from workflow.pacing import NO_LIMIT, Pace
from workflow.statements import lease_clock

BATCH = 20
RENEW_EVERY = 20.0  # seconds; the last 250 of one mail may take ten minutes
LEAST_LEFT = 10.0  # seconds of the lease, or the final dot is not sent any more
EVERYBODY = 3  # so many refusals by policy and not one acceptance: the relay means us, not them

Transaction = Callable[[], AbstractContextManager[Session]]
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Batch:
    """`until`: the leases last at least so long, in seconds of `monotonic`."""

    parcels: list[Parcel]
    until: float
    is_trial: bool = False


@dataclass
class Leases:
    """What this sender holds; nobody else may take it before `until`."""

    tokens: dict[int, int]
    until: float

    def last(self) -> bool:
        return self.until - monotonic() >= LEAST_LEFT


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

    def drain(self, seconds: float = math.inf) -> Counter[str]:
        """Send what is due until nothing is left, the time is up or the channel fails; counts per fate."""
        tally: Counter[str] = Counter()
        until = monotonic() + seconds
        with self.channel.open() as connection:
            while monotonic() < until and (batch := self._claim(tally)).parcels:
                if not self._send_all(connection, batch, tally):
                    break
        return tally

    def _claim(self, tally: Counter[str]) -> Batch:
        """The next batch; batches in which every message was dropped or parked are passed over."""
        while True:
            until = _lease_end()
            with self.transaction() as db:
                at, real = self.now(), lease_clock(db, self.real_now())
                claimed = outbox.claim(db, at=at, real=real, limit=BATCH, pace=self.pace)
                packer = Packer(self.sender, self.zone, wording.in_force(db).render)
                parcels = list(packer.pack(db, claimed.leased, at))
                failpoints.passing("claim.commit")
            failpoints.passing("claim.done")
            tally["dropped"] += claimed.looked_at - claimed.delayed - len(claimed.leased)
            if claimed.delayed:
                tally["delayed"] += claimed.delayed
            if parcels or not claimed.looked_at:
                return Batch(parcels, until, claimed.is_trial)

    def _send_all(self, connection: Connection, batch: Batch, tally: Counter[str]) -> bool:
        """False when the channel failed: what was not tried goes back unchanged."""
        parcels, doubted = batch.parcels, list[tuple[Parcel, Outcome]]()
        leases = Leases({parcel.id: parcel.token for parcel in parcels}, batch.until)
        carries, most = False, 1 if batch.is_trial else EVERYBODY
        with self._kept(leases):
            for number, parcel in enumerate(parcels):
                returns_to = self.sender.return_path(parcel.id, self.now())
                outcome = connection.send(returns_to, parcel.address, parcel.data, leases.last)
                if not carries and undeliverable.is_about_us(outcome):
                    doubted.append((parcel, outcome))
                    if len(doubted) < most:
                        continue
                    outcome = Outcome(Fate.CHANNEL_FAULT, outcome.code, outcome.text, needs_operator=True)
                tally[outcome.fate.value] += 1
                if outcome.fate is Fate.CHANNEL_FAULT:
                    unsent = [one for one, _ in doubted if one is not parcel] + parcels[number:]
                    self._stop(unsent, outcome)
                    return False
                carries = carries or outcome.fate is Fate.HANDED_OVER
                self._record(parcel, outcome, frees=batch.is_trial and carries)
                leases.tokens.pop(parcel.id)
            for parcel, outcome in doubted:
                tally[outcome.fate.value] += 1
                self._record(parcel, outcome)
        return True

    @contextmanager
    def _kept(self, leases: Leases) -> Iterator[None]:
        """A thread of its own renews the leases: one slow relay must not make us lose the batch."""
        stop = threading.Event()

        def renew() -> None:
            while not stop.wait(RENEW_EVERY):
                with suppress(DatabaseAway):  # the next round may find it again
                    until = _lease_end()
                    with self.transaction() as db:
                        outbox.renew(db, list(leases.tokens.items()), lease_clock(db, self.real_now()))
                    leases.until = until

        keeper = threading.Thread(target=renew, name="leases", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            stop.set()
            keeper.join()
            if self.journal is not None:
                self.journal.sync()

    def _record(self, parcel: Parcel, outcome: Outcome, *, frees: bool = False) -> None:
        at, response = self.now(), _said(outcome)
        on = rulebook.local_day(at, self.zone)
        if self.journal is not None and outcome.fate is Fate.HANDED_OVER:
            self.journal.note(parcel.sent(at, response))
        with self.transaction() as db:
            mine = (db, parcel.id, parcel.token)
            if outcome.fate is Fate.HANDED_OVER:
                outbox.hand_over(*mine, at=at, on=on, response=response)
            elif outcome.fate is Fate.AMBIGUOUS:
                outbox.repeat(*mine, at=at, response=response)
            elif outcome.fate is Fate.REJECTED:
                if outbox.reject(*mine, on=on, response=response):
                    undeliverable.note(db, parcel.person_id, outcome, at=at, on=on)
            else:
                outbox.retry(*mine, at=at, attempts=parcel.attempts, response=response)
            if frees:
                channel.restore(db, at=at, on=on)
            failpoints.passing("mark.commit")

    def _stop(self, parcels: list[Parcel], outcome: Outcome) -> None:
        """Every mail goes back as it was; the channel rests."""
        at, response = self.now(), _said(outcome)
        with self.transaction() as db:
            for parcel in parcels:
                outbox.give_back(db, parcel.id, parcel.token, response=response)
            on = rulebook.local_day(at, self.zone)
            channel.stop(db, at=at, on=on, response=response, needs_operator=outcome.needs_operator)


def _said(outcome: Outcome) -> str:
    return f"{outcome.code or ''} {outcome.text}".strip()[:500]
