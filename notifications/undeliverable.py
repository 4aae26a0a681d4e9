"""An address the relay refuses for good: marked on the person, journalled, visible until corrected."""

import re
from datetime import date, datetime

from sqlmodel import Session

from notifications.channels import Fate, Outcome
from workflow import mailboxes
from workflow.models.person import Person

# RFC 5321: the mailbox is unknown, moved or its name is not allowed. Other refusals are about the mail.
NO_SUCH_MAILBOX = frozenset({550, 551, 553})
# RFC 3463: the second number of a refusal says what it is about.
_ENHANCED = re.compile(r"\b5\.(\d)\.\d{1,3}\b")
_ADDRESS, _POLICY = "1", "7"


def is_no_mailbox(outcome: Outcome) -> bool:
    about = _about(outcome)
    return outcome.code in NO_SUCH_MAILBOX and about in (None, _ADDRESS)


def is_about_us(outcome: Outcome) -> bool:
    """A refusal by a rule of the relay, which may mean whoever sends and not whoever should receive."""
    return outcome.fate is Fate.REJECTED and (_about(outcome) == _POLICY or outcome.code == 554)


def note(db: Session, person_id: int, outcome: Outcome, *, at: datetime, on: date) -> None:
    if is_no_mailbox(outcome):
        mailboxes.close(db, db.get_one(Person, person_id), outcome.text, at=at, on=on)


def _about(outcome: Outcome) -> str | None:
    found = _ENHANCED.search(outcome.text)
    return found[1] if found else None
