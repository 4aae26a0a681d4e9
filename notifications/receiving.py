"""One received mail, from bytes to what became of it. Nothing is lost: the bytes are kept before anything else."""

import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlmodel import Session, col

from config import received
from config.database import DatabaseAway
from notifications import identity
from notifications import receiving_acts as acts
from notifications import receiving_bounces as returns
from notifications.answering import Answering
from notifications.intent import Intent
from notifications.receiving_acts import Kept
from notifications.receiving_answers import Writer
from notifications.receiving_reader import Mail, Reader
from notifications.receiving_rules import Origin, is_answered, judge, origin
from notifications.replies import Reply
from workflow import audit, rulebook
from workflow.access import SYSTEM
from workflow.desk import Desk
from workflow.errors import WorkflowError
from workflow.inbound_words import REASONS
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.inbound import InboundMail, InboundOutcome
from workflow.statements import is_postgresql

log = logging.getLogger(__name__)

Transaction = Callable[[], AbstractContextManager[Session]]
LONGEST_WORDS = 20_000
_ONE_AT_A_TIME = 0x446F6E446F63  # any number, the same for all receivers of one database
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Received:
    """`outcome` is a word of InboundOutcome, or `duplicate`: nothing happened a second time."""

    outcome: str
    reason: str | None = None
    id: int | None = None


@dataclass(frozen=True)
class Receiver:
    transaction: Transaction
    home: Path
    answering: Answering
    writer: Writer
    reader: Reader

    def receive(
        self,
        data: bytes,
        now: datetime,
        *,
        sender: str | None = None,
        recipient: str | None = None,
        is_cut: bool = False,
    ) -> Received:
        """Once it returns, the mail is kept and settled. Raises only when nothing could be kept.

        `sender` and `recipient` are those of the envelope, where they are known; of a mail that `is_cut`
        only the beginning was taken.
        """
        stored_as = received.keep(self.home, data)
        reader = self.reader
        mail = reader.refuse(data, "too_large", sender) if is_cut else reader.read(data, sender, recipient)
        try:
            return self._settled(mail, stored_as, len(data), now)
        except (DatabaseAway, identity.Muted):
            raise
        except Exception:
            log.exception("mail %s cannot be settled", stored_as)
            return self._put_aside(mail, stored_as, len(data), now)

    def _settled(self, mail: Mail, stored_as: str, size: int, now: datetime) -> Received:
        kept: list[Kept] = []
        try:
            with self.transaction() as db:
                identity.check(db, self.home)
                _alone(db)
                if is_known(db, mail.reply):
                    return Received("duplicate")
                row = _row(mail, stored_as, size, now)
                on = rulebook.local_day(now, rulebook.active_policy(db).zone)
                if returns.is_return(mail, self.answering):
                    row.outcome = InboundOutcome.AUTOMATIC
                    _saved(db, row)
                    returns.settle(db, mail, row, self.answering, now=now, on=on)
                else:
                    self._read(db, mail, row, now, on, kept)
                return _result(db, row)
        except BaseException:
            for one in kept:
                acts.forget(self.home, one.evidence)
            raise

    def _put_aside(self, mail: Mail, stored_as: str, size: int, now: datetime) -> Received:
        """Ours to mend; a person sees the mail meanwhile."""
        with self.transaction() as db:
            _alone(db)
            if is_known(db, mail.reply):
                return Received("duplicate")
            row = _row(mail, stored_as, size, now)
            row.outcome, row.reason = InboundOutcome.HELD, "broken"
            return _result(db, row)

    def _read(
        self, db: Session, mail: Mail, row: InboundMail, now: datetime, on: date, kept: list[Kept]
    ) -> None:
        found = origin(db, mail.reply, self.answering)
        ruling = judge(db, mail, found, now)
        _name(row, found)
        row.outcome, row.reason = ruling.outcome, ruling.reason
        is_told = is_answered(db, mail.reply, found, ruling, now)
        _saved(db, row)
        said = REASONS.get(ruling.reason or "")
        if ruling.outcome is InboundOutcome.APPLIED:
            said = self._act(db, mail.reply, found, row, now, kept)
        elif ruling.outcome is InboundOutcome.HELD:
            _journal(db, row, now, on)
        if is_told and said is not None:
            self._answer(db, row, mail.reply, found, said, now)

    def _act(
        self, db: Session, reply: Reply, found: Origin, row: InboundMail, now: datetime, kept: list[Kept]
    ) -> dict[str, str] | None:
        """The move asked for, or the sentence of the rule that refused it; also what to say of lost files."""
        assert found.person is not None
        assert found.organization_id is not None
        kept.append(acts.keep(self.home, reply.attachments))
        desk = Desk(db, acts.actor_of(db, found.person, found.organization_id), now)
        refusals: list[WorkflowError] = []
        for directive in _meant(reply, found):
            files = Kept() if row.event_id else kept[0]
            event = _tried(desk, directive, found.organization_id, reply, files, refusals)
            row.event_id = row.event_id or (event.id if event else None)
        desk.finish()
        if row.event_id is not None:
            row.facts = {**row.facts, "left_out": list(kept[0].left_out)}
            return _left_out(kept[0]) if kept[0].left_out else None
        acts.forget(self.home, kept.pop().evidence)
        row.outcome, row.reason = InboundOutcome.REFUSED, "rule"
        said = {locale: refusals[0].text(locale) for locale in ("vi", "en")}
        row.facts = {**row.facts, "sentence": said}
        return said

    def _answer(
        self, db: Session, row: InboundMail, reply: Reply, found: Origin, said: dict[str, str], now: datetime
    ) -> None:
        reply_to = None
        if found.is_member and found.organization_id is not None and reply.tag is not None:
            reply_to = self.answering.reply_to(reply.tag.code, found.organization_id)
        answer = self.writer.answer(row, reply, found, said, reply_to, now)
        if answer is not None:
            db.add(answer)


def is_known(db: Session, reply: Reply) -> bool:
    same = (
        col(InboundMail.header_id) == (reply.message_id or ""),
        col(InboundMail.body_hash) == reply.body_hash,
    )
    return db.scalar(select(col(InboundMail.id)).where(*same)) is not None


def _alone(db: Session) -> None:
    """Two receivers of two copies: the second must see what the first made of it. SQLite has one writer anyway."""
    if is_postgresql(db):
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})


def _row(mail: Mail, stored_as: str, size: int, now: datetime) -> InboundMail:
    reply = mail.reply
    clear = reply.wish.intent is not Intent.UNCLEAR
    return InboundMail(
        received_at=now,
        sent_at=reply.sent_at,
        header_id=reply.message_id or "",
        body_hash=reply.body_hash,
        sender=reply.sender[:254],
        sender_name=reply.sender_name[:200],
        subject=_SPACES.sub(" ", reply.subject)[:300],
        outcome=InboundOutcome.HELD,
        facts={"files": [file.name[:200] for file in reply.attachments[:50]]},
        intent=reply.wish.intent.value if clear else None,
        extension_on=reply.wish.extension_on,
        words=reply.wish.text[:LONGEST_WORDS],
        stored_as=stored_as,
        size=size,
    )


def _name(row: InboundMail, found: Origin) -> None:
    row.directive_id = found.directives[0].id if found.directives else None
    row.organization_id = found.organization_id
    row.person_id = found.person.id if found.person is not None else None


def _saved(db: Session, row: InboundMail) -> None:
    db.add(row)
    db.flush()


def _result(db: Session, row: InboundMail) -> Received:
    _saved(db, row)
    return Received(row.outcome.value, row.reason, row.id)


def _journal(db: Session, row: InboundMail, now: datetime, on: date) -> None:
    detail = {"mail": row.id, "from": row.sender, "why": row.reason}
    audit.record(db, SYSTEM, "mail.held", at=now, on=on, detail=detail)


def _meant(reply: Reply, found: Origin) -> tuple[Directive, ...]:
    """All directives of the mail it answers to, or the one it names."""
    named = tuple(one for one in found.directives if one.code.upper() == reply.wish.code)
    return named or found.directives


def _tried(
    desk: Desk,
    directive: Directive,
    organization_id: int,
    reply: Reply,
    kept: Kept,
    refusals: list[WorkflowError],
) -> Event | None:
    try:
        with desk.db.begin_nested():
            return acts.perform(desk, directive, organization_id, reply.wish, kept)
    except WorkflowError as refusal:
        refusals.append(refusal)
        return None


def _left_out(kept: Kept) -> dict[str, str]:
    names = ", ".join(kept.left_out)
    return {
        "vi": f"Đã ghi trả lời, nhưng không nhận tệp {names}: chỉ nhận PDF, Word, Excel, PowerPoint, văn bản hoặc ảnh.",
        "en": f"Your answer was recorded, but {names} was not taken: PDF, Word, Excel, PowerPoint, text or pictures "
        "only.",
    }
