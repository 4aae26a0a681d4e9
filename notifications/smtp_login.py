"""Opening a session with a relay: connection, encryption, password; what goes wrong here concerns every mail."""

import smtplib
import socket
import ssl

from config.relays import Relay
from notifications.channels import Fate, Outcome


class Answered(Exception):
    """Ends one attempt with its outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


def logged_in(relay: Relay, connect_timeout: float, command_timeout: float) -> smtplib.SMTP:
    client = _client(relay, connect_timeout)
    try:
        set_timeout(client, command_timeout)
        client.ehlo_or_helo_if_needed()
        encrypted = relay.implicit_tls or _secured(client, relay)
        _authenticate(client, relay, encrypted)
    except BaseException:
        client.close()
        raise
    return client


def _client(relay: Relay, timeout: float) -> smtplib.SMTP:
    hello = relay.hello or _own_name()
    if relay.implicit_tls:
        return smtplib.SMTP_SSL(relay.host, relay.port, hello, timeout=timeout, context=_tls(relay))
    return smtplib.SMTP(relay.host, relay.port, hello, timeout=timeout)


def _secured(client: smtplib.SMTP, relay: Relay) -> bool:
    if relay.starttls == "never":
        return False
    if not client.has_extn("starttls"):
        if relay.starttls == "required":
            raise Answered(_fault("the relay does not offer STARTTLS, which this channel requires"))
        return False
    client.starttls(context=_tls(relay))
    client.ehlo()
    return True


def _authenticate(client: smtplib.SMTP, relay: Relay, encrypted: bool) -> None:
    if relay.user is None:
        return
    if not encrypted and not relay.is_loopback:
        raise Answered(_fault("a password is not sent over an unencrypted connection"))
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


def set_timeout(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is None:
        raise smtplib.SMTPServerDisconnected("the connection is closed")
    client.sock.settimeout(seconds)


def channel_fault(error: Exception) -> Outcome:
    """Away for now (refused, timed out, 4xx) is worth another try; the rest waits for a person."""
    if isinstance(error, smtplib.SMTPResponseException):
        words, lasting = decoded(error.smtp_error), error.smtp_code >= 500
        return Outcome(Fate.CHANNEL_FAULT, error.smtp_code, words, needs_operator=lasting)
    lasting = isinstance(error, ssl.SSLError | socket.gaierror | smtplib.SMTPNotSupportedError)
    return Outcome(Fate.CHANNEL_FAULT, None, in_words(error), needs_operator=lasting)


def _fault(text: str) -> Outcome:
    return Outcome(Fate.CHANNEL_FAULT, None, text, needs_operator=True)


def in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def decoded(text: bytes | str) -> str:
    line = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(line.split())[:300]
