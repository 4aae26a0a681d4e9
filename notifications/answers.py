"""Sending what the system writes back to received mails: few, small, each to one sender, tried for a day."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from notifications.channels import Connection, Fate, Outcome
from notifications.delivery import Post
from workflow import channel
from workflow.models.inbound import AnswerStatus, MailAnswer
from workflow.models.pause import SendingPause

BATCH = 50
AGAIN_AFTER = timedelta(minutes=10)
MOST_ATTEMPTS = 12
FINAL = {Fate.HANDED_OVER: AnswerStatus.SENT, Fate.REJECTED: AnswerStatus.DROPPED}


@dataclass(frozen=True)
class Parcel:
    id: int
    address: str
    data: bytes


def send_answers(post: Post) -> Counter[str]:
    """Everything that is due; counts per fate. A killed sender repeats a mail under the same Message-ID."""
    tally: Counter[str] = Counter()
    with post.channel.open() as connection:
        while parcels := _claimed(post):
            for parcel in parcels:
                outcome = _sent(post, connection, parcel)
                tally[outcome.fate.value] += 1
                _record(post, parcel, outcome)
                if outcome.fate is Fate.CHANNEL_FAULT:
                    return tally
    return tally


def _claimed(post: Post) -> list[Parcel]:
    with post.transaction() as db:
        if db.get(SendingPause, "sending") is not None or channel.stopped(db) is not None:
            return []
        answers = _due(db, post.now())
        for answer in answers:
            answer.attempts += 1
            answer.next_attempt_at = post.now() + AGAIN_AFTER
        return [Parcel(one.id, one.address, one.mime) for one in answers]


def _due(db: Session, at: datetime) -> list[MailAnswer]:
    due = (col(MailAnswer.status) == AnswerStatus.PENDING, col(MailAnswer.next_attempt_at) <= at)
    query = select(MailAnswer).where(*due).order_by(col(MailAnswer.id)).limit(BATCH)
    return list(db.scalars(query.with_for_update(skip_locked=True)))


def _sent(post: Post, connection: Connection, parcel: Parcel) -> Outcome:
    sender = post.sender
    if not sender.may_reach(parcel.address):
        return Outcome(Fate.REJECTED, None, "not_on_allow_list")
    answering = sender.answering
    returns_to = answering.answer_sender(parcel.id, post.now()) if answering else sender.address
    return connection.send(returns_to, parcel.address, sender.signed(parcel.data))


def _record(post: Post, parcel: Parcel, outcome: Outcome) -> None:
    with post.transaction() as db:
        answer = db.get_one(MailAnswer, parcel.id)
        answer.response = f"{outcome.code or ''} {outcome.text}".strip()[:500]
        answer.status = FINAL.get(outcome.fate, answer.status)
        if answer.status is AnswerStatus.SENT:
            answer.sent_at = post.now()
        elif answer.attempts >= MOST_ATTEMPTS:
            answer.status = AnswerStatus.DROPPED
