"""What a secretary decides about a mail the rules would not touch: filed with its directive, or put away."""

from typing import ClassVar

from workflow import audit
from workflow.desk import Desk
from workflow.errors import InputMissing, WorkflowError
from workflow.inbound_words import OUTCOMES
from workflow.inputs import Evidence
from workflow.models.attachment import Attachment
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.inbound import InboundMail, InboundOutcome
from workflow.store import inbound

DISCARD = {"vi": "bỏ thư", "en": "put the mail away"}


class AlreadyDecided(WorkflowError):
    """A mail is decided once; whoever comes second sees what the first made of it."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Thư {id} không còn chờ ghép: {state}.",
        "en": "Mail {id} does not wait any more: {state}.",
    }


def waiting(desk: Desk, mail_id: int) -> InboundMail:
    """The mail, locked. Raises AlreadyDecided, or NotFound for what is not this person's to sort."""
    mail = inbound.get(desk.db, desk.actor, mail_id, locked=True).mail
    if mail.outcome is not InboundOutcome.HELD:
        raise AlreadyDecided(id=mail_id, state=OUTCOMES[mail.outcome])
    return mail


def discard(desk: Desk, mail_id: int, reason: str) -> InboundMail:
    """Its bytes stay; it waits no longer."""
    mail = waiting(desk, mail_id)
    if not reason.strip():
        raise InputMissing(field="reason", move=DISCARD, code=mail_id)
    _decided(desk, mail, InboundOutcome.DISCARDED)
    mail.decision = reason.strip()[:500]
    detail = {"mail": mail.id, "from": mail.sender}
    audit.record(
        desk.db, desk.actor, "mail.discarded", at=desk.now, on=desk.today, reason=mail.decision, detail=detail
    )
    return mail


def match(desk: Desk, mail: InboundMail, directive: Directive, event: Event) -> None:
    """The mail belongs to this directive; `event` is what it did there."""
    _decided(desk, mail, InboundOutcome.MATCHED)
    mail.directive_id, mail.event_id = directive.id, event.id
    audit.record(
        desk.db, desk.actor, "mail.matched", at=desk.now, on=desk.today, directive_id=directive.id,
        detail={"mail": mail.id, "from": mail.sender, "why": mail.reason, "act": event.act},
    )  # fmt: skip


def file(desk: Desk, mail: InboundMail, directive: Directive, evidence: tuple[Evidence, ...]) -> Event:
    """On record with the directive, words and files; its state stays what it was."""
    detail = {"text": mail.words, "evidence": [one.name for one in evidence], "from": mail.sender}
    event = audit.record(
        desk.db, desk.actor, "mail.filed", at=desk.now, on=desk.today, directive_id=directive.id,
        from_state=directive.state, to_state=directive.state,
        detail={name: value for name, value in detail.items() if value},
    )  # fmt: skip
    for one in evidence:
        if one.stored_as is not None:
            desk.db.add(
                Attachment(
                    directive_id=directive.id, event_id=event.id, name=one.name, media_type=one.media_type,
                    size=one.size, sha256=one.sha256, stored_as=one.stored_as, received_at=desk.now,
                )
            )  # fmt: skip
    return event


def _decided(desk: Desk, mail: InboundMail, outcome: InboundOutcome) -> None:
    mail.outcome, mail.decided_by, mail.decided_at = outcome, desk.actor.name, desk.now
    desk.db.add(mail)
