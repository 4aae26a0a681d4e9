"""One mail as bytes, written directly: `EmailMessage` would cost more than rendering and sending together."""

import re
from base64 import b64encode
from binascii import b2a_base64
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from notifications.addresses import checked_address
from notifications.rendering import Rendered, one_line

_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+")
_PLAIN_TEXT = re.compile(r"[\x20-\x7e]*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_WORD_BYTES = 45  # of UTF-8 in one encoded word, which may hold 75 characters in all
_FOLD_AT = 76


class BadHeader(ValueError):
    """A value that must not become a header: the mail is not built."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """An .ics file to travel with the mail."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a mail says outside its text. `date` is aware; `thread_root` is the directive's Message-ID."""

    sender: Mailbox
    recipient: Mailbox
    message_id: str
    date: datetime
    reason: str
    codes: tuple[str, ...] = ()
    thread_root: str | None = None
    reply_to: str | None = None
    list_name: str = ""
    list_id: str | None = None
    important: bool = False
    unsubscribe_url: str | None = None
    calendar: Calendar | None = field(default=None, repr=False)


def build(rendered: Rendered, envelope: Envelope) -> bytes:
    """The whole message, CRLF line ends, ASCII only. Equal arguments give equal bytes."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(rendered, envelope))
    alternative = _multipart(
        "alternative",
        _boundary(envelope, "a"),
        [_text_part("plain", rendered.text), _text_part("html", rendered.html)],
    )
    body = alternative
    if envelope.calendar is not None:
        body = _multipart("mixed", _boundary(envelope, "m"), [alternative, _calendar_part(envelope.calendar)])
    return headers.encode("ascii") + body


def encoded_text(text: str) -> str:
    """Any text as header words (RFC 2047), folded; line breaks and control characters become spaces."""
    line = one_line(text)
    if _PLAIN_TEXT.fullmatch(line) and "=?" not in line:
        return line if len(line) <= _FOLD_AT else "\r\n ".join(_wrapped(line))
    return "\r\n ".join(_encoded_words(line))


def _headers(rendered: Rendered, envelope: Envelope) -> list[tuple[str, str]]:
    headers = [
        ("From", _mailbox(envelope.sender)),
        ("To", _mailbox(envelope.recipient)),
        ("Subject", encoded_text(rendered.subject)),
        ("Date", format_datetime(envelope.date)),
        ("Message-ID", _message_id(envelope.message_id)),
        *_threading(envelope),
        *_listing(envelope),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Dondoc-Ly-Do", encoded_text(envelope.reason)),
    ]
    if envelope.codes:
        headers.append(("X-Dondoc-Ma", encoded_text(", ".join(envelope.codes))))
    if envelope.important:
        headers.append(("Importance", "high"))
    return [*headers, ("MIME-Version", "1.0")]


def _threading(envelope: Envelope) -> list[tuple[str, str]]:
    headers = []
    if envelope.thread_root is not None and envelope.thread_root != envelope.message_id:
        root = _message_id(envelope.thread_root)
        headers += [("In-Reply-To", root), ("References", root)]
    if envelope.reply_to is not None:
        headers.append(("Reply-To", checked_address(envelope.reply_to)))
    return headers


def _listing(envelope: Envelope) -> list[tuple[str, str]]:
    headers = []
    if envelope.list_id is not None:
        host = checked_address(f"list@{envelope.list_id}").partition("@")[2]
        headers.append(("List-Id", f"{_phrase(envelope.list_name)} <{host}>".strip()))
    if envelope.unsubscribe_url is not None:
        headers.append(("List-Unsubscribe", f"<{_url(envelope.unsubscribe_url)}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _mailbox(mailbox: Mailbox) -> str:
    address = checked_address(mailbox.address)
    phrase = _phrase(mailbox.name)
    return f"{phrase} <{address}>" if phrase else address


def _phrase(name: str) -> str:
    line = one_line(name)
    if _PLAIN_NAME.fullmatch(line) and "=?" not in line:
        return line
    return "\r\n ".join(_encoded_words(line))


def _message_id(value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value) or len(value) > 250:
        raise BadHeader(f"not a Message-ID: {value!r}")
    return value


def _url(value: str) -> str:
    if not value.isascii() or any(c in value for c in "<> \r\n\t"):
        raise BadHeader(f"not an address of a page: {value!r}")
    return value


def _encoded_words(line: str) -> list[str]:
    words, chunk = [], b""
    for character in line:
        coded = character.encode("utf-8", "replace")
        if len(chunk) + len(coded) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += coded
    if chunk:
        words.append(chunk)
    return [f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in words]


def _wrapped(line: str) -> list[str]:
    rows = [""]
    for word in line.split(" "):
        if rows[-1] and len(rows[-1]) + 1 + len(word) > _FOLD_AT:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}" if rows[-1] else word
    return rows


def _boundary(envelope: Envelope, part: str) -> str:
    """Taken from the Message-ID: every body is base64, in which a boundary cannot occur."""
    name = re.sub(r"[^a-z0-9]", "", envelope.message_id.lower())[:40]
    return f"=_{part}_{name}"


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    mark = boundary.encode("ascii")
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    body = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts)
    return head + body + b"--" + mark + b"--\r\n"


def _text_part(subtype: str, text: str) -> bytes:
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + _base64(text.replace("\n", "\r\n").encode("utf-8", "replace"))


def _calendar_part(calendar: Calendar) -> bytes:
    filename = re.sub(r"[^A-Za-z0-9._-]", "_", calendar.filename)
    head = (
        "Content-Type: text/calendar; charset=utf-8; method=PUBLISH\r\n"
        f'Content-Disposition: attachment; filename="{filename}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode("ascii") + _base64(calendar.content)


def _base64(data: bytes) -> bytes:
    """Lines of 76 characters, as RFC 2045 asks."""
    coded = b2a_base64(data, newline=False)
    return b"\r\n".join([coded[at : at + 76] for at in range(0, len(coded), 76)]) + b"\r\n"
