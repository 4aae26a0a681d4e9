"""Placing a held mail: read again from its bytes, acted upon for a known contact, else only filed."""

from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from config import received
from notifications import receiving_acts as acts
from notifications.intent import Intent
from notifications.receiving_reader import Mail, Reader
from notifications.receiving_rules import bodies
from workflow import inbox
from workflow.desk import Desk
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.inbound import InboundMail
from workflow.models.person import Membership, Person

NOT_VOUCHED = frozenset({"authentication"})


def does(db: Session, mail: InboundMail, directive: Directive | None) -> bool:
    """Whether placing it makes a move; else its words and files are only filed."""
    return mail.intent is not None and _contact(db, mail, directive) is not None


def match(desk: Desk, home: Path, mail_id: int, code: str, *, only_file: bool = False) -> Event:
    """One transaction. A rule that refuses the move is raised, and the mail waits on."""
    row = inbox.waiting(desk, mail_id)
    directive = desk.locked(code)
    with Reader() as reader:
        mail = reader.read(received.read(home, row.stored_as))
    kept = acts.keep(home, mail.reply.attachments)
    try:
        event = _placed(desk, row, mail, directive, kept, only_file=only_file)
        inbox.match(desk, row, directive, event)
    except BaseException:
        acts.forget(home, kept.evidence)
        raise
    return event


def _placed(
    desk: Desk, row: InboundMail, mail: Mail, directive: Directive, kept: acts.Kept, *, only_file: bool
) -> Event:
    contact = _contact(desk.db, row, directive)
    if only_file or contact is None or mail.reply.wish.intent is Intent.UNCLEAR:
        return inbox.file(desk, row, directive, kept.evidence)
    person, organization_id = contact
    theirs = Desk(desk.db, acts.actor_of(desk.db, person, organization_id), desk.now)
    event = acts.perform(theirs, directive, organization_id, mail.reply.wish, kept)
    theirs.finish()
    return event


def _contact(db: Session, row: InboundMail, directive: Directive | None) -> tuple[Person, int] | None:
    """Whoever wrote it, if an agency of this directive knows them; a sender that may be forged is nobody."""
    if directive is None or row.reason in NOT_VOUCHED:
        return None
    likely = sorted(
        bodies(db, directive), key=lambda body: (body != row.organization_id, body != directive.lead_id)
    )
    person = db.scalar(select(Person).where(col(Person.email) == row.sender, col(Person.is_active)))
    if person is None:
        return None
    query = select(col(Membership.organization_id)).where(
        col(Membership.person_id) == person.id, col(Membership.organization_id).in_(likely)
    )
    held = set(db.scalars(query))
    return next(((person, body) for body in likely if body in held), None)
