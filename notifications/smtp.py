"""Handing mails to a relay, with an honest answer about what became of each (reliability P5)."""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from config.relays import Relay, is_folder, parse_folder, parse_relay
from notifications.addresses import BadAddress, checked_address
from notifications.channels import OVERDUE, Channel, Connection, Fate, MayFinish, Outcome, always
from notifications.folder import FolderChannel
from workflow import failpoints

CONNECT_TIMEOUT = 20.0  # seconds
COMMAND_TIMEOUT = 60.0
UNCUT_BYTES, END_BYTES = (
    65_536,
    1_024,
)  # a socket takes so much at once; the end of more waits until the rest is gone
FINAL_DOT_TIMEOUT = 600.0  # RFC 5321 4.5.3.2.6: a relay may think for ten minutes before its last 250

_SERVICE_CLOSING = 421
_SAYS_WHO_WE_ARE = (530, 534, 535, 538)  # the relay speaks about us, not about this recipient
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")


def parse_channel(url: str) -> Channel:
    if is_folder(url):
        return FolderChannel(parse_folder(url))
    return SmtpChannel(parse_relay(url))


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    relay: Relay
    connect_timeout: float = CONNECT_TIMEOUT
    command_timeout: float = COMMAND_TIMEOUT
    final_dot_timeout: float = FINAL_DOT_TIMEOUT

    def open(self) -> Connection:
        """Connects at the first mail, so that a relay that is away is an outcome, not an exception."""
        return SmtpConnection(self)

    def describe(self) -> str:
        return f"{'smtps' if self.relay.implicit_tls else 'smtp'}://{self.relay.host}:{self.relay.port}"


class _Answered(Exception):
    """Ends one attempt with its outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


class SmtpConnection:
    """One session with the relay, opened when needed and again after a cut."""

    def __init__(self, channel: SmtpChannel) -> None:
        self._channel = channel
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def send(self, sender: str, recipient: str, data: bytes, may_finish: MayFinish = always) -> Outcome:
        """Never raises for anything the relay, the network or an address did."""
        try:
            checked_address(sender)
        except BadAddress as error:
            return Outcome(Fate.CHANNEL_FAULT, None, str(error), needs_operator=True)
        try:
            checked_address(recipient)
            return self._attempt(sender, recipient, on_the_wire(data), may_finish)
        except BadAddress as error:
            return Outcome(Fate.REJECTED, None, str(error))
        except _Answered as end:
            return end.outcome

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _attempt(self, sender: str, recipient: str, wire: bytes, may_finish: MayFinish) -> Outcome:
        client = self._begin(sender)
        failpoints.passing("smtp.mail")
        self._refused_unless_ok(self._said(lambda: client.rcpt(recipient)), Fate.REJECTED)
        self._refused_unless_ok(self._said(lambda: client.docmd("DATA")), Fate.REJECTED, expected=354)
        failpoints.passing("smtp.body")
        body, end = (wire[:-END_BYTES], wire[-END_BYTES:]) if len(wire) > UNCUT_BYTES else (b"", wire)
        self._said(lambda: (0, _written(client, body)))
        if not may_finish():
            self._drop()
            raise _Answered(OVERDUE)
        self._said(lambda: (0, _written(client, end)))
        failpoints.passing("smtp.dot")
        outcome = self._last_word(client)
        failpoints.passing("smtp.answer")
        return outcome

    def _begin(self, sender: str) -> smtplib.SMTP:
        """MAIL FROM; a session that the relay closed while idle is replaced without a word."""
        reused = self._client is not None
        client = self._connected()
        try:
            code, text = client.mail(sender)
        except (smtplib.SMTPException, OSError):
            code, text = _SERVICE_CLOSING, b"the connection was cut"
        if code == _SERVICE_CLOSING and reused:
            self._drop()
            return self._begin(sender)
        self._refused_unless_ok((code, text), Fate.CHANNEL_FAULT)
        return client

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            try:
                self._client = _logged_in(self._channel)
            except _Answered:
                raise
            except (smtplib.SMTPException, OSError) as error:
                raise _Answered(_channel_fault(error)) from error
        return self._client

    def _said(self, command: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        """Up to the final dot a cut costs nothing: the relay has not got the mail."""
        try:
            return command()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise _Answered(Outcome(Fate.NOT_ACCEPTED, None, _words(error))) from error

    def _last_word(self, client: smtplib.SMTP) -> Outcome:
        try:
            _set_timeout(client, self._channel.final_dot_timeout)
            code, text = client.getreply()
            _set_timeout(client, self._channel.command_timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome(Fate.AMBIGUOUS, None, _words(error))
        if code < 200:
            self._drop()
            return Outcome(Fate.AMBIGUOUS, None, f"not an answer: {_decoded(text)}")
        self._refused_unless_ok((code, text), Fate.REJECTED)
        return Outcome(Fate.HANDED_OVER, code, _decoded(text))

    def _refused_unless_ok(self, reply: tuple[int, bytes], when_permanent: Fate, expected: int = 250) -> None:
        code, text = reply
        if code == expected or (expected == 250 and code == 251):
            return
        self._reset(code)
        if code in _SAYS_WHO_WE_ARE or (code >= 500 and when_permanent is Fate.CHANNEL_FAULT):
            raise _Answered(Outcome(Fate.CHANNEL_FAULT, code, _decoded(text), needs_operator=True))
        fate = when_permanent if code >= 500 else Fate.NOT_ACCEPTED
        raise _Answered(Outcome(fate, code, _decoded(text)))

    def _reset(self, code: int) -> None:
        """After a refusal the session is clean again, or gone."""
        if code == _SERVICE_CLOSING or self._client is None:
            self._drop()
            return
        try:
            self._client.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def on_the_wire(data: bytes) -> bytes:
    """CRLF line ends only, leading dots doubled, the final dot at the end."""
    if data.count(b"\n") != data.count(b"\r\n") or data.count(b"\r") != data.count(b"\r\n"):
        data = _LINE_END.sub(b"\r\n", data)
    if data.startswith(b".") or b"\n." in data:
        data = _LEADING_DOT.sub(b"..", data)
    return data + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


def _written(client: smtplib.SMTP, wire: bytes) -> bytes:
    if wire:
        client.send(wire)
    return b""


def _logged_in(channel: SmtpChannel) -> smtplib.SMTP:
    client = _client(channel)
    try:
        _set_timeout(client, channel.command_timeout)
        client.ehlo_or_helo_if_needed()
        encrypted = channel.relay.implicit_tls or _secured(client, channel.relay)
        _authenticate(client, channel.relay, encrypted)
    except BaseException:
        client.close()
        raise
    return client


def _client(channel: SmtpChannel) -> smtplib.SMTP:
    relay, hello = channel.relay, channel.relay.hello or _own_name()
    if relay.implicit_tls:
        return smtplib.SMTP_SSL(
            relay.host, relay.port, hello, timeout=channel.connect_timeout, context=_tls(relay)
        )
    return smtplib.SMTP(relay.host, relay.port, hello, timeout=channel.connect_timeout)


def _secured(client: smtplib.SMTP, relay: Relay) -> bool:
    if relay.starttls == "never":
        return False
    if not client.has_extn("starttls"):
        if relay.starttls == "required":
            raise _Answered(_fault("the relay does not offer STARTTLS, which this channel requires"))
        return False
    client.starttls(context=_tls(relay))
    client.ehlo()
    return True


def _authenticate(client: smtplib.SMTP, relay: Relay, encrypted: bool) -> None:
    if relay.user is None:
        return
    if not encrypted and not relay.is_loopback:
        raise _Answered(_fault("a password is not sent over an unencrypted connection"))
    client.login(relay.user, relay.password or "")


def _tls(relay: Relay) -> ssl.SSLContext:
    """Certificates are checked, except on loopback without an authority of its own."""
    context = ssl.create_default_context(cafile=relay.authority)
    if relay.is_loopback and relay.authority is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _own_name() -> str:
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _set_timeout(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    client.sock.settimeout(seconds)


def _channel_fault(error: Exception) -> Outcome:
    """Away for now (refused, timed out, 4xx) is worth another try; the rest waits for a person."""
    if isinstance(error, smtplib.SMTPResponseException):
        words, lasting = _decoded(error.smtp_error), error.smtp_code >= 500
        return Outcome(Fate.CHANNEL_FAULT, error.smtp_code, words, needs_operator=lasting)
    lasting = isinstance(error, ssl.SSLError | socket.gaierror | smtplib.SMTPNotSupportedError)
    return Outcome(Fate.CHANNEL_FAULT, None, _words(error), needs_operator=lasting)


def _fault(text: str) -> Outcome:
    return Outcome(Fate.CHANNEL_FAULT, None, text, needs_operator=True)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _decoded(text: bytes | str) -> str:
    line = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(line.split())[:300]
