"""Mails: one's own, and for a delegation those that speak of its directives."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from web.api.acting import act
from web.api.caller import After, Limit, MailWriter, Reader
from web.api.noun import noun
from workflow import resend as again
from workflow.desk import Desk
from workflow.models.message import Message, MessageStatus
from workflow.store import messages, tellings
from workflow.store.messages import Row
from workflow.store.tellings import Telling

router = noun("messages")
Id = Annotated[int, Path(ge=1, le=2**53)]


class MessageLine(BaseModel):
    """`response` is the relay's last word."""

    id: int
    kind: str
    status: MessageStatus
    person: str
    email: str
    subject: str | None
    night_on: date
    created_at: datetime
    handed_over_at: datetime | None
    attempts: int
    reason: str | None
    response: str | None


class MessagePage(BaseModel):
    rows: list[MessageLine]
    counts: dict[MessageStatus, int]
    after: str | None


class Said(BaseModel):
    directive: str | None
    kind: str
    status: str
    due_on: date | None
    rung: int | None
    level: int | None


class MessageRead(MessageLine):
    """`lines`: what it says of directives the caller may know."""

    header_id: str | None
    lines: list[Said]


class Resent(BaseModel):
    id: int
    status: MessageStatus


@router.get("/messages")
def outbox(
    visit: Reader,
    status: Annotated[list[MessageStatus] | None, Query(max_length=10)] = None,
    limit: Limit = 50,
    after: After = None,
) -> MessagePage:
    """Newest first."""
    page = messages.page(visit.db, visit.me, statuses=status or (), limit=limit, after=after)
    counts = messages.counts(visit.db, visit.me)
    return MessagePage(rows=[_line(row) for row in page.rows], counts=counts, after=page.after)


@router.get("/messages/{message_id}")
def message(visit: Reader, message_id: Id) -> MessageRead:
    """One mail and what it says."""
    row = messages.get(visit.db, visit.me, message_id)
    said = tellings.of_message(visit.db, visit.me, row.message.key)
    return MessageRead(
        **_line(row).model_dump(), header_id=row.message.header_id, lines=[_said(one) for one in said]
    )


@router.post("/messages/{message_id}/resend", response_model=Resent)
def resend(visit: MailWriter, message_id: Id) -> Response:
    """Only what was refused, put aside or expired goes again, under the same Message-ID."""

    def work(desk: Desk) -> Resent:
        return _resent(again.resend(desk, message_id))

    return act(visit, work)


def _resent(one: Message) -> Resent:
    return Resent(id=one.id, status=one.status)


def _line(row: Row) -> MessageLine:
    one = row.message
    return MessageLine(
        id=one.id, kind=one.kind, status=one.status, person=row.person, email=row.email, subject=one.subject,
        night_on=one.night_on, created_at=one.created_at, handed_over_at=one.handed_over_at,
        attempts=one.attempts, reason=one.reason, response=one.response,
    )  # fmt: skip


def _said(one: Telling) -> Said:
    return Said(
        directive=one.code,
        kind=one.kind,
        status=one.status,
        due_on=one.due_on,
        rung=one.rung,
        level=one.level,
    )
