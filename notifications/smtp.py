"""Handing mails to a relay, with an honest answer about what became of each (reliability P5)."""

import contextlib
import re
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self, TypeVar

from config.relays import Relay, is_folder, parse_folder, parse_relay
from notifications.addresses import BadAddress, checked_address
from notifications.channels import OVERDUE, Channel, Connection, Fate, MayFinish, Outcome, always
from notifications.folder import FolderChannel
from notifications.smtp_login import Answered, channel_fault, decoded, in_words, logged_in, set_timeout
from workflow import failpoints

CONNECT_TIMEOUT = 20.0  # seconds
COMMAND_TIMEOUT = 60.0
UNCUT_BYTES, END_BYTES = (
    65_536,
    1_024,
)  # a socket takes so much at once; the end of more waits until the rest is gone
FINAL_DOT_TIMEOUT = 600.0  # RFC 5321 4.5.3.2.6: a relay may think for ten minutes before its last 250

_SERVICE_CLOSING, _GO_ON = 421, 354
_SAYS_WHO_WE_ARE = (530, 534, 535, 538)  # the relay speaks about us, not about this recipient
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
Reply = tuple[int, bytes]
Said = TypeVar("Said")


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


class SmtpConnection:
    """One session with the relay, opened when needed and again after a cut."""

    def __init__(self, channel: SmtpChannel) -> None:
        self._channel = channel
        self._client: smtplib.SMTP | None = None
        self._unread: Iterator[Reply] = iter(())

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
        except Answered as end:
            return end.outcome

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _attempt(self, sender: str, recipient: str, wire: bytes, may_finish: MayFinish) -> Outcome:
        client = self._announced(sender, recipient)
        failpoints.passing("smtp.body")
        body, end = (wire[:-END_BYTES], wire[-END_BYTES:]) if len(wire) > UNCUT_BYTES else (b"", wire)
        self._said(lambda: _written(client, body))
        if not may_finish():
            self._drop()
            raise Answered(OVERDUE)
        self._said(lambda: _written(client, end))
        failpoints.passing("smtp.dot")
        outcome = self._last_word(client)
        failpoints.passing("smtp.answer")
        return outcome

    def _announced(self, sender: str, recipient: str) -> smtplib.SMTP:
        """MAIL, RCPT and DATA; a session that the relay closed while idle is replaced without a word."""
        reused = self._client is not None
        client = self._connected()
        at_once = client.has_extn("pipelining")
        replies = (_in_one_flight if at_once else _in_turn)(client, sender, recipient)
        try:
            first = next(replies)
        except (smtplib.SMTPException, OSError):
            first = _SERVICE_CLOSING, b"the connection was cut"
        if first[0] == _SERVICE_CLOSING and reused:
            self._drop()
            return self._announced(sender, recipient)
        self._unread = replies if at_once else iter(())
        self._refused_unless_ok(first, Fate.CHANNEL_FAULT)
        self._refused_unless_ok(self._said(lambda: next(replies)), Fate.REJECTED)
        self._refused_unless_ok(self._said(lambda: next(replies)), Fate.REJECTED, expected=_GO_ON)
        return client

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            try:
                self._client = logged_in(
                    self._channel.relay, self._channel.connect_timeout, self._channel.command_timeout
                )
            except Answered:
                raise
            except (smtplib.SMTPException, OSError) as error:
                raise Answered(channel_fault(error)) from error
        return self._client

    def _said(self, command: Callable[[], Said]) -> Said:
        """Up to the final dot a cut costs nothing: the relay has not got the mail."""
        try:
            return command()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Answered(Outcome(Fate.NOT_ACCEPTED, None, in_words(error))) from error

    def _last_word(self, client: smtplib.SMTP) -> Outcome:
        try:
            set_timeout(client, self._channel.final_dot_timeout)
            code, text = client.getreply()
            set_timeout(client, self._channel.command_timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome(Fate.AMBIGUOUS, None, in_words(error))
        if code < 200:
            self._drop()
            return Outcome(Fate.AMBIGUOUS, None, f"not an answer: {decoded(text)}")
        self._refused_unless_ok((code, text), Fate.REJECTED)
        return Outcome(Fate.HANDED_OVER, code, decoded(text))

    def _refused_unless_ok(self, reply: Reply, when_permanent: Fate, expected: int = 250) -> None:
        code, text = reply
        if code == expected or (expected == 250 and code == 251):
            return
        self._reset(code)
        if code in _SAYS_WHO_WE_ARE or (code >= 500 and when_permanent is Fate.CHANNEL_FAULT):
            raise Answered(Outcome(Fate.CHANNEL_FAULT, code, decoded(text), needs_operator=True))
        fate = when_permanent if code >= 500 else Fate.NOT_ACCEPTED
        raise Answered(Outcome(fate, code, decoded(text)))

    def _reset(self, code: int) -> None:
        """After a refusal the session is clean again, or gone."""
        if code == _SERVICE_CLOSING or self._client is None:
            self._drop()
            return
        try:
            for answered, _ in self._unread:
                if answered == _GO_ON:
                    self._client.docmd(".")  # it takes a text for nobody: it gets none (RFC 2920, 3.1)
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


def _in_turn(client: smtplib.SMTP, sender: str, recipient: str) -> Iterator[Reply]:
    yield client.mail(sender)
    failpoints.passing("smtp.mail")
    yield client.rcpt(recipient)
    yield client.docmd("DATA")


def _in_one_flight(client: smtplib.SMTP, sender: str, recipient: str) -> Iterator[Reply]:
    """RFC 2920: three commands are one wait. Nothing of the mail itself is sent before all three were answered."""
    said = f"MAIL FROM:{smtplib.quoteaddr(sender)}\r\nRCPT TO:{smtplib.quoteaddr(recipient)}\r\nDATA\r\n"
    client.send(said.encode("ascii"))
    failpoints.passing("smtp.mail")
    for _ in range(3):
        yield client.getreply()


def _written(client: smtplib.SMTP, wire: bytes) -> None:
    if wire:
        client.send(wire)
