"""How answers and returned mails find their way back: two mailboxes, and the keys that sign their addresses."""

import hmac
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from config import secret
from config.settings import Settings
from notifications import bounces
from notifications.addresses import BadAddress
from notifications.links import ReplyTag, reply_address

_LETTERS = 26  # of base32: 130 bits


@dataclass(frozen=True)
class Answering:
    """`reply_keys` and `return_keys` are newest first: the first signs, all are accepted."""

    mailbox: str
    return_mailbox: str
    reply_keys: tuple[bytes, ...]
    return_keys: tuple[bytes, ...]

    def reply_to(self, code: str, organization_id: int) -> str | None:
        """Where this organisation answers about this directive; None for a code no address can hold."""
        try:
            return reply_address(self.mailbox, code, _token(self.reply_keys[0], code, organization_id))
        except BadAddress:
            return None

    def proves(self, tag: ReplyTag, organization_id: int) -> bool:
        """Was this tag made by us for this organisation?"""
        tokens = [_token(key, tag.code, organization_id) for key in self.reply_keys]
        return any(hmac.compare_digest(token, tag.token) for token in tokens)

    def envelope_sender(self, message_id: int, now: datetime) -> str:
        return bounces.return_address(self.return_mailbox, f"m{message_id}", self.return_keys[0], now)

    def answer_sender(self, answer_id: int, now: datetime) -> str:
        """Returned answers are believed too, and counted against nobody."""
        return bounces.return_address(self.return_mailbox, f"a{answer_id}", self.return_keys[0], now)

    def returned_message(self, recipients: tuple[str, ...], now: datetime) -> int | None:
        """The message one of these addresses was signed for, within its seven days."""
        keys = (bounces.message_key(address, self.return_keys, now) for address in recipients)
        return next((int(key[1:]) for key in keys if key and key[0] == "m" and key[1:].isdecimal()), None)

    def is_signed(self, recipients: tuple[str, ...], now: datetime) -> bool:
        """Also the return address of an answer, which is nobody's message."""
        return any(bounces.message_key(address, self.return_keys, now) for address in recipients)

    def is_return_address(self, address: str) -> bool:
        """Addressed to the mailbox of returns, whether its signature holds or not."""
        local, _, host = self.return_mailbox.partition("@")
        return address.startswith((f"{local}+", f"{local}@")) and address.endswith(f"@{host}")


def answering(settings: Settings) -> Answering | None:
    """None where the operator named no reply address: then mails carry none."""
    if settings.reply_address is None:
        return None
    host = settings.reply_address.partition("@")[2]
    return Answering(
        settings.reply_address,
        settings.bounce_address or f"bounce@{host}",
        secret.keys(settings, "reply"),
        secret.keys(settings, "return"),
    )


def _token(key: bytes, code: str, organization_id: int) -> str:
    digest = hmac.digest(key, f"{code.lower()}:{organization_id}".encode(), sha256)
    return b32encode(digest).decode("ascii").lower()[:_LETTERS]
