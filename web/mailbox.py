"""Reading the Maildir that mails stay in where none leaves the machine."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default as modern
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9._,=:+-]{1,200}")
MOST = 2_000


@dataclass(frozen=True)
class Head:
    """One mail in the list. `key` is its file's name."""

    key: str
    to: str
    addresses: frozenset[str]
    subject: str
    at: datetime | None


@dataclass(frozen=True)
class Mail:
    head: Head
    headers: list[tuple[str, str]]
    text: str
    html: str | None
    attachments: list[str]


@dataclass
class Link:
    address: str
    words: str = ""


class Links(HTMLParser):
    """What can be pressed in a mail, in its order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Link] = []
        self.is_open = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(Link(address))
            self.is_open = True

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.found[-1].words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.is_open = False


def heads(folder: Path, only: str | None = None) -> list[Head]:
    """Newest first, at most 2,000; `only` narrows to one address."""
    files = sorted(_files(folder), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    found = [_head(path) for path in files[:MOST]]
    return [head for head in found if only is None or only in head.addresses]


def mail(folder: Path, key: str, only: str | None = None) -> Mail | None:
    """None when there is no such mail, or it went to somebody else."""
    path = _path(folder, key)
    if path is None:
        return None
    message = BytesParser(EmailMessage, policy=modern).parsebytes(path.read_bytes())
    head = _of(path, message)
    if only is not None and only not in head.addresses:
        return None
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        head=head,
        headers=[(name, str(value)) for name, value in message.items()],
        text=str(text.get_content()) if text else "",
        html=str(html.get_content()) if html else None,
        attachments=[part.get_filename() or part.get_content_type() for part in message.iter_attachments()],
    )


def _files(folder: Path) -> list[Path]:
    return [path for part in ("new", "cur") if (folder / part).is_dir() for path in (folder / part).iterdir()]


def _path(folder: Path, key: str) -> Path | None:
    if not NAME.fullmatch(key) or key.startswith("."):
        return None
    return next((path for part in ("new", "cur") if (path := folder / part / key).is_file()), None)


def _head(path: Path) -> Head:
    with path.open("rb") as content:
        return _of(path, BytesHeaderParser(EmailMessage, policy=modern).parse(content))


def _of(path: Path, message: EmailMessage) -> Head:
    to = str(message.get("To", ""))
    addresses = {address.lower() for _, address in getaddresses([to, str(message.get("Delivered-To", ""))])}
    return Head(path.name, to, frozenset(addresses), str(message.get("Subject", "")), _date(message))


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
