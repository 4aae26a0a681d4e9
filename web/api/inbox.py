"""Received mail that waits for a person, and addresses that return mail."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from notifications import matching
from web.api.acting import act
from web.api.caller import Limit, MailWriter, Reader
from web.api.noun import noun
from web.api.strict import Given
from workflow import inbox as sorting
from workflow.desk import Desk
from workflow.models.inbound import InboundOutcome
from workflow.store import inbound
from workflow.store.inbound import Returning, Row

router = noun("inbox")
Id = Annotated[int, Path(ge=1, le=2**53)]


class Received(BaseModel):
    """`directive` is a guess unless `is_proven`; `acts`: matching makes the move asked for, else it only files."""

    id: int
    received_at: datetime
    sender: str
    sender_name: str
    subject: str
    outcome: InboundOutcome
    reason: str | None
    directive: str | None
    is_proven: bool
    acts: bool
    intent: str | None
    extension_on: date | None
    words: str
    files: list[str]
    size: int
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None


class ReceivedPage(BaseModel):
    rows: list[Received]
    counts: dict[InboundOutcome, int]


class Returned(BaseModel):
    """`resendable` are ids of messages that may go again once the address is corrected."""

    address: str
    person: str
    email: str
    bodies: list[str]
    hard: int
    soft: int
    delayed: int
    is_dead: bool
    last_at: datetime
    text: str
    resendable: list[int]


class MatchWanted(Given):
    """`only_file`: keep its words and files with the directive and change nothing."""

    code: str = Field(min_length=1, max_length=40)
    only_file: bool = False


class DiscardWanted(Given):
    reason: str = Field(min_length=1, max_length=500)


class Decided(BaseModel):
    id: int
    outcome: InboundOutcome
    act: str | None = None


@router.get("/inbox")
def received(
    visit: Reader,
    outcome: Annotated[list[InboundOutcome] | None, Query(max_length=10)] = None,
    limit: Limit = 50,
) -> ReceivedPage:
    """Newest first; without `outcome` what waits."""
    wanted = outcome or [InboundOutcome.HELD]
    rows = inbound.page(visit.db, visit.me, wanted, limit=limit)
    shown = [_received(row, matching.does(visit.db, row.mail, row.directive)) for row in rows]
    return ReceivedPage(rows=shown, counts=inbound.counts(visit.db, visit.me))


@router.get("/inbox/bounces")
def bounces(visit: Reader) -> list[Returned]:
    """The latest first."""
    return [_returned(one) for one in inbound.returning(visit.db, visit.me)]


@router.post("/inbox/{mail_id}/match", response_model=Decided)
def match(visit: MailWriter, mail_id: Id, wanted: MatchWanted) -> Response:
    def work(desk: Desk) -> Decided:
        home = visit.site.settings.home
        event = matching.match(desk, home, mail_id, wanted.code, only_file=wanted.only_file)
        return Decided(id=mail_id, outcome=InboundOutcome.MATCHED, act=event.act)

    return act(visit, work)


@router.post("/inbox/{mail_id}/discard", response_model=Decided)
def discard(visit: MailWriter, mail_id: Id, wanted: DiscardWanted) -> Response:
    def work(desk: Desk) -> Decided:
        mail = sorting.discard(desk, mail_id, wanted.reason)
        return Decided(id=mail.id, outcome=mail.outcome)

    return act(visit, work)


def _received(row: Row, acts: bool) -> Received:
    mail = row.mail
    return Received(
        id=mail.id, received_at=mail.received_at, sender=mail.sender, sender_name=mail.sender_name,
        subject=mail.subject, outcome=mail.outcome, reason=mail.reason,
        directive=row.directive.code if row.directive else None, is_proven=mail.organization_id is not None,
        acts=acts, intent=mail.intent, extension_on=mail.extension_on, words=mail.words,
        files=mail.facts.get("files", []), size=mail.size, decided_by=mail.decided_by,
        decided_at=mail.decided_at, decision=mail.decision,
    )  # fmt: skip


def _returned(one: Returning) -> Returned:
    return Returned(
        address=one.address, person=one.person.name, email=one.person.email, bodies=list(one.bodies),
        hard=one.hard, soft=one.soft, delayed=one.delayed, is_dead=one.is_dead, last_at=one.last_at,
        text=one.text, resendable=list(one.resendable),
    )  # fmt: skip
