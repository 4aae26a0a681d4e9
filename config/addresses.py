"""Addresses an operator may give: of the database, the broker, the mail server, the pages, people."""

import re
from urllib.parse import SplitResult, urlsplit

from workflow.addresses import PLAIN

NAMED = re.compile(r"(?P<name>[^<>\r\n\0]*)<(?P<address>[^<>]+)>")


def database_url(url: str) -> str:
    """Names the driver we ship; a password stays as written."""
    scheme, colon, rest = url.partition("://")
    family = scheme.partition("+")[0]
    if family in ("postgres", "postgresql") and colon:
        return f"postgresql+psycopg://{rest}"
    if family != "sqlite" or not colon:
        raise ValueError("database_scheme")
    if rest in ("", "/") or ":memory:" in rest or "mode=memory" in rest:
        raise ValueError("database_file")
    return f"sqlite://{rest}"


def broker_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss", "redis+socket", "memory"):
        raise ValueError("broker_scheme")
    if parts.scheme in ("redis", "rediss"):
        _host(parts)
        _port(parts)
    return url


def web_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("web")
    _port(parts)
    return url.rstrip("/")


def issuer(url: str) -> str:
    """What is read there decides who is let in: encrypted, unless it never leaves this machine. Kept to the letter."""
    parts = urlsplit(web_url(url))
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("issuer")
    return url.strip()


def mailbox(text: str) -> str:
    """An address, or a name and an address; nothing that could end a header line."""
    named = NAMED.fullmatch(text.strip())
    address = named["address"] if named else text.strip()
    if not PLAIN.fullmatch(address) or any(sign in text for sign in "\r\n\0"):
        raise ValueError("mailbox")
    return text.strip()


def bare(address: str) -> str:
    """An address without a name, to which plus addresses can be made."""
    if not PLAIN.fullmatch(address) or "+" in address:
        raise ValueError("bare_address")
    return address.lower()


def recipient_rule(entry: str) -> str:
    whole = f"x{entry}" if entry.startswith("@") else entry
    if not PLAIN.fullmatch(whole):
        raise ValueError("recipient")
    return entry.lower()


def _host(parts: SplitResult) -> str:
    if not parts.hostname:
        raise ValueError("no_host")
    return parts.hostname


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ValueError("port") from None
