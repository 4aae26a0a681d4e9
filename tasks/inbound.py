"""Mail that comes in, fetched every minute where a mailbox is named."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from config import imap, schema
from config.instant import now
from config.settings import Settings
from notifications import identity
from notifications.fetching import MailboxAway, fetch
from notifications.identity import Muted
from notifications.mailroom import receiver
from tasks.app import app, bell, engine, settings

log = structlog.get_logger(__name__)


@app.task(name="dondoc.receive")
def receive() -> None:
    """A mailbox that is away waits for the next minute; a second look at the same time is skipped."""
    if settings().imap_url is None:
        return
    schema.check(engine())
    if muted := identity.muted(engine(), settings().home):
        log.warning("muted", error=str(muted))  # the mailbox belongs to the installation this is a copy of
        return
    with only_reader(settings()) as mine:
        if mine:
            _look(settings())


def _look(given: Settings) -> None:
    assert given.imap_url is not None
    with receiver(given, engine()) as inbox:
        try:
            tally = fetch(imap.parse(given.imap_url), inbox, now(given))
        except MailboxAway as away:
            log.warning("mailbox_away", error=str(away))
            return
        except Muted as muted:
            log.warning("muted", error=str(muted))
            return
    if tally:
        log.info("received", **tally)
        bell.ring("dondoc.deliver")


@contextmanager
def only_reader(given: Settings) -> Iterator[bool]:
    """One look at a time on this host; elsewhere two are harmless, a mail is received once."""
    with (given.home / "reader.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
