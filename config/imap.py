"""Where answers by mail are fetched, as the operator wrote it: `imaps://USER:PASSWORD@HOST/FOLDER?done=FOLDER`."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from config.relays import is_loopback

Cover = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class ImapBox:
    """`done`: where a mail goes once it is kept; without it mails stay where they are, marked as read."""

    host: str
    port: int
    user: str
    password: str
    cover: Cover
    folder: str
    done: str | None


def parse(url: str) -> ImapBox:
    """`imaps://` is TLS from the first byte; `imap://` is STARTTLS, plain on loopback only. Raises ValueError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("port") from None
    if parts.scheme not in ("imap", "imaps"):
        raise ValueError("imap_scheme")
    if not parts.hostname:
        raise ValueError("no_host")
    if not parts.username or parts.password is None:
        raise ValueError("imap_user")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if options.keys() - {"done"} or options.get("done") == "":
        raise ValueError("imap_option")
    return ImapBox(
        host=parts.hostname,
        port=port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=unquote(parts.password),
        cover=_cover(parts),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        done=options.get("done"),
    )


def checked(url: str) -> str:
    parse(url)
    return url


def _cover(parts: SplitResult) -> Cover:
    if parts.scheme == "imaps":
        return "tls"
    return "none" if is_loopback(parts.hostname or "") else "starttls"
