"""What the relay took, written beside the database: a restored one learns from it what not to send again."""

import json
import os
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from workflow.instance import Sent

NAME = "sent.jsonl"
LONGEST_LINE = 4096


class SentJournal:
    """Appended before the database hears of the 250. `sync` puts on the disk what was noted, once a batch."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()
        self.file: int | None = None

    def note(self, sent: Sent) -> None:
        line = {
            "key": sent.key, "person_id": sent.person_id, "kind": sent.kind,
            "night_on": sent.night_on.isoformat(), "at": sent.at.isoformat(), "address": sent.address,
            "header_id": sent.header_id, "response": sent.response,
        }  # fmt: skip
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        with self.lock:
            if self.file is None:
                self.file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(self.file, data)

    def sync(self) -> None:
        with self.lock:
            if self.file is not None:
                os.fsync(self.file)
                os.close(self.file)
                self.file = None


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
