"""Addresses that carry a token: the page an agency answers on, the feed of its days, where replies go."""

import re
from dataclasses import dataclass

from notifications.addresses import checked_address

HIDDEN = "…"
_REPLY_TAG = re.compile(r"[^@+]+\+(?P<code>[a-z0-9][a-z0-9-]*)\.(?P<token>[a-z2-7]{26})@.+")


@dataclass(frozen=True, slots=True)
class ReplyTag:
    """What a reply address says: the code in lower case, and the token that proves it."""

    code: str
    token: str


def answer_url(base_url: str, token: str) -> str:
    """`base_url` is the configured one, never that of a request."""
    return f"{base_url.rstrip('/')}/t/{token}"


def unsubscribe_url(base_url: str, token: str) -> str:
    return f"{base_url.rstrip('/')}/thoi-nhan/{token}"


def feed_url(base_url: str, token: str) -> str:
    return f"{base_url.rstrip('/')}/lich/{token}.ics"


def reply_address(mailbox: str, code: str, token: str) -> str:
    """`tra-loi@host` becomes `tra-loi+gs14-05.TOKEN@host`."""
    local, _, host = mailbox.partition("@")
    return checked_address(f"{local}+{code.lower()}.{token}@{host}")


def read_reply_address(address: str) -> ReplyTag | None:
    found = _REPLY_TAG.fullmatch(address.strip().lower())
    return ReplyTag(found["code"], found["token"]) if found else None
