"""The demo's proof: what had to be told, against the relay's own journal."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import rulebook
from workflow.ladder import timetable
from workflow.models.message import Message, MessageStatus
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation


@dataclass(frozen=True)
class Tally:
    """`due`: messages the database wanted; `repeated`: the same Message-ID again after a lost answer.

    `promised`: rungs and levels of the policy that had to be told by their dates, recomputed forwards
    for each obligation, and `missing` those without a notice.
    """

    due: int
    handed_over: int
    lost: int
    doubled: int
    repeated: int
    promised: int
    missing: int
    fingerprint: str

    @property
    def is_proven(self) -> bool:
        return not (self.lost or self.doubled or self.missing)


def tally(db: Session, journal: list[dict[str, Any]], last: date) -> Tally:
    messages = list(db.scalars(select(Message).where(col(Message.status) != MessageStatus.CANCELLED)))
    accepted = Counter(line["message_id"] for line in journal)
    bytes_of: dict[str, set[str]] = {}
    for line in journal:
        bytes_of.setdefault(line["message_id"], set()).add(line["sha256"])
    lost = [one for one in messages if one.header_id is None or accepted[one.header_id] == 0]
    again = sum(count - 1 for count in accepted.values())
    marked = sum(min(one.repeats, max(accepted[one.header_id or ""] - 1, 0)) for one in messages)
    unequal = sum(len(different) - 1 for different in bytes_of.values())
    promised, missing = _promises(db, last)
    return Tally(
        due=len(messages),
        handed_over=sum(one.status is MessageStatus.HANDED_OVER for one in messages),
        lost=len(lost),
        doubled=again - marked + unequal,
        repeated=marked,
        promised=promised,
        missing=missing,
        fingerprint=_fingerprint(journal),
    )


def _promises(db: Session, last: date) -> tuple[int, int]:
    """Forward reading, an obligation at a time; those whose date was moved start over and are left out."""
    calendar = rulebook.active_calendar(db)
    told = _told(db)
    promised = missing = 0
    for one in db.scalars(
        select(Obligation).where(col(Obligation.due_on) == col(Obligation.original_due_on))
    ):
        policy = rulebook.policy(db, one.policy_id)
        until = min(one.met_on or last, last)
        steps = timetable(
            policy.ladders[one.ladder], policy.counted(calendar), one.opened_on, one.due_on, one.span_days
        )
        for step in steps:
            if step.applies and one.opened_on < step.on <= until:
                promised += 1
                missing += (
                    one.id,
                    step.offset if step.level is None else None,
                    step.level and step.level.level,
                ) not in told
    return promised, missing


def _told(db: Session) -> set[tuple[int | None, int | None, int | None]]:
    query = select(col(Notice.obligation_id), col(Notice.rung), col(Notice.level))
    settled = col(Notice.status).in_([NoticeStatus.WANTED, NoticeStatus.UNREACHABLE])
    return {(obligation, rung, level) for obligation, rung, level in db.execute(query.where(settled))}


def _fingerprint(journal: list[dict[str, Any]]) -> str:
    """Who got which subject, whatever the order and however often repeated: equal for equal stories."""
    lines = sorted({f"{','.join(line['to'])}\t{line['subject']}" for line in journal})
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
