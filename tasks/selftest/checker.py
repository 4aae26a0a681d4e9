"""What the relay was given, against what the policy promised: in the way of Jepsen's total queue."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default as modern
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tasks.selftest.lab import Lab
from tasks.selftest.oracle import Told
from workflow.models.message import Message, MessageStatus


@dataclass(frozen=True)
class Verdict:
    """`lost`: a promise (person, code) no accepted mail kept. `duplicates`: a Message-ID the relay got again.
    `other_bytes`: such a repeat that was not the same mail. `doubled`: told twice under different ids.
    `unexpected`: told without a promise. `recovered`: sent at a second attempt. `late`: seconds from `since`.
    """

    due: int
    attempted: int
    handed_over: int
    lost: int
    duplicates: int
    other_bytes: int
    doubled: int
    unexpected: int
    recovered: int
    late: tuple[float, float, float]

    @property
    def is_exact(self) -> bool:
        return not (self.lost or self.other_bytes or self.doubled or self.unexpected)

    @property
    def short(self) -> str:
        return f"lost {self.lost}, duplicates {self.duplicates}"

    def __str__(self) -> str:
        p50, p99, longest = self.late
        return (
            f"due {self.due}, handed over {self.handed_over}, lost {self.lost}, duplicates {self.duplicates} "
            f"(other bytes {self.other_bytes}), doubled {self.doubled}, unexpected {self.unexpected}, "
            f"recovered {self.recovered}, late p50 {p50:.1f} s p99 {p99:.1f} s max {longest:.1f} s"
        )


def check(lab: Lab, db: Session, promised: Told, since: datetime) -> Verdict:
    journal = lab.journal()
    arrivals = Counter(entry["message_id"] for entry in journal)
    bytes_of = defaultdict(set)
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in journal:
        bytes_of[entry["message_id"]].add(entry["sha256"])
        for address, code in told_lines(lab, entry):
            told[address, code].add(entry["message_id"])
    wanted = {(address, code) for address, codes in promised.items() for code in codes}
    messages = list(db.scalars(select(Message).where(col(Message.sweep_run_id).is_not(None))))
    return Verdict(
        due=len(wanted),
        attempted=sum(arrivals.values()),
        handed_over=sum(one.status is MessageStatus.HANDED_OVER for one in messages),
        lost=len(wanted - told.keys()),
        duplicates=sum(count - 1 for count in arrivals.values()),
        other_bytes=sum(len(different) - 1 for different in bytes_of.values()),
        doubled=sum(len(ids) - 1 for ids in told.values()),
        unexpected=len(told.keys() - wanted),
        recovered=sum(one.attempts > 1 and one.status is MessageStatus.HANDED_OVER for one in messages),
        late=_late(journal, since),
    )


def told_lines(lab: Lab, entry: dict[str, Any]) -> list[tuple[str, str]]:
    """(address, code) of each directive a mail names."""
    mail = message_from_bytes(lab.mail(entry), policy=modern)
    body = mail.get_body(("plain",))
    words = (body.get_content() if body else "").replace("[", " ").replace("]", " ").split()
    codes = {word.strip(".,:;()") for word in [*words, *str(mail["Subject"]).strip("[").split("]")]}
    return [(address, code) for address in entry["to"] for code in codes if code.startswith("ST-")]


def _late(journal: list[dict[str, Any]], since: datetime) -> tuple[float, float, float]:
    first: dict[str, float] = {}
    for entry in journal:
        waited = (datetime.fromisoformat(entry["at"]) - since).total_seconds()
        first.setdefault(entry["message_id"], waited)
    waits = sorted(first.values()) or [0.0]
    return waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 99 // 100)], waits[-1]
