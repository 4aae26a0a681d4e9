"""Tokens of links: derived when a mail is written, recognised by their hash, never stored.

A token is 128 bits of HMAC-SHA256 over a random salt. The salt lies in the database, the key outside of it:
neither alone gives a token, and the same link always gets the same one.
"""

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from enum import StrEnum

TOKEN_BYTES = 16
SALT_BYTES = 16
TOKEN = re.compile(r"[a-z2-7]{26}")


class Purpose(StrEnum):
    """A token made for one thing opens nothing else."""

    ANSWER = "answer"
    CALENDAR = "calendar"


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


def derive(key: bytes, purpose: Purpose, salt: str) -> str:
    """Letters and digits that survive a phone call and a case-blind mail server."""
    message = f"dondoc.link.{purpose}:{salt}".encode()
    digest = hmac.digest(key, message, hashlib.sha256)
    return b32encode(digest[:TOKEN_BYTES]).decode("ascii").rstrip("=").lower()


def recover(keys: Sequence[bytes], purpose: Purpose, salt: str, digest: str) -> str | None:
    """The token with this hash, by whichever key made it; None when that key is gone."""
    tokens = (derive(key, purpose, salt) for key in keys)
    return next((token for token in tokens if hmac.compare_digest(token_hash(token), digest)), None)


def clean_token(text: str) -> str | None:
    """The token as issued, from what somebody typed or a mail program did to it; None if it cannot be one."""
    token = "".join(text.split()).replace("-", "").lower()
    return token if TOKEN.fullmatch(token) else None


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
