"""How fast mails may leave: slower relays are not flooded, no person is. What must wait is delayed, never lost.

With several senders at once a limit may be passed by what the others have just claimed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from workflow.models.message import Message, MessageStatus

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TRY_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Pace:
    """None: no limit. `per_minute` counts all mails, `per_person` those of one person within an hour."""

    per_minute: int | None = None
    per_person: int | None = None

    def left(self, db: Session, at: datetime, wanted: int) -> int:
        """How many of `wanted` mails may be claimed now; what is being sent counts as sent."""
        if self.per_minute is None:
            return wanted
        recent = col(Message.handed_over_at) > at - MINUTE
        going = and_(col(Message.status) == MessageStatus.SENDING, col(Message.lease_until).is_not(None))
        sent = sum(
            db.scalar(select(func.count()).select_from(Message).where(one)) or 0 for one in (recent, going)
        )
        return max(0, min(wanted, self.per_minute - sent))

    def too_many(self, db: Session, at: datetime, messages: list[Message]) -> set[int]:
        """Ids of messages whose person has had enough for this hour. A repeat of the same bytes always goes."""
        if self.per_person is None:
            return set()
        had = self._had(db, at, {message.person_id for message in messages})
        late: set[int] = set()
        for message in messages:
            if message.mime is not None:
                continue
            if had[message.person_id] >= self.per_person:
                late.add(message.id)
            had[message.person_id] += 1
        return late

    def _had(self, db: Session, at: datetime, people: Iterable[int]) -> Counter[int]:
        recent = (col(Message.person_id).in_(sorted(people)), col(Message.handed_over_at) > at - HOUR)
        query = select(col(Message.person_id), func.count()).where(*recent).group_by(col(Message.person_id))
        had: Counter[int] = Counter()
        for person_id, count in db.execute(query):
            had[person_id] = count
        return had


NO_LIMIT = Pace()
