"""Foreign mail is taken apart by a child process; this is the side that survives whatever it meets."""

import base64
import contextlib
import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from notifications.bounces import Bounce
from notifications.intent import Intent, Wish
from notifications.links import ReplyTag
from notifications.receiving_child import LENGTH
from notifications.replies import LARGEST_MAIL, LONGEST_HEAD, Attachment, Head, Reply, body_hash

WALL_SECONDS = 45.0


@dataclass(frozen=True)
class Mail:
    """What one mail says. `refused` names why it was not taken apart; then only its head is known."""

    reply: Reply
    bounces: tuple[Bounce, ...] = ()
    refused: str | None = None


class Reader:
    """One child for many mails; one that dies or dawdles over a mail is replaced, the mail refused."""

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._wall_seconds = wall_seconds

    def read(self, data: bytes, sender: str | None = None, recipient: str | None = None) -> Mail:
        if len(data) > LARGEST_MAIL:
            return self.refuse(data, "too_large", sender)
        return self._asked({"sender": sender, "recipient": recipient}, data, data)

    def refuse(self, data: bytes, reason: str, sender: str | None = None) -> Mail:
        """Not taken apart: only its head is looked at."""
        return self._asked({"sender": sender, "refuse": reason}, data[:LONGEST_HEAD], data)

    def _asked(self, wanted: dict[str, Any], shown: bytes, data: bytes) -> Mail:
        said = self._ask(wanted, shown)
        if said is None:
            self.close()
            return _refused(data, "too_complex", Head())
        if "refused" in said:
            return _refused(data, said["refused"], Head(**said["head"]))
        return Mail(_reply(said["reply"]), tuple(Bounce(**one) for one in said["bounces"]))

    def _ask(self, wanted: dict[str, Any], data: bytes) -> dict[str, Any] | None:
        child = self._running()
        assert child.stdin is not None
        head = json.dumps(wanted).encode()
        try:
            child.stdin.write(LENGTH.pack(len(head)) + head + LENGTH.pack(len(data)) + data)
            child.stdin.flush()
        except OSError:
            return None
        answer = b"".join(self._answer(child))
        return json.loads(answer) if answer else None

    def _answer(self, child: subprocess.Popen[bytes]) -> Iterator[bytes]:
        """All of it or nothing, within the time."""
        assert child.stdout is not None
        until = monotonic() + self._wall_seconds
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            missing, buffer, length = LENGTH.size, bytearray(), 0
            while missing > 0:
                if not ready.select(max(0.0, until - monotonic())):
                    return
                chunk = os.read(child.stdout.fileno(), min(missing, 1 << 20))
                if not chunk:
                    return
                buffer += chunk
                missing -= len(chunk)
                if not length and len(buffer) == LENGTH.size:
                    length = missing = LENGTH.unpack(buffer)[0]
                    buffer.clear()
            yield bytes(buffer)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            root = str(Path(__file__).resolve().parents[1])
            self._child = subprocess.Popen(
                [sys.executable, "-s", "-m", "notifications.receiving_child"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": root, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")},
            )  # fmt: skip
        return self._child

    def close(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        child.wait()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _refused(data: bytes, reason: str, head: Head) -> Mail:
    reply = Reply(
        message_id=head.message_id,
        body_hash=body_hash(data),
        sender=head.sender,
        sender_name="",
        subject=head.subject,
        tag=None,
        answers_to=(),
        automatic=head.automatic,
        authentication="",
        wish=Wish(Intent.UNCLEAR, ""),
        attachments=(),
    )
    return Mail(reply, refused=reason)


def _reply(said: dict[str, Any]) -> Reply:
    wish, tag = said.pop("wish"), said.pop("tag")
    files = tuple(_attachment(one) for one in said.pop("attachments"))
    sent_at = said.pop("sent_at")
    answers_to, recipients = tuple(said.pop("answers_to")), tuple(said.pop("recipients"))
    wanted = date.fromisoformat(wish["extension_on"]) if wish["extension_on"] else None
    return Reply(
        **said,
        tag=ReplyTag(**tag) if tag else None,
        answers_to=answers_to,
        recipients=recipients,
        wish=Wish(Intent(wish["intent"]), wish["text"], wanted, wish["problem"], wish["code"]),
        attachments=files,
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
    )


def _attachment(said: dict[str, Any]) -> Attachment:
    return Attachment(said["name"], said["content_type"], base64.b64decode(said["content"]))
