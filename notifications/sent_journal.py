"""What the relay took, written beside the database: a restored one learns from it what not to send again."""

import json
import logging
import os
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from workflow.instance import Sent

log = logging.getLogger(__name__)

NAME = "sent.jsonl"
LONGEST_LINE = 4096


class SentJournal:
    """Appended before the database hears of the 250. `sync` puts on the disk what was noted, once a batch.

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
            "header_id": sent.header_id, "response": sent.response,
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


def _sent(line: bytes) -> Sent | None:
    try:
        facts = json.loads(line)
        return Sent(
            key=facts["key"], person_id=facts["person_id"], kind=facts["kind"],
            night_on=date.fromisoformat(facts["night_on"]), at=datetime.fromisoformat(facts["at"]),
            address=facts["address"], header_id=facts["header_id"], response=facts["response"],
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None
