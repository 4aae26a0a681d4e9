"""A real SMTP server on loopback whose answers a test decides."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "certificates" / "relay.pem"

CUT = "cut"  # instead of an answer: the connection ends
HANG = "hang"  # instead of an answer: nothing, for as long as the test runs

Answers = list[str]


@dataclass
class Relay:
    """Answers to each command are taken from these lists in turn; an empty list means yes."""

    mail: Answers = field(default_factory=list)
    rcpt: Answers = field(default_factory=list)
    data: Answers = field(default_factory=list)
    accepted: list[tuple[str, str, bytes]] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    pipelines: bool = False

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", *responses[-1:]] if self.pipelines else responses

    async def handle_MAIL(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._answer(server, self.mail)
        if answer.startswith("250"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = await self._answer(server, self.rcpt)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.seen.append(content)
        planned = self.data[0] if self.data else "250 ok"
        if planned.startswith("250") or planned in (CUT, HANG):
            self.accepted.append((str(envelope.mail_from), envelope.rcpt_tos[0], content))
        return await self._answer(server, self.data)

    async def _answer(self, server: SMTP, answers: Answers) -> str:
        answer = answers.pop(0) if answers else "250 ok"
        if answer == CUT and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        if answer == HANG:
            await asyncio.Event().wait()
        return answer


def only_the_right_password(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any
) -> AuthResult:
    right = isinstance(auth_data, LoginPassword) and auth_data.password == b"right"
    return AuthResult(success=right, handled=False)


@contextmanager
def running(relay: Relay, **options: Any) -> Iterator[Relay]:
    controller = Controller(relay, hostname="127.0.0.1", port=_free_port(), **options)
    controller.start()
    relay.port = controller.port
    try:
        yield relay
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


class Careless:
    """A relay that says yes to DATA whatever it said to the recipient, as RFC 2920 lets it. `heard`: each line, each text."""

    def __init__(self, recipients: Answers) -> None:
        self.recipients = recipients
        self.heard: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with self._listening, self._listening.accept()[0] as wire, wire.makefile("rb") as lines:
            wire.sendall(b"220 careless\r\n")
            for line in lines:
                self.heard.append(line.rstrip())
                wire.sendall(self._answer(line[:4].upper()))
                if line.startswith(b"DATA"):
                    self.heard.append(b"".join(iter(lines.readline, b".\r\n")))
                    wire.sendall(b"250 taken\r\n" if self.heard[-1] else b"554 no valid recipients\r\n")

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"RCPT":
            return self.recipients.pop(0).encode() + b"\r\n"
        return {b"EHLO": b"250-careless\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n"}.get(
            verb, b"250 ok\r\n"
        )
