"""Fetching received mails over IMAP: a mail is marked or moved only once it is kept and settled."""

import imaplib
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from config.imap import ImapBox
from notifications.receiving import Receiver
from notifications.replies import LARGEST_MAIL

SECONDS = 20.0
MOST_AT_ONCE = 200
HEAD = 64_000  # bytes of a mail that is too large to be fetched whole; it stays in its mailbox
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxAway(Exception):
    """The server cannot be reached or refuses us; what waits there waits on. Never names the password."""


def fetch(box: ImapBox, receiver: Receiver, now: datetime) -> Counter[str]:
    """What came since the last look; counts per outcome. Each mail is a transaction of its own."""
    tally: Counter[str] = Counter()
    with opened(box) as mailbox:
        for uid in _waiting(box, mailbox):
            found = _fetched(box, mailbox, uid)
            if found is None:
                continue
            data, is_cut = found
            tally[receiver.receive(data, now, is_cut=is_cut).outcome] += 1
            with _spoken(box):
                _mark(box, mailbox, uid)
    return tally


@contextmanager
def opened(box: ImapBox) -> Iterator[BaseMailBox]:
    """Raises MailboxAway when the server cannot be reached, or does not know us or the folder."""
    with _spoken(box):
        mailbox = _connected(box)
        mailbox.login(box.user, box.password, box.folder)
    try:
        yield mailbox
    finally:
        with _spoken(box, is_last_word=True):
            mailbox.logout()


@contextmanager
def _spoken(box: ImapBox, *, is_last_word: bool = False) -> Iterator[None]:
    try:
        yield
    except (ImapToolsError, imaplib.IMAP4.error, OSError, EOFError) as error:
        if not is_last_word:
            raise MailboxAway(f"{box.host}:{box.port}: {type(error).__name__}") from error


def _connected(box: ImapBox) -> BaseMailBox:
    if box.cover == "none":
        return MailBoxUnencrypted(box.host, box.port, timeout=SECONDS)
    context = ssl.create_default_context()
    if box.cover == "tls":
        return MailBox(box.host, box.port, timeout=SECONDS, ssl_context=context)
    return MailBoxStartTls(box.host, box.port, timeout=SECONDS, ssl_context=context)


def _waiting(box: ImapBox, mailbox: BaseMailBox) -> list[str]:
    with _spoken(box):
        return mailbox.uids("ALL" if box.done else "UNSEEN", charset=None)[:MOST_AT_ONCE]


def _fetched(box: ImapBox, mailbox: BaseMailBox, uid: str) -> tuple[bytes, bool] | None:
    """The mail, as unread as before, and whether only its head was taken; None if it has gone meanwhile."""
    with _spoken(box):
        size = _SIZE.search(b" ".join(_parts(mailbox.client.uid("FETCH", uid, "(RFC822.SIZE)"))))
        is_cut = size is not None and int(size[1]) > LARGEST_MAIL
        wanted = f"(BODY.PEEK[]<0.{HEAD}>)" if is_cut else "(BODY.PEEK[])"
        _, answer = mailbox.client.uid("FETCH", uid, wanted)
        bodies = [part[1] for part in answer if isinstance(part, tuple)]
    return (bodies[0], is_cut) if bodies else None


def _parts(answer: tuple[str, list[Any]]) -> list[bytes]:
    return [part for part in answer[1] if isinstance(part, bytes)]


def _mark(box: ImapBox, mailbox: BaseMailBox, uid: str) -> None:
    if box.done:
        if not mailbox.folder.exists(box.done):
            mailbox.folder.create(box.done)
        mailbox.move(uid, box.done)
    else:
        mailbox.client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
