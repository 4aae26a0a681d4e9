"""Whose bytes may go: received mails are kept whole for a time, those a person must still place for as long
as they wait. What each mail was, and what became of it, stays for ever.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from sqlalchemy import or_, select
from sqlmodel import Session, col

from workflow.errors import WorkflowError
from workflow.models.inbound import InboundMail, InboundOutcome


class MailForgotten(WorkflowError):
    """The term of keeping is over; the record of the mail is not."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Nguyên thư số {id} đã hết thời hạn lưu; người gửi, nội dung đã đọc và kết quả vẫn còn.",
        "en": "The bytes of mail {id} are past their term; sender, words and outcome are still on record.",
    }
    http_status = 410


def still_needed(db: Session, names: Iterable[str], before: datetime) -> set[str]:
    """Of these files, those some mail waits with, or came with after `before`; copies share a file."""
    wanted = or_(col(InboundMail.outcome) == InboundOutcome.HELD, col(InboundMail.received_at) >= before)
    query = select(col(InboundMail.stored_as)).where(col(InboundMail.stored_as).in_(list(names)), wanted)
    return set(db.scalars(query))
