"""Addresses an operator may give: of the database, the broker, the mail server, the pages, people."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

ADDRESS = re.compile(r"[^@\s<>,;\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
NAMED = re.compile(r"(?P<name>[^<>\r\n\0]*)<(?P<address>[^<>]+)>")


@dataclass(frozen=True)
class MailFolder:
    """Mail is written to this Maildir and never leaves the machine."""

    folder: Path


@dataclass(frozen=True)
class SmtpServer:
    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls: bool
    """TLS from the first byte (smtps)."""
    starttls: bool
    """STARTTLS is required before anything is said; off only when the operator wrote starttls=no."""


def mail_server(url: str) -> MailFolder | SmtpServer:
    """`mailbox:FOLDER`, `smtp://USER:PASSWORD@HOST:PORT?starttls=no`, `smtps://…`; else ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "mailbox" and parts.path:
        return MailFolder(Path(unquote(parts.path)).expanduser().absolute())
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError("mail_scheme")
    host = _host(parts)
    tls = parts.scheme == "smtps"
    port = _port(parts) or (465 if tls else 587)
    return SmtpServer(
        host, port, _plain(parts.username), _plain(parts.password), tls, _starttls(parts) and not tls
    )


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


def mailbox(text: str) -> str:
    """An address, or a name and an address; nothing that could end a header line."""
    named = NAMED.fullmatch(text.strip())
    address = named["address"] if named else text.strip()
    if not ADDRESS.fullmatch(address) or any(sign in text for sign in "\r\n\0"):
        raise ValueError("mailbox")
    return text.strip()


def recipient_rule(entry: str) -> str:
    whole = f"x{entry}" if entry.startswith("@") else entry
    if not ADDRESS.fullmatch(whole):
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


def _starttls(parts: SplitResult) -> bool:
    said = parse_qs(parts.query).get("starttls", ["required"])[-1]
    if said not in ("required", "no"):
        raise ValueError("starttls")
    return said == "required"


def _plain(quoted: str | None) -> str | None:
    return unquote(quoted) if quoted else None
