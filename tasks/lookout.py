"""The watcher on a second machine: it asks the pages how things are and writes by a mail route of its own.

What it cannot reach is trouble too, so it notices whichever part has died.
"""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import structlog

from notifications.channels import Channel, Fate

log = structlog.get_logger(__name__)

ASK_SECONDS = 20
REMIND_AFTER = timedelta(hours=6)
LONGEST_ANSWER = 100_000


def asked(url: str) -> list[str]:
    """Troubles as the installation tells them, or the one that it cannot be asked."""
    try:
        with urllib.request.urlopen(url, timeout=ASK_SECONDS) as answer:  # noqa: S310 - the operator's own address
            return list(_told(answer.read(LONGEST_ANSWER)))
    except urllib.error.HTTPError as error:
        with error:
            said = list(_told(error.read(LONGEST_ANSWER)))
        return said or [f"{url}: HTTP {error.code}"]
    except (urllib.error.URLError, OSError, ssl.SSLError, ValueError) as error:
        return [f"{url}: {error}"]


def _told(body: bytes) -> Iterator[str]:
    try:
        document = json.loads(body)
    except ValueError:
        yield f"no answer a program understands: {body[:80]!r}"
        return
    if "why" in document:
        yield str(document["why"])
    for trouble in document.get("troubles", []):
        yield str(trouble["vi"])


@dataclass
class Lookout:
    """Remembers what it has said: once when trouble begins, again every six hours, once when it is over."""

    url: str
    channel: Channel
    sender: str
    recipient: str
    said: list[str] = field(default_factory=list)
    said_at: datetime | None = None

    def look(self, now: datetime) -> list[str]:
        found = asked(self.url)
        stale = self.said_at is None or now - self.said_at >= REMIND_AFTER
        if found and (sorted(found) != sorted(self.said) or stale):
            self._tell("Đôn đốc cần xem ngay / needs you now", "\n".join(found), found, now)
        elif not found and self.said:
            over = "\n".join(self.said)
            self._tell("Đôn đốc đã trở lại bình thường / is well again", f"Đã hết / over:\n{over}", [], now)
        return found

    def all_well(self, now: datetime) -> None:
        """Once a day: a named person expects it, so that a dead watcher is noticed too."""
        if not self.said:
            self._tell("Đôn đốc: mọi thứ bình thường / all well", f"{self.url}\n{now.isoformat()}", [], now)

    def _tell(self, subject: str, text: str, found: list[str], now: datetime) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, self.recipient, subject
        mail["Date"], mail["Message-ID"] = format_datetime(now), make_msgid(domain="watch.dondoc")
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"{text}\n\n{self.url}\n")
        with self.channel.open() as connection:
            outcome = connection.send(self.sender, self.recipient, mail.as_bytes())
        log.warning("told", subject=subject, fate=outcome.fate.value, answer=outcome.text)
        if outcome.fate is Fate.HANDED_OVER:  # else the next look tries again
            self.said, self.said_at = found, now
