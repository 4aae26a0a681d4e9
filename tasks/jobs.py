"""The jobs Celery runs: each opens the database, calls one function, logs what it did."""

import fcntl
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from urllib.error import URLError

import structlog
from sqlalchemy import null, update
from sqlmodel import col

from config import received, schema
from config.database import reading, writing
from config.instant import now, real_now
from notifications import identity, sent_journal
from notifications.answers import send_answers
from notifications.delivery import Post
from notifications.outgoing import pace_of, sender_of
from notifications.sent_journal import SentJournal
from notifications.smtp import parse_channel
from tasks import alarm, nights, report_mail, wellness
from tasks.app import app, bell, engine, is_ending, settings
from tasks.webhooks import Caller
from workflow import (
    audit,
    auditing,
    calendar_watch,
    checkpoint,
    idempotency,
    outbox,
    received_mail,
    rulebook,
    webhook_calls,
)
from workflow.models.message import Message, MessageStatus
from workflow.models.sweep_run import SweepRun
from workflow.sweep.run import sweep

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 60
KEEP_BYTES = timedelta(days=90)
FILES_AT_ONCE = 500


def may_speak() -> None:
    """Raises SchemaBehind under a database of another release, Muted under a restored or copied one."""
    schema.check(engine())
    with reading(engine()) as db:
        identity.check(db, settings().home)


@app.task(name="dondoc.sweep")
def sweep_night(night: str | None = None) -> None:
    may_speak()
    wanted = nights.checked_night(settings(), now(settings()), date.fromisoformat(night) if night else None)
    run = sweep(partial(writing, engine()), wanted, now(settings()))
    log.info("swept", night=run.night_on.isoformat(), messages=run.message_count, held=run.held_count)
    bell.ring("dondoc.deliver")
    tell_deadman(run)


def tell_deadman(run: SweepRun) -> None:
    """Somebody outside hears that the night was swept and nothing else is wrong; silence there is the alarm."""
    url = settings().deadman_url
    if url is None or run.held_count or _found():
        return
    try:
        urllib.request.urlopen(url, timeout=10).close()  # noqa: S310 - the operator's own address
    except (URLError, OSError) as error:
        log.warning("deadman_away", error=str(error))


def _found() -> bool:
    with reading(engine()) as db:
        found = wellness.troubles(db, settings(), now(settings()), real_now())
    for one in found:
        log.error("not_well", name=one.name, said=one.said["en"])
    return bool(found)


@app.task(name="dondoc.deliver")
def deliver() -> None:
    may_speak()
    with only_sender() as mine:
        if mine:
            sender = post()
            tally = sender.drain(DRAIN_SECONDS) + send_answers(sender)
            if any(tally.values()):
                log.info("delivered", **tally)


def post() -> Post:
    """The sender of this process, as the settings describe it."""
    with writing(engine()) as db:
        zone = rulebook.active_policy(db).zone
    return Post(
        transaction=partial(writing, engine()),
        channel=parse_channel(settings().smtp_url),
        sender=sender_of(settings()),
        now=partial(now, settings()),
        real_now=real_now,
        zone=zone,
        pace=pace_of(settings()),
        journal=SentJournal(settings().home / sent_journal.NAME),
        is_ending=is_ending,
    )


@contextmanager
def only_sender() -> Iterator[bool]:
    """SQLite has one sender at a time; on PostgreSQL any number share the outbox."""
    if engine().dialect.name != "sqlite":
        yield True
        return
    with (settings().home / "sender.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        with writing(engine()) as db:
            outbox.take_back(db)
        yield True


@app.task(name="dondoc.webhooks")
def call_webhooks() -> None:
    may_speak()
    tally = Caller(partial(writing, engine()), settings(), real_now).drain(DRAIN_SECONDS)
    if any(tally.values()):
        log.info("webhooks_called", **tally)


@app.task(name="dondoc.seal")
def seal() -> None:
    """Link by link, so that writers wait for one short batch at most. A copy adds nothing to the anchors."""
    may_speak()
    more = True
    while more:
        with writing(engine()) as db:
            link = audit.seal(db, real_now())
            more = link is not None and link.count == audit.BATCH
        if link is not None:
            note_anchor(link.last_event_id, link.hash)


def note_anchor(event_id: int, head: str) -> None:
    """The head of the chain, outside the database: a journal cut short is found against it."""
    with (settings().home / "anchors.log").open("a", encoding="ascii") as anchors:
        anchors.write(f"{event_id} {head}\n")


@app.task(name="dondoc.reports")
def reports() -> None:
    """Reports whose day has come; a mail each, with the file."""
    may_speak()
    number = report_mail.deliver_due(engine(), settings(), sender_of(settings()), now(settings()))
    if number:
        log.info("reports_made", mails=number)
        bell.ring("dondoc.deliver")


@app.task(name="dondoc.housekeeping")
def housekeeping() -> None:
    """Bytes of old mails go; who was told what and when stays for ever. A copy keeps all it was made of.

    Last, what has closed since is folded once, so that figures need not fold it again.
    """
    may_speak()
    old = col(Message.created_at) < now(settings()) - KEEP_BYTES
    final = col(Message.status).not_in([MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.HELD])
    with writing(engine()) as db:
        db.execute(update(Message).where(old, final, col(Message.mime).is_not(None)).values(mime=null()))
        idempotency.forget_old(db, real_now())
        webhook_calls.forget_old(db, real_now())
    received_gone = forget_received(real_now())
    if received_gone:
        log.info("received_mails_forgotten", files=received_gone)
    folded = checkpoint.make(partial(writing, engine()))
    if folded:
        log.info("closed_directives_folded", directives=folded)


def forget_received(at: datetime) -> int:
    """Bytes of received mails past their term, but for those a person must still place; how many went."""
    before, home = at - timedelta(days=settings().received_days), settings().home
    gone = 0
    for names in chunks(received.older(home, before), FILES_AT_ONCE):
        with reading(engine()) as db:
            kept = received_mail.still_needed(db, names, before)
        for name in set(names) - kept:
            received.forget(home, name)
            gone += 1
    return gone


def chunks(names: Iterator[str], size: int) -> Iterator[list[str]]:
    while chunk := list(islice(names, size)):
        yield chunk


@app.task(name="dondoc.watch")
def watch() -> None:
    alarm.watch(engine(), settings(), now(settings()))


@app.task(name="dondoc.audit_ledger")
def audit_ledger() -> None:
    """Once after each night's sweep; until the next night is swept it finds nothing to do."""
    with writing(engine()) as db:
        verdict = auditing.check(db, now(settings()))
        if verdict is not None and verdict.difference_count:
            log.error(
                "ledger_differs", night=verdict.night_on.isoformat(), differences=verdict.difference_count
            )


@app.task(name="dondoc.watch_calendar")
def watch_calendar() -> None:
    with writing(engine()) as db:
        if (year := calendar_watch.watch(db, now(settings()))) is not None:
            log.warning("calendar_unconfirmed", year=year)
