"""What became of sent mails, written to the database in groups: one transaction for many.

A mail the relay took is in the sent journal before the next one leaves; its mark may wait for others. A sender
that dies meanwhile leaves leased rows, and whoever claims them on this host finds them in the journal. Without
a journal, or when the disk refuses its line, the mark does not wait.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from time import monotonic

from sqlmodel import Session

from notifications import undeliverable
from notifications.channels import Fate, Outcome
from notifications.packing import Parcel
from notifications.sent_journal import SentJournal
from workflow import channel, failpoints, outcomes, rulebook

AT_MOST = 100  # mails; so many may come twice when the host of a sender is lost with its disk
WITHIN = 0.5  # seconds; a relay that takes longer for one mail has each marked at once

Transaction = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Result:
    parcel: Parcel
    outcome: Outcome
    at: datetime

    @property
    def said(self) -> str:
        return said(self.outcome)


@dataclass
class Marks:
    """`held` are the leases of this sender: a mail leaves them when its mark is committed.

    `lock` keeps whoever renews them out meanwhile: two transactions over the same rows could wait for each other.
    """

    transaction: Transaction
    zone: str
    journal: SentJournal | None
    held: dict[int, int]
    lock: Lock
    waiting: list[Result] = field(default_factory=list)
    since: float = 0.0
    overtaken: int = 0

    def add(
        self, parcel: Parcel, outcome: Outcome, *, at: datetime, began: float, frees: bool = False
    ) -> None:
        """`began`: when its sending did, in seconds of `monotonic`. `frees`: the channel carries again."""
        self.since = self.since if self.waiting else began
        self.waiting.append(Result(parcel, outcome, at))
        waits = not frees and self._may_wait(self.waiting[-1])
        if not waits or len(self.waiting) >= AT_MOST or monotonic() - self.since >= WITHIN:
            self.write(frees=frees)

    def _may_wait(self, one: Result) -> bool:
        """A refusal for good also writes of a person; two in one transaction could meet another sender's two."""
        if one.outcome.fate is Fate.HANDED_OVER:
            return self.journal is not None and self.journal.note(one.parcel.sent(one.at, one.said))
        return one.outcome.fate is not Fate.REJECTED

    def write(self, *, frees: bool = False) -> None:
        results, self.waiting = self.waiting, []
        if not results:
            return
        if self.journal is not None:
            self.journal.sync()
        with self.lock, self.transaction() as db:
            self._hand_over(db, [one for one in results if one.outcome.fate is Fate.HANDED_OVER])
            for one in results:
                self._record(db, one)
            if frees:
                channel.restore(db, at=results[-1].at, on=rulebook.local_day(results[-1].at, self.zone))
            failpoints.passing("mark.commit")
        for one in results:
            self.held.pop(one.parcel.id, None)

    def _hand_over(self, db: Session, results: list[Result]) -> None:
        handed = [
            outcomes.Handed(
                one.parcel.id, one.parcel.token, one.at, rulebook.local_day(one.at, self.zone), one.said,
                climbs=one.parcel.climbs,
            )
            for one in results
        ]  # fmt: skip
        if handed:
            self.overtaken += len(handed) - outcomes.hand_over_group(db, handed)

    def _record(self, db: Session, one: Result) -> None:
        """Everything but a 250."""
        parcel, at = one.parcel, one.at
        mine = (db, parcel.id, parcel.token)
        fate = one.outcome.fate
        if fate is Fate.AMBIGUOUS:
            outcomes.repeat(*mine, at=at, response=one.said)
        elif fate is Fate.REJECTED:
            on = rulebook.local_day(at, self.zone)
            if outcomes.reject(*mine, on=on, response=one.said):
                undeliverable.note(db, parcel.person_id, one.outcome, at=at, on=on)
        elif fate is not Fate.HANDED_OVER:
            outcomes.retry(*mine, at=at, attempts=parcel.attempts, response=one.said)


def said(outcome: Outcome) -> str:
    return f"{outcome.code or ''} {outcome.text}".strip()[:500]
