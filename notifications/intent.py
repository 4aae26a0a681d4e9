"""What an answer asks for: the keyword of its first line."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from notifications.accents import plain


class Intent(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    PROGRESS = "progress"
    DONE = "done"
    EXTENSION = "extension"
    NOT_OURS = "not_ours"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Wish:
    """`problem` says why an extension cannot be taken as it stands: no_date or bad_date. `code` is the
    directive named beside the keyword, for mails about several."""

    intent: Intent
    text: str
    extension_on: date | None = None
    problem: str | None = None
    code: str | None = None


_KEYWORDS = {
    "da nhan": Intent.ACKNOWLEDGE,
    "tien do": Intent.PROGRESS,
    "hoan thanh": Intent.DONE,
    "gia han": Intent.EXTENSION,
    "khong thuoc tham quyen": Intent.NOT_OURS,
    "received": Intent.ACKNOWLEDGE,
    "acknowledged": Intent.ACKNOWLEDGE,
    "progress": Intent.PROGRESS,
    "done": Intent.DONE,
    "completed": Intent.DONE,
    "extension": Intent.EXTENSION,
    "not our remit": Intent.NOT_OURS,
    "not ours": Intent.NOT_OURS,
}
_DECORATION = " \t*_\"'“”‘’•-–—>#"
_CODE = re.compile(r"\[?([a-z]{1,12}[0-9]{0,6}-[a-z0-9]{1,12})\b\]?[\s:.,;–—-]*", re.IGNORECASE)
_DATE = re.compile(
    r"(?:den |toi |ngay |den ngay |toi ngay |to |until )?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b"
)


def read_wish(words: str) -> Wish:
    """A keyword counts only where it stands alone: `Hoàn thành 50% công việc` is a sentence, not an answer.

    The code of a directive may stand before or after it: `GS14-05: ĐÃ NHẬN`, `HOÀN THÀNH GS14-05`.
    """
    first, _, rest = words.strip().partition("\n")
    line = first.strip(_DECORATION)
    named = _CODE.match(line)
    wish = _keyword(line[named.end() :].strip(_DECORATION) if named else line, rest)
    if wish is None:
        return Wish(Intent.UNCLEAR, words.strip())
    return replace(wish, code=named[1].upper()) if named else wish


def _keyword(line: str, rest: str) -> Wish | None:
    for keyword, intent in _KEYWORDS.items():
        tail = _after(line, keyword)
        if tail is None:
            continue
        named = _CODE.match(tail)
        code = named[1].upper() if named else None
        tail = tail[named.end() :] if named else tail
        if intent is Intent.EXTENSION:
            return replace(_extension(tail, rest), code=code)
        if named or not tail or tail[0] in ":.,;-–—!":
            return Wish(intent, _joined(tail, rest), code=code)
    return None


def _after(line: str, keyword: str) -> str | None:
    """What follows the keyword, as written: accents count in the text, not in the keyword."""
    words = line.split()
    length = len(keyword.split())
    head = plain(" ".join(words[:length]))
    if not head.startswith(keyword) or head[len(keyword) :][:1].isalnum():
        return None
    return " ".join([head[len(keyword) :], *words[length:]]).strip(" *_")


def _extension(tail: str, rest: str) -> Wish:
    found = _DATE.match(plain(tail).lstrip(":.,; "))
    if found is None:
        return Wish(Intent.EXTENSION, _joined(tail, rest), problem="no_date")
    written = re.search(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", tail)
    reason = _joined(tail[written.end() :] if written else "", rest)
    try:
        wanted = date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return Wish(Intent.EXTENSION, reason, problem="bad_date")
    return Wish(Intent.EXTENSION, reason, extension_on=wanted)


def _joined(tail: str, rest: str) -> str:
    return f"{tail.lstrip(' :.,;-–—!')}\n{rest}".strip()
