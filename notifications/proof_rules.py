"""What an edited letter must keep, whatever its words: the facts, their order of trust, and nobody's secrets."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from notifications.payload import Letter, Line
from notifications.rendering import SUBJECT_LENGTH, Rendered

_ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|form|link|img|base|meta\s+http-equiv)\b|\burl\(|@import|javascript:|\son\w+\s*=",
    re.IGNORECASE,
)
_FACT = re.compile(r"[A-Z]{2,}\d*-\d+|\d\d/\d\d/\d{4}|[0-9a-f]{64}")
_UNSEEN = frozenset({"style", "title", "head"})


def broken(letter: Letter, edited: Rendered, original: Rendered) -> Iterator[tuple[str, str]]:
    """Pairs of a finding's code and what it is about."""
    if not edited.subject:
        yield "no_subject", ""
    if len(edited.subject) > max(SUBJECT_LENGTH, len(original.subject)):
        yield "long_subject", edited.subject
    active = _ACTIVE.search(edited.html)
    if active:
        yield "active_content", active[0].strip()
    for fact in lost(letter, edited, original):
        yield "lost", fact
    shown = seen(edited.html)
    for fact in sorted(set(_FACT.findall(shown)) - set(_FACT.findall(edited.text))):
        yield "not_in_text", fact
    whole, known = _whole(edited), _whole(original)
    for secret in secrets(letter.lines):
        if secret in whole and secret not in known:
            yield "secret", secret


def lost(letter: Letter, edited: Rendered, original: Rendered) -> Iterator[str]:
    """Codes, the address to answer at and the contact stay, in each part that had them."""
    facts = [*(line.code for line in letter.shown), letter.answer_url, letter.contact]
    for fact in facts:
        in_text = fact in original.text and fact not in edited.text
        in_html = fact in original.html and fact not in edited.html
        if in_text or in_html:
            yield fact


def secrets(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if line.secret:
            yield from (text for text in (line.code, line.title, line.quote, line.url) if text)


def seen(html: str) -> str:
    """What a reader of the HTML part sees, as one text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return " ".join(reader.pieces)


def _whole(mail: Rendered) -> str:
    return "\n".join((mail.subject, mail.preheader, mail.text, mail.html))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = "display:none" in (dict(attrs).get("style") or "").replace(" ", "")
        if self._hidden or hidden or tag in _UNSEEN:
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.pieces.append(" ".join(data.split()))
