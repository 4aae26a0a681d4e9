"""What the relay took, written beside the database before the database hears of it.

A restored database learns from it what not to send again, and so does the sender that takes over what a dead
one left: the database marks a group of mails at a time, the journal every mail at once.
"""

import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from workflow.instance import Sent

log = logging.getLogger(__name__)

NAME = "sent.jsonl"
LONGEST_LINE = 4096
SEARCHED = 64 * 1024 * 1024
"""Bytes from the end in which a dead sender's last lines are looked for: all senders of some minutes."""


class SentJournal:
    """One write a mail, so that a killed process loses no line. `sync` puts on the disk what was noted: once for
    a group, before its marks are committed, so that what the database calls sent outlives a power cut here too.

    A disk that refuses costs the note, never the mail: what was taken must still be marked as sent.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        self.file: int | None = None
        self.is_cut = False

    def note(self, sent: Sent) -> bool:
        """False when the disk has no room for the line."""
        line = {
            "key": sent.key, "person_id": sent.person_id, "kind": sent.kind,
            "night_on": sent.night_on.isoformat(), "at": sent.at.isoformat(), "address": sent.address,
            "header_id": sent.header_id, "response": sent.response, "token": sent.token,
        }  # fmt: skip
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        with self.lock:
            return self._appended(data)

    def _appended(self, data: bytes) -> bool:
        """What a full disk cut off ends with a line of its own, so the next one is whole."""
        try:
            if self.file is None:
                self.file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
                self.is_cut = _ends_within_a_line(self.file)
            data = b"\n" + data if self.is_cut else data
            written = os.write(self.file, data)
        except OSError as error:
            log.critical("the sent journal cannot be written: %s", error)
            return False
        self.is_cut = written < len(data)
        if self.is_cut:
            log.critical("the sent journal cannot be written: no room")
        return not self.is_cut

    def sync(self) -> None:
        with self.lock:
            file, self.file = self.file, None
            if file is None:
                return
            try:
                os.fsync(file)
            except OSError as error:
                log.critical("the sent journal cannot be kept: %s", error)
            finally:
                os.close(file)


def _ends_within_a_line(file: int) -> bool:
    size = os.fstat(file).st_size
    return size > 0 and os.pread(file, 1, size - 1) != b"\n"


def lines(path: Path) -> Iterator[Sent]:
    """A line cut off by a crash is passed over: its mail is still open in the database."""
    if not path.exists():
        return
    with path.open("rb") as source:
        for line in source:
            sent = _sent(line)
            if sent is not None:
                yield sent


def last(path: Path) -> Sent | None:
    """The newest whole line, without reading the file."""
    if not path.exists():
        return None
    with path.open("rb") as source:
        source.seek(max(0, path.stat().st_size - 4 * LONGEST_LINE))
        for line in reversed(source.read().splitlines()):
            sent = _sent(line)
            if sent is not None:
                return sent
    return None


def attempts(path: Path, tokens: Mapping[str, int]) -> list[Sent]:
    """Of these attempts (key of the message, token) those the relay took."""
    wanted = {_beginning(key): token for key, token in tokens.items()}
    found: dict[str, Sent] = {}
    for line in _newest(path):
        token = wanted.get(line[: line.find(b",") + 1])
        sent = _sent(line) if token else None
        if sent is not None and sent.token == token:
            found[sent.key] = sent
    return list(found.values())


def _beginning(key: str) -> bytes:
    """Of the line of a message: there may be a hundred thousand others, too many to be read as JSON."""
    return json.dumps({"key": key}, ensure_ascii=False).encode()[:-1] + b","


def _newest(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as source:
        source.seek(max(0, path.stat().st_size - SEARCHED))
        yield from source


def _sent(line: bytes) -> Sent | None:
    try:
        facts = json.loads(line)
        return Sent(
            key=facts["key"], person_id=facts["person_id"], kind=facts["kind"],
            night_on=date.fromisoformat(facts["night_on"]), at=datetime.fromisoformat(facts["at"]),
            address=facts["address"], header_id=facts["header_id"], response=facts["response"],
            token=int(facts.get("token", 0)),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None
