"""Questions about received mail: what waits for a person, what was done, which addresses return mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.errors import NotFound
from workflow.ladder import Position
from workflow.models.directive import Directive
from workflow.models.inbound import BounceReport, InboundMail, InboundOutcome
from workflow.models.message import Message, MessageStatus
from workflow.models.organization import Organization
from workflow.models.person import Mailbox, Membership, Person, Role
from workflow.models.supervision import Supervision
from workflow.words import pair

MAIL = pair("thư", "Mail")


@dataclass(frozen=True)
class Row:
    """`directive` is the proven one, the likely one, or None; `agency` leads it."""

    mail: InboundMail
    directive: Directive | None
    agency: str | None
    person: str | None


@dataclass(frozen=True)
class Returning:
    """An address from which mail came back; `resendable` are mails that may go again once it is corrected."""

    person: Person
    address: str
    hard: int
    soft: int
    delayed: int
    last_at: datetime
    text: str
    bodies: tuple[str, ...]
    resendable: tuple[int, ...]

    @property
    def is_dead(self) -> bool:
        return self.person.mailbox is Mailbox.DEAD

    @property
    def is_corrected(self) -> bool:
        return self.person.email != self.address


def sorts(actor: Actor) -> bool:
    """Secretaries for their delegation, administrators for all: who may read mail nobody could place."""
    return actor.is_system or actor.role is Role.ADMINISTRATOR or bool(_delegations(actor))


def visible(actor: Actor) -> ColumnElement[bool]:
    """Mail about nothing known waits for every secretary: somebody has to place it."""
    if actor.is_system or actor.role is Role.ADMINISTRATOR:
        return true()
    ours = select(col(Directive.id)).join(Supervision, col(Supervision.id) == col(Directive.supervision_id))
    ours = ours.where(col(Supervision.delegation_id).in_(_delegations(actor)))
    return or_(col(InboundMail.directive_id).is_(None), col(InboundMail.directive_id).in_(ours))


def page(
    db: Session,
    actor: Actor,
    outcomes: Sequence[InboundOutcome] = (),
    *,
    limit: int = 50,
    newest: bool = True,
) -> list[Row]:
    check_sorts(actor)
    query = _rows().where(visible(actor)).limit(limit)
    if outcomes:
        query = query.where(col(InboundMail.outcome).in_(outcomes))
    order = col(InboundMail.id).desc() if newest else col(InboundMail.id)
    return [Row(*found) for found in db.execute(query.order_by(order))]


def counts(db: Session, actor: Actor) -> dict[InboundOutcome, int]:
    check_sorts(actor)
    query = select(col(InboundMail.outcome), func.count()).where(visible(actor))
    return dict(db.execute(query.group_by(col(InboundMail.outcome))).all())


def get(db: Session, actor: Actor, mail_id: int, *, locked: bool = False) -> Row:
    if not sorts(actor):
        raise NotFound(what=MAIL, code=mail_id)
    query = _rows().where(col(InboundMail.id) == mail_id, visible(actor))
    found = db.execute(query.with_for_update(of=InboundMail) if locked else query).first()
    if found is None:
        raise NotFound(what=MAIL, code=mail_id)
    return Row(*found)


def returning(db: Session, actor: Actor) -> list[Returning]:
    """Addresses that return mail, the latest first: until they are corrected and everything went again."""
    check_sorts(actor)
    found = [_returning(db, *row) for row in db.execute(_reports().where(_about(actor)))]
    return [one for one in found if not one.is_corrected or one.resendable]


def _reports() -> Select[Any]:
    failed = col(BounceReport.action) == "failed"
    columns: tuple[Any, ...] = (
        Person,
        col(BounceReport.address),
        func.sum(case((failed & col(BounceReport.is_hard), 1), else_=0)),
        func.sum(case((failed & col(BounceReport.is_hard).is_(False), 1), else_=0)),
        func.sum(case((failed, 0), else_=1)),
        func.max(col(BounceReport.received_at)),
        func.max(col(BounceReport.id)),
    )
    query = select(*columns).select_from(BounceReport)
    query = query.join(Message, col(Message.id) == col(BounceReport.message_id))
    query = query.join(Person, col(Person.id) == col(Message.person_id))
    latest = func.max(col(BounceReport.received_at)).desc()
    return query.group_by(col(Person.id), col(BounceReport.address)).order_by(
        latest, col(BounceReport.address)
    )


def _returning(
    db: Session,
    person: Person,
    address: str,
    hard: int,
    soft: int,
    delayed: int,
    last_at: datetime,
    last_id: int,
) -> Returning:
    codes = (
        select(col(Organization.code))
        .join(Membership, col(Membership.organization_id) == col(Organization.id))
        .where(col(Membership.person_id) == person.id)
        .order_by(col(Organization.code))
        .distinct()
    )
    again = select(col(Message.id)).where(
        col(Message.person_id) == person.id, col(Message.address) == address,
        col(Message.status) == MessageStatus.REJECTED,
    )  # fmt: skip
    report = db.get_one(BounceReport, last_id)
    return Returning(
        person, address, hard, soft, delayed, last_at, report.text,
        tuple(db.scalars(codes)), tuple(db.scalars(again.order_by(col(Message.id)))),
    )  # fmt: skip


def _about(actor: Actor) -> ColumnElement[bool]:
    """A secretary sees the addresses of bodies with directives of the own delegation."""
    if actor.is_system or actor.role is Role.ADMINISTRATOR:
        return true()
    led = (
        select(col(Directive.lead_id))
        .join(Supervision, col(Supervision.id) == col(Directive.supervision_id))
        .where(col(Supervision.delegation_id).in_(_delegations(actor)), col(Directive.lead_id).is_not(None))
    )
    bodies = or_(
        col(Membership.organization_id).in_(led), col(Membership.organization_id).in_(_delegations(actor))
    )
    return col(Person.id).in_(select(col(Membership.person_id)).where(bodies))


def check_sorts(actor: Actor) -> None:
    if not sorts(actor):
        raise NotFound(what=pair("hộp thư đến", "Inbox"), code="")


def _delegations(actor: Actor) -> list[int]:
    return sorted({post.organization_id for post in actor.posts if post.position is Position.SECRETARY})


def _rows() -> Select[Any]:
    columns: tuple[Any, ...] = (InboundMail, Directive, col(Organization.name), col(Person.name))
    query = select(*columns).select_from(InboundMail)
    query = query.outerjoin(Directive, col(Directive.id) == col(InboundMail.directive_id))
    query = query.outerjoin(Organization, col(Organization.id) == col(Directive.lead_id))
    return query.outerjoin(Person, col(Person.id) == col(InboundMail.person_id))
