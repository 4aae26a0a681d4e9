"""Sending again what did not arrive, once somebody has looked at why."""

from datetime import timedelta
from typing import ClassVar

from workflow import audit
from workflow.desk import Desk
from workflow.errors import RoleNotAllowed, WorkflowError
from workflow.models.message import Message, MessageStatus
from workflow.models.person import Mailbox, Person
from workflow.store import messages
from workflow.words import MESSAGES

SENDABLE = (MessageStatus.REJECTED, MessageStatus.PARKED, MessageStatus.EXPIRED)
USE_WITHIN = timedelta(days=3)


class NotResent(WorkflowError):
    """Only what was refused, put aside or expired goes again: nothing is doubled."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không gửi lại thư {id}: {why}",
        "en": "Message {id} is not sent again: {why}",
    }


def resend(desk: Desk, message_id: int) -> Message:
    """Back into the outbox under the same Message-ID; its lines are checked anew before it goes."""
    message = messages.get(desk.db, desk.actor, message_id).message
    if desk.actor.role != "administrator" and not desk.actor.is_system:
        raise RoleNotAllowed(
            actor=desk.actor.name,
            move={"vi": "gửi lại thư", "en": "resend message"},
            code=message_id,
            allowed={"vi": "Quản trị", "en": "Administrator"},
        )
    _check(desk, message)
    before = message.status
    message.status, message.reason, message.mime, message.lease_until = (
        MessageStatus.PENDING,
        None,
        None,
        None,
    )
    message.next_attempt_at, message.use_by_at, message.attempts = desk.now, desk.now + USE_WITHIN, 0
    desk.db.add(message)
    audit.record(
        desk.db, desk.actor, "message.resend", at=desk.now, on=desk.today,
        reason=str(message_id), detail={"was": before.value},
    )  # fmt: skip
    return message


def _check(desk: Desk, message: Message) -> None:
    if message.status not in SENDABLE and message.reason != "not_on_allow_list":
        said = MESSAGES[message.status]
        why = {"vi": f"thư {said['vi']}.", "en": f"it is {said['en']}."}
        raise NotResent(id=message.id, why=why)
    person = desk.db.get_one(Person, message.person_id)
    if person.mailbox is Mailbox.DEAD:
        why = {
            "vi": f"địa chỉ {person.email} không nhận được thư. Sửa: dondoc agency contact edit {person.email} --email ĐỊA_CHỈ.",
            "en": f"{person.email} takes no mail. Correct it: dondoc agency contact edit {person.email} --email ADDRESS.",
        }
        raise NotResent(id=message.id, why=why)
