"""What may become of one received mail: who wrote it, what about, and whether it may be believed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from notifications.answering import Answering
from notifications.intent import Intent
from notifications.receiving_reader import Mail
from notifications.replies import Reply
from workflow.models.directive import Coordination, Directive
from workflow.models.inbound import InboundMail, InboundOutcome, MailAnswer
from workflow.models.message import Message
from workflow.models.notice import Notice
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.person import Membership, Person

BUNDLE = re.compile(r"thu-(\d{1,15})")
CODE = re.compile(r"\[([A-Za-z0-9][A-Za-z0-9-]{1,39})\]")
MOST_AN_HOUR = 3
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BELIEVED = (InboundOutcome.APPLIED, InboundOutcome.REFUSED, InboundOutcome.ASKED)
NEVER_ANSWERED = frozenset({"automatic", "authentication", "too_many", "same_id"})


@dataclass(frozen=True)
class Origin:
    """`is_proven`: the token was made by us for `organization_id`; else `directives` is a guess.

    `person` is an active person with this address; `is_member` of that organisation.
    """

    directives: tuple[Directive, ...] = ()
    organization_id: int | None = None
    is_proven: bool = False
    is_theirs: bool = False
    person: Person | None = None
    is_member: bool = False


@dataclass(frozen=True)
class Ruling:
    """APPLIED means: let the rules of the directive decide."""

    outcome: InboundOutcome
    reason: str | None = None


def origin(db: Session, reply: Reply, answering: Answering) -> Origin:
    person = _person(db, reply.sender)
    proven = _proven(db, reply, answering)
    if proven is None:
        return Origin(_guessed(db, reply), person=person)
    directives, organization_id = proven
    theirs = tuple(one for one in directives if organization_id in bodies(db, one))
    is_member = person is not None and _is_member(db, person, organization_id)
    return Origin(
        theirs or directives,
        organization_id,
        is_proven=True,
        is_theirs=bool(theirs),
        person=person,
        is_member=is_member,
    )


def judge(db: Session, mail: Mail, found: Origin, now: datetime) -> Ruling:
    reply = mail.reply
    if reply.automatic and not (found.is_proven and reply.wish.intent is not Intent.UNCLEAR):
        return Ruling(InboundOutcome.AUTOMATIC, reply.automatic)
    reason = mail.refused or _of_the_letter(db, reply) or _of_the_sender(db, reply, found, now)
    if reason is None and _is_empty(reply):
        return Ruling(InboundOutcome.ASKED, "empty")
    reason = reason or _of_the_words(reply, found)
    return Ruling(InboundOutcome.HELD, reason) if reason else Ruling(InboundOutcome.APPLIED)


def is_answered(db: Session, reply: Reply, found: Origin, ruling: Ruling, now: datetime) -> bool:
    """Contacts up to three times an hour, others once a day and only on a mail of ours; no machine, no forger."""
    if reply.automatic or ruling.reason in NEVER_ANSWERED or ruling.outcome is InboundOutcome.AUTOMATIC:
        return False
    if found.person is not None:
        return _answers(db, reply.sender, now - HOUR) < MOST_AN_HOUR
    return found.is_proven and _answers(db, reply.sender, now - DAY) == 0


def bodies(db: Session, directive: Directive) -> set[int]:
    """Who may answer about it: the lead and those who contribute."""
    contributing = select(col(Coordination.organization_id)).where(
        col(Coordination.directive_id) == directive.id
    )
    return {*db.scalars(contributing), *([directive.lead_id] if directive.lead_id else [])}


def by_code(db: Session, code: str) -> Directive | None:
    """Whatever its case: an address loses it on the way. Nearly all codes are in capitals, and those are indexed."""
    for same in (col(Directive.code) == code.upper(), func.lower(col(Directive.code)) == code.lower()):
        if (found := db.scalar(select(Directive).where(same))) is not None:
            return found
    return None


def _of_the_letter(db: Session, reply: Reply) -> str | None:
    if reply.message_id is None:
        return "no_message_id"
    if db.scalar(select(col(InboundMail.id)).where(col(InboundMail.header_id) == reply.message_id).limit(1)):
        return "same_id"
    return None


def _of_the_sender(db: Session, reply: Reply, found: Origin, now: datetime) -> str | None:
    if reply.automatic:
        return "automatic"
    if not found.is_proven:
        return "bad_token" if reply.tag else "no_tag"
    if is_forged(reply.authentication):
        return "authentication"
    if not found.is_theirs:
        return "not_theirs"
    if not found.is_member:
        return "unknown_sender"
    return "too_many" if _lately(db, reply.sender, found, now) >= MOST_AN_HOUR else None


def _of_the_words(reply: Reply, found: Origin) -> str | None:
    if any(
        file.name.lower() == "winmail.dat" or "ms-tnef" in file.content_type for file in reply.attachments
    ):
        return "winmail"
    if reply.wish.intent is Intent.UNCLEAR:
        return "no_keyword"
    codes = [one.code.upper() for one in found.directives]
    if reply.wish.code is not None and reply.wish.code not in codes:
        return "other_code"
    several = len(codes) > 1 and reply.wish.code is None and reply.wish.intent is not Intent.ACKNOWLEDGE
    return "which" if several else None


def is_forged(authentication: str) -> bool:
    """DMARC failed, or nothing said of DMARC and SPF failed without a DKIM signature that holds."""
    said = authentication.lower()
    if "dmarc=" in said:
        return "dmarc=fail" in said
    return "spf=fail" in said and "dkim=pass" not in said


def _is_empty(reply: Reply) -> bool:
    return reply.wish.intent is Intent.UNCLEAR and not reply.wish.text and not reply.attachments


def _person(db: Session, address: str) -> Person | None:
    return db.scalar(select(Person).where(col(Person.email) == address, col(Person.is_active)))


def _is_member(db: Session, person: Person, organization_id: int) -> bool:
    post = select(col(Membership.id)).where(
        col(Membership.person_id) == person.id, col(Membership.organization_id) == organization_id
    )
    return db.scalar(post.limit(1)) is not None


def _proven(db: Session, reply: Reply, answering: Answering) -> tuple[tuple[Directive, ...], int] | None:
    if reply.tag is None:
        return None
    directives = _tagged(db, reply.tag.code)
    likely = {body for one in directives for body in bodies(db, one)}
    agencies = select(col(Organization.id)).where(col(Organization.kind) == OrganizationKind.AGENCY)
    for organization_id in (*sorted(likely), *sorted(set(db.scalars(agencies)) - likely)):
        if directives and answering.proves(reply.tag, organization_id):
            return directives, organization_id
    return None


def _tagged(db: Session, code: str) -> tuple[Directive, ...]:
    """The directive a reply address names, or all that one mail spoke of."""
    directive = by_code(db, code)
    if directive is not None:
        return (directive,)
    bundle = BUNDLE.fullmatch(code)
    return _of_message(db, col(Message.id) == int(bundle[1])) if bundle else ()


def _of_message(db: Session, which: object) -> tuple[Directive, ...]:
    query = (
        select(Directive)
        .join(Notice, col(Notice.directive_id) == col(Directive.id))
        .join(Message, col(Message.key) == col(Notice.bundle))
        .where(which)  # type: ignore[arg-type]
        .order_by(col(Directive.id))
    )
    return tuple({one.id: one for one in db.scalars(query)}.values())


def _guessed(db: Session, reply: Reply) -> tuple[Directive, ...]:
    """From the code in the subject, else from the mail it answers to."""
    named = [reply.wish.code] if reply.wish.code else CODE.findall(reply.subject)
    found = [one for code in named[:3] if (one := by_code(db, code))]
    if found or not reply.answers_to:
        return tuple(found[:1])
    threads = [thread[1:].partition("@")[0] for thread in reply.answers_to[:10]]
    by_thread = [one for thread in threads if (one := by_code(db, thread))]
    return tuple(by_thread[:1]) or _of_message(db, col(Message.header_id).in_(reply.answers_to[:10]))[:1]


def _lately(db: Session, sender: str, found: Origin, now: datetime) -> int:
    about = [one.id for one in found.directives]
    query = select(func.count()).select_from(InboundMail).where(
        col(InboundMail.sender) == sender, col(InboundMail.received_at) > now - HOUR,
        col(InboundMail.directive_id).in_(about), col(InboundMail.outcome).in_(BELIEVED),
    )  # fmt: skip
    return db.scalar(query) or 0


def _answers(db: Session, address: str, since: datetime) -> int:
    query = select(func.count()).select_from(MailAnswer)
    return db.scalar(query.where(col(MailAnswer.address) == address, col(MailAnswer.created_at) > since)) or 0
