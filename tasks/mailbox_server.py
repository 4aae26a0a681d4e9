"""A real SMTP server that keeps what it is given: for the demo, for development, for the tests.

    python -m tasks.mailbox_server --folder DIR [--host H] [--port P] [--rules FILE]

DIR gets `address` (host:port, once it listens), `journal.jsonl` (one line a mail, written before the 250) and
`mail/`, a Maildir. FILE is a JSON list of faults, read again whenever it changes; the first that fits acts:

    {"at": "ehlo|auth|mail|rcpt|data", "to": "regex", "do": "reply|cut|cut after dot|delay",
     "reply": "451 4.3.0 busy", "seconds": 1, "times": 2, "every": 30}

`to` is looked for in the recipients known so far; `times` ends the fault after so many, `every` lets it act
on each n-th occasion only. `cut after dot` keeps the mail and drops the connection before the 250.
"""

import argparse
import asyncio
import hashlib
import itertools
import json
import os
import re
import signal
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import default as modern
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Step = str | None


@dataclass
class Fault:
    at: str
    do: str = "reply"
    to: str = ""
    reply: str = "451 4.3.0 try again"
    seconds: float = 0
    times: int | None = None
    every: int = 1
    met: int = field(default=0, init=False)
    acted: int = field(default=0, init=False)

    def acts(self, at: str, recipients: Iterable[str]) -> bool:
        if at != self.at or (self.to and not any(re.search(self.to, each) for each in recipients)):
            return False
        self.met += 1
        if self.met % self.every or (self.times is not None and self.acted >= self.times):
            return False
        self.acted += 1
        return True


class Faults:
    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.read_from: tuple[int, int] | None = None
        self.faults: list[Fault] = []

    def at(self, step: str, recipients: Iterable[str]) -> Fault | None:
        self._refresh()
        recipients = list(recipients)
        return next((fault for fault in self.faults if fault.acts(step, recipients)), None)

    def _refresh(self) -> None:
        if self.file is None or not self.file.exists():
            self.faults = []
            return
        about = self.file.stat()
        if self.read_from != (about.st_mtime_ns, about.st_ino):
            self.read_from = (about.st_mtime_ns, about.st_ino)
            self.faults = [Fault(**fault) for fault in json.loads(self.file.read_text(encoding="utf-8"))]


class Mailbox:
    """A Maildir and its journal; both reach the system before the sender hears 250."""

    def __init__(self, folder: Path) -> None:
        for part in ("tmp", "new", "cur"):
            (folder / "mail" / part).mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.journal = (folder / "journal.jsonl").open("ab", buffering=0)
        self.numbers = itertools.count(1)

    def keep(self, envelope: Envelope, outcome: str) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        name = (
            f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.{os.getpid()}_{next(self.numbers)}.{socket.gethostname()}"
        )
        draft = self.folder / "mail" / "tmp" / name
        draft.write_bytes(content)
        draft.rename(self.folder / "mail" / "new" / name)
        line = {**_facts(envelope, content), "outcome": outcome, "file": f"mail/new/{name}"}
        self.journal.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


class Receiver:
    """The hooks aiosmtpd calls; each answers None to go on as usual, or the line to say."""

    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self.mailbox = mailbox
        self.faults = faults

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        refused = await self._fault(server, "ehlo", [])
        return [refused] if refused else [*responses[:-1], "250-PIPELINING", *responses[-1:]]

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = await self._fault(server, "mail", [])
        if refused:
            return refused
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = await self._fault(server, "rcpt", [address])
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        fault = self.faults.at("data", envelope.rcpt_tos)
        if fault and fault.do == "cut after dot":
            self.mailbox.keep(envelope, "cut")
            return _cut(server)
        refused = await self._act(server, fault)
        if refused:
            return refused
        self.mailbox.keep(envelope, "accepted")
        return "250 2.0.0 kept"

    def authenticate(self, *_call: Any) -> AuthResult:
        """Any password opens, unless a fault at `auth` refuses it."""
        fault = self.faults.at("auth", [])
        return AuthResult(success=fault is None, handled=False)

    async def _fault(self, server: SMTP, step: str, recipients: list[str]) -> Step:
        return await self._act(server, self.faults.at(step, recipients))

    async def _act(self, server: SMTP, fault: Fault | None) -> Step:
        if fault is None:
            return None
        await asyncio.sleep(fault.seconds)
        if fault.do == "delay":
            return None
        return fault.reply if fault.do == "reply" else _cut(server)


def _cut(server: SMTP) -> str:
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    return "421 4.3.2 cut"


def _facts(envelope: Envelope, content: bytes) -> dict[str, Any]:
    headers = BytesHeaderParser(policy=modern).parsebytes(content)
    return {
        "at": datetime.now(UTC).isoformat(),
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "message_id": headers.get("Message-ID"),
        "subject": headers.get("Subject"),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


async def serve(folder: Path, host: str, port: int, rules: Path | None) -> None:
    """Until SIGTERM or SIGINT."""
    receiver = Receiver(Mailbox(folder), Faults(rules))
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with await loop.create_server(lambda: _session(receiver), host, port) as server:
        _announce(folder, server.sockets[0])
        await ended.wait()


def _session(receiver: Receiver) -> SMTP:
    return SMTP(
        receiver,
        enable_SMTPUTF8=True,
        auth_require_tls=False,
        authenticator=receiver.authenticate,
        hostname="mailbox.localhost",
        ident="mailbox",
    )


def _announce(folder: Path, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    draft = folder / ".address"
    draft.write_text(f"{host}:{port}\n", encoding="ascii")
    draft.rename(folder / "address")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tasks.mailbox_server")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rules", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(given.folder, given.host, given.port, given.rules))


if __name__ == "__main__":
    main()
