"""Mails that came back: whose they were (a signed return address) and what the other side said."""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from hashlib import sha256

from notifications.addresses import checked_address

LIFE = timedelta(days=7)  # a relay gives up after five; later returns are not believed
_MAC_LENGTH = 16  # letters of base32: 80 bits
_RETURN = re.compile(r"[^@+]+\+(?P<key>[a-z0-9-]{1,40})\.(?P<day>[0-9a-z]{1,6})\.(?P<mac>[a-z2-7]{16})@.+")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_FULL_MAILBOX = "5.2.2"


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient of one report. `hard` means that trying this address again is useless."""

    recipient: str
    action: str
    status: str
    hard: bool
    text: str
    message_id: str | None


def return_address(mailbox: str, key: str, secret: bytes, now: datetime) -> str:
    """Envelope sender of one message: `bounce@host` becomes `bounce+KEY.DAY.MAC@host`. KEY: a-z, 0-9, -."""
    local, _, host = mailbox.partition("@")
    day = _base36((now.astimezone(UTC).date() - _EPOCH).days)
    return checked_address(f"{local}+{key}.{day}.{_mac(secret, key, day)}@{host}")


def message_key(address: str, secrets: tuple[bytes, ...], now: datetime) -> str | None:
    """The key, if one of our secrets signed this address in the last seven days; else None."""
    found = _RETURN.fullmatch(address.strip().lower())
    if found is None:
        return None
    right = [
        hmac.compare_digest(_mac(secret, found["key"], found["day"]), found["mac"]) for secret in secrets
    ]
    age = (now.astimezone(UTC).date() - _EPOCH).days - int(found["day"], 36)
    return found["key"] if any(right) and 0 <= age <= LIFE.days else None


def parse_bounces(data: bytes) -> tuple[Bounce, ...]:
    """What a delivery report (RFC 3464) says of each recipient; empty if the mail is no such report.

    Delays are reported too, as soft bounces with the action `delayed`; a success is not.
    """
    try:
        report = message_from_bytes(data, policy=policy.compat32)
    except RecursionError:
        return ()
    original = _original_id(report)
    return tuple(bounce for fields in _recipients(report) if (bounce := _bounce(fields, original)))


_EPOCH = datetime(2020, 1, 1, tzinfo=UTC).date()


def _mac(secret: bytes, key: str, day: str) -> str:
    digest = hmac.new(secret, f"bounce:{key}:{day}".encode("ascii"), sha256).digest()
    return b32encode(digest).decode("ascii").lower()[:_MAC_LENGTH]


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text or "0"


def _parts(message: Message) -> Iterator[Message]:
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, Message))


def _recipients(report: Message) -> Iterator[Message]:
    """A delivery-status part holds one block about the message, then one for each recipient."""
    for part in _parts(report):
        if part.get_content_type() == "message/delivery-status":
            yield from (
                block for block in _parts(part) if block["Final-Recipient"] or block["Original-Recipient"]
            )


def _bounce(fields: Message, original: str | None) -> Bounce | None:
    action = str(fields["Action"] or "").strip().lower()
    found = _STATUS.search(str(fields["Status"] or ""))
    status = found[0] if found else ""
    if action not in ("failed", "delayed"):
        return None
    return Bounce(
        recipient=_address(fields["Original-Recipient"] or fields["Final-Recipient"]),
        action=action,
        status=status,
        hard=action == "failed" and status.startswith("5.") and status != _FULL_MAILBOX,
        text=" ".join(str(fields["Diagnostic-Code"] or "").split())[:300],
        message_id=original,
    )


def _address(field: str) -> str:
    """`rfc822; ada@sct.example` without its type."""
    return str(field).rpartition(";")[2].strip().strip("<>").lower()


def _original_id(report: Message) -> str | None:
    """Of our mail, which comes back whole or as its headers only."""
    for part in _parts(report):
        inner = list(_parts(part)) if part.get_content_type() == "message/rfc822" else []
        if part.get_content_type() == "text/rfc822-headers":
            body = part.get_payload(decode=True)
            inner = [message_from_bytes(body)] if isinstance(body, bytes) else []
        for original in inner:
            if original["Message-ID"]:
                return str(original["Message-ID"]).strip()
    return None
