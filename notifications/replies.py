"""Reading an answer that came by mail: a pure parser, which decides nothing and changes nothing."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parseaddr

from bs4 import BeautifulSoup

from notifications.automatic import automatic_reason, header_text
from notifications.intent import Wish, read_wish
from notifications.links import ReplyTag, read_reply_address
from notifications.quotation import own_words

LARGEST_MAIL = 30_000_000  # bytes
DEEPEST = 20  # parts within parts
MOST_PARTS = 200
_MOST_TEXT = 500_000  # characters
LONGEST_HEAD = 64_000  # bytes
_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


class UnreadableMail(ValueError):
    """Not to be parsed: too_large, too_deep or too_many_parts. It is kept, whole, for a person."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """One inbound mail. `automatic` says why it is automatic; `body_hash` tells copies apart from
    different mails that carry the same Message-ID, whatever headers were added on the way. `recipients`
    are all addresses it says it was sent to, the envelope's first."""

    message_id: str | None
    body_hash: str
    sender: str
    sender_name: str
    subject: str
    tag: ReplyTag | None
    answers_to: tuple[str, ...]
    automatic: str | None
    authentication: str
    wish: Wish
    attachments: tuple[Attachment, ...]
    sent_at: datetime | None = None
    recipients: tuple[str, ...] = ()


def parse_reply(
    data: bytes, envelope_sender: str | None = None, envelope_recipient: str | None = None
) -> Reply:
    """`envelope_*` are known when the mail came by LMTP or a pipe, not when it was fetched."""
    if len(data) > LARGEST_MAIL:
        raise UnreadableMail("too_large")
    message = _message(data)
    parts = list(_leaves(message))
    name, sender = parseaddr(header_text(message, "From"))
    recipients = _recipients(message, envelope_recipient)
    message_id = _first_id(message)
    return Reply(
        message_id=message_id,
        body_hash=body_hash(data) if message_id else _nameless_hash(message, data),
        sender=sender.lower(),
        sender_name=" ".join(name.split()),
        subject=header_text(message, "Subject"),
        tag=next((tag for address in recipients if (tag := read_reply_address(address))), None),
        answers_to=_answered(message),
        automatic=automatic_reason(message, envelope_sender),
        authentication=_authentication(message),
        wish=read_wish(own_words(_text(parts))),
        attachments=tuple(_attachment(part) for part in parts if _is_attachment(part)),
        sent_at=_sent_at(message),
        recipients=recipients,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """All that is known of a mail that must not be parsed further."""

    sender: str = ""
    subject: str = ""
    message_id: str | None = None
    automatic: str | None = None


def parse_head(data: bytes, envelope_sender: str | None = None) -> Head:
    head = BytesHeaderParser(policy=policy.default).parsebytes(data[:LONGEST_HEAD])
    assert isinstance(head, EmailMessage)  # what this policy makes
    sender = parseaddr(header_text(head, "From"))[1].lower()
    return Head(
        sender, header_text(head, "Subject"), _first_id(head), automatic_reason(head, envelope_sender)
    )


def body_hash(data: bytes) -> str:
    breaks = [at for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
    return hashlib.sha256(data[min(breaks, default=0) :].strip()).hexdigest()


def _nameless_hash(message: EmailMessage, data: bytes) -> str:
    """Two people may write the same two words: without a Message-ID, who wrote to whom and when counts too."""
    said = "\n".join(header_text(message, name) for name in ("From", "To", "Date", "Subject"))
    return hashlib.sha256(f"{said}\n{body_hash(data)}".encode("utf-8", "replace")).hexdigest()


def _message(data: bytes) -> EmailMessage:
    try:
        message = message_from_bytes(data, policy=policy.default)
    except RecursionError as error:
        raise UnreadableMail("too_deep") from error
    assert isinstance(message, EmailMessage)  # what this policy makes
    return message


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    """Parts without parts, in order. A forwarded mail is one leaf: its inside is not our answer."""
    waiting, seen = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            raise UnreadableMail("too_deep")
        if seen > MOST_PARTS:
            raise UnreadableMail("too_many_parts")
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            inner = [each for each in part.iter_parts() if isinstance(each, EmailMessage)]
            waiting.extend((each, depth + 1) for each in reversed(inner))
        else:
            yield part


def _is_attachment(part: EmailMessage) -> bool:
    disposition = header_text(part, "Content-Disposition").partition(";")[0].lower()
    if disposition == "attachment":
        return True
    is_drawing_of_the_text = part.get_content_maintype() == "image" and header_text(part, "Content-ID")
    return not is_drawing_of_the_text and part.get_content_type() not in ("text/plain", "text/html")


def _attachment(part: EmailMessage) -> Attachment:
    try:
        name = part.get_filename() or ""
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        name = ""
    return Attachment(" ".join(name.split()) or "tep-khong-ten", part.get_content_type(), _content(part))


def _content(part: EmailMessage) -> bytes:
    inside = part.get_payload()
    if isinstance(inside, list):
        return b"".join(each.as_bytes() for each in inside if isinstance(each, Message))
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(parts: list[EmailMessage]) -> str:
    bodies = [part for part in parts if not _is_attachment(part)]
    for wanted in ("text/plain", "text/html"):
        for part in bodies:
            if part.get_content_type() == wanted and (text := _decoded(part)).strip():
                return text if wanted == "text/plain" else _without_markup(text)
    return ""


def _decoded(part: EmailMessage) -> str:
    content = _content(part)[: _MOST_TEXT * 4]
    charset = part.get_content_charset("utf-8")
    try:
        return content.decode(charset)[:_MOST_TEXT]
    except (LookupError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")[:_MOST_TEXT]


def _without_markup(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for quoted in soup.select("style, script, blockquote, .gmail_quote, .gmail_signature, #appendonsend"):
        quoted.decompose()
    for line_break in soup.find_all(["br", "p", "div", "tr", "li", "h1", "h2", "h3"]):
        line_break.append("\n")
    return soup.get_text().replace("\xa0", " ")


def _recipients(message: EmailMessage, envelope_recipient: str | None) -> tuple[str, ...]:
    written = [header_text(message, name) for name in _RECIPIENTS]
    addresses = [envelope_recipient or "", *(address for _, address in getaddresses(written))]
    return tuple(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))


def _authentication(message: EmailMessage) -> str:
    """Every such header: an added one can only make us more careful."""
    try:
        return " ; ".join(str(value) for value in message.get_all("Authentication-Results", []))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""


def _first_id(message: EmailMessage) -> str | None:
    found = _MESSAGE_ID.search(header_text(message, "Message-ID"))
    return found[0] if found else None


def _answered(message: EmailMessage) -> tuple[str, ...]:
    written = f"{header_text(message, 'In-Reply-To')} {header_text(message, 'References')}"
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(written)))


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        sent_at = getattr(message.get("Date"), "datetime", None)
    except (ValueError, IndexError, AttributeError, TypeError, LookupError, OverflowError):
        return None
    return sent_at if sent_at is not None and sent_at.tzinfo is not None else None
