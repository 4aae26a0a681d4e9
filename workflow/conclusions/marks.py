"""List marks at the head of a line: what they look like and how deep they stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_STYLES = (
    ("roman", re.compile(r"(?:M[uụ]c\s+|Phần\s+)?([IVXLC]{1,7})\s?[.\-–:/)]+\s*(?=\S)")),
    ("decimal", re.compile(r"(?:Mục\s+|Điều\s+|Khoản\s+)?(\d{1,2}(?:\.\d{1,2}){1,4})\s?[.\-–:/)]*\s+(?=\S)")),
    ("number", re.compile(r"(?:Mục\s+|Điều\s+)?(\d{1,2})\s?(?:[.:/)]+[\-–]?\s*|[\-–]+\s*)(?=[^\W\d]|[\"“(])")),
    ("upper", re.compile(r"([A-HKLMNĐ])\s?[.\-–/)]+\s+(?=\S)")),
    ("letter", re.compile(r"([a-zđ])\s?[.)/]+\s*(?=[^\W\d])")),
    ("paren", re.compile(r"\(([0-9]{1,2}|[ivx]{1,4}|[a-zđ])\)\s*(?=\S)")),
    ("plus", re.compile(r"(\+)\s*(?=\S)")),
    ("bullet", re.compile(r"([*•●▪◦·‣o])\s+(?=\S)|([•●▪◦·‣])(?=\S)")),
    ("dash", re.compile(r"([-–—])\s*(?=[^\W\d])|([-–—])\s+(?=\S)")),
    (
        "ordinal",
        re.compile(r"(?:Thứ\s+)?([Mm]ột|[Hh]ai|[Bb]a|[Bb]ốn|[Nn]ăm|[Ss]áu|[Bb]ảy|[Tt]ám|[Cc]hín|[Mm]ười)\s+là\s*[,:]?\s*"),
    ),
    ("ordinal", re.compile(r"[Tt]hứ\s+(nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)\s*(?:là\s*)?[,:]\s*")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    style: str
    label: str
    length: int


def read_mark(line: str) -> Mark | None:
    for style, shape in _STYLES:
        found = shape.match(line)
        if found:
            label = next(group for group in found.groups() if group is not None)
            return Mark(_roman_or_upper(style, label), label, found.end())
    return None


def _roman_or_upper(style: str, label: str) -> str:
    """A lone C or L counts letters, not hundreds."""
    return "upper" if style == "roman" and label in {"C", "L"} else style


def _kind(mark: Mark) -> str:
    return f"decimal{mark.label.count('.')}" if mark.style == "decimal" else mark.style


def depths(marks: Iterable[Mark | None]) -> list[int]:
    """Depth of each block: a style seen before returns to its depth, a new one nests.

    Unmarked blocks stand at depth 0 when nothing is open and below the open item otherwise.
    """
    open_kinds: list[str] = []
    result = []
    for mark in marks:
        if mark is None:
            result.append(len(open_kinds) + 1 if open_kinds else 0)
            continue
        kind = _kind(mark)
        if kind in open_kinds:
            del open_kinds[open_kinds.index(kind) + 1 :]
        else:
            open_kinds.append(kind)
        result.append(len(open_kinds))
    return result
