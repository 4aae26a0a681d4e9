"""An address the relay refuses for good: marked on the person, journalled, visible until corrected."""

from datetime import date, datetime

from sqlmodel import Session

from notifications.channels import Outcome
from workflow import audit
from workflow.access import SYSTEM
from workflow.models.person import Mailbox, Person

# RFC 5321: the mailbox is unknown, moved or its name is not allowed. Other refusals are about the mail.
NO_SUCH_MAILBOX = frozenset({550, 551, 553})


def note(db: Session, person_id: int, outcome: Outcome, *, at: datetime, on: date) -> None:
    person = db.get_one(Person, person_id)
    if outcome.code not in NO_SUCH_MAILBOX or person.mailbox is Mailbox.DEAD:
        return
    person.mailbox, person.mailbox_failure, person.mailbox_failed_at = Mailbox.DEAD, outcome.text[:300], at
    db.add(person)
    audit.record(
        db, SYSTEM, "mailbox.dead", at=at, on=on, reason=outcome.text[:300], detail={"email": person.email}
    )
