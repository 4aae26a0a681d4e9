"""Signed links and reply addresses: the pure part. The database keeps only the hash of a token."""

import hashlib
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass

from notifications.addresses import checked_address

_TOKEN_BYTES = 16
_TOKEN = re.compile(r"[a-z2-7]{26}")
_REPLY_TAG = re.compile(r"[^@+]+\+(?P<code>[a-z0-9][a-z0-9-]*)\.(?P<token>[a-z2-7]{26})@.+")


@dataclass(frozen=True, slots=True)
class ReplyTag:
    """What a reply address says: the code in lower case, and the token that proves it."""

    code: str
    token: str


def new_token() -> str:
    """128 random bits in letters and digits that survive a phone call and a case-blind mail server."""
    return b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode("ascii").rstrip("=").lower()


def clean_token(text: str) -> str | None:
    """The token as issued, from what somebody typed or a mail program did to it; None if it cannot be one."""
    token = "".join(text.split()).replace("-", "").lower()
    return token if _TOKEN.fullmatch(token) else None


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def answer_url(base_url: str, token: str) -> str:
    """`base_url` is the configured one, never that of a request."""
    return f"{base_url.rstrip('/')}/t/{token}"


def reply_address(mailbox: str, code: str, token: str) -> str:
    """`tra-loi@host` becomes `tra-loi+gs14-05.TOKEN@host`."""
    local, _, host = mailbox.partition("@")
    return checked_address(f"{local}+{code.lower()}.{token}@{host}")


def read_reply_address(address: str) -> ReplyTag | None:
    found = _REPLY_TAG.fullmatch(address.strip().lower())
    return ReplyTag(found["code"], found["token"]) if found else None
