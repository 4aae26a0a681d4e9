"""Mails that came back: believed when the return address was signed by us for that very message."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from notifications.answering import Answering
from notifications.bounces import Bounce
from notifications.receiving_reader import Mail
from workflow import mailboxes
from workflow.models.inbound import BounceReport, InboundMail, InboundOutcome
from workflow.models.message import Message


def is_return(mail: Mail, answering: Answering) -> bool:
    """A report, or anything else sent to where reports go."""
    to_returns = any(answering.is_return_address(address) for address in mail.reply.recipients)
    return bool(mail.bounces) or to_returns


def settle(
    db: Session, mail: Mail, row: InboundMail, answering: Answering, *, now: datetime, on: date
) -> None:
    """Gives the row its outcome and, for a true report, its effect; copies and late ones have none."""
    row.outcome = InboundOutcome.AUTOMATIC
    if not mail.bounces:
        row.reason = "return_address"
        return
    message_id = answering.returned_message(mail.reply.recipients, now)
    message = db.get(Message, message_id, with_for_update=True) if message_id is not None else None
    if message is None:
        is_ours = answering.is_signed(mail.reply.recipients, now)
        row.reason = "report" if is_ours else "bounce_unsigned"
        return
    row.person_id = message.person_id
    believed = [one for one in mail.bounces if one.recipient == (message.address or "").lower()]
    if not believed:
        row.reason = "bounce_other"
        return
    row.outcome = InboundOutcome.BOUNCED
    row.reason = _reason(believed[0])
    for bounce in believed:
        _count(db, bounce, message, row, now=now, on=on)


def _reason(bounce: Bounce) -> str:
    if bounce.action == "delayed":
        return "bounce_delayed"
    return "bounce_hard" if bounce.hard else "bounce_soft"


def _count(
    db: Session, bounce: Bounce, message: Message, row: InboundMail, *, now: datetime, on: date
) -> None:
    report = BounceReport(
        inbound_id=row.id, message_id=message.id, address=bounce.recipient, action=bounce.action,
        is_hard=bounce.hard, status=bounce.status, text=bounce.text or bounce.status, received_at=now,
    )  # fmt: skip
    if not _is_known(db, report):
        db.add(report)
        db.flush()
        mailboxes.returned(db, message, report, at=now, on=on)


def _is_known(db: Session, report: BounceReport) -> bool:
    same = (
        col(BounceReport.message_id) == report.message_id,
        col(BounceReport.action) == report.action,
        col(BounceReport.is_hard).is_(report.is_hard),
    )
    return db.scalar(select(col(BounceReport.id)).where(*same)) is not None
