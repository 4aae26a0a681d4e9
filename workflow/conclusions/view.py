"""The text as the grammar reads it: sentences whole again, every position traceable to the source."""

import re
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.conclusions.folding import fold, nfc, squeeze
from workflow.conclusions.marks import Mark, depths, read_mark

_LINE = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_PAGE_NUMBER = re.compile(r"\s*[-–—]?\s*(?:[Tt]rang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?\s*[-–—]?\s*")
_CLOSED = re.compile(r"[.;:!?…][\"”'’)]*\s*$")
_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_LETTERHEAD = re.compile(
    r"Số ?:? ?\d+ ?[/-]|THÔNG BÁO|KẾT LUẬN|Thứ \w+,|Chủ nhật,|\d{1,2}/\d{1,2}/\d{4}(?: ?[-|,]? ?\d{1,2}:\d\d.{0,12})?$|Cập nhật|(?:Ngày )?[Đđ]ăng"
    r"|(?:Ngày|Sáng|Chiều|Tối)(?: ngày)? \d"
)
_MOTTO = re.compile(r"Hạnh phúc|VIỆT NAM$")
_WRAPPED = 125
_FULL = 0.62


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or list item; positions are those of the view, `start` lies behind the mark."""

    start: int
    end: int
    mark: Mark | None
    depth: int


@dataclass(frozen=True, slots=True)
class View:
    """`text` is joined and single-spaced, `folded` has the same length, `origin` leads back to `source`."""

    source: str
    text: str
    folded: str
    origin: "array[int]"
    blocks: tuple[Block, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source positions of a stretch of the view."""
        return (self.origin[start], self.origin[end - 1] + 1) if end > start else (0, 0)

    def quote(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.source[first:last]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    mark: Mark | None
    after_gap: bool


def make_view(text: str) -> View:
    source = nfc(text)
    groups = _group(_without_furniture(list(_lines(source))))
    chars: list[str] = []
    origin: array[int] = array("L")
    bounds: list[tuple[int, int]] = []
    for group in groups:
        if chars:
            _put(chars, origin, "\n", group[0].start)
        start = len(chars)
        for line in group:
            _copy(source, line, chars, origin)
        bounds.append((start, len(chars)))
    joined = "".join(chars)
    marks = [read_mark(joined[start:end]) for start, end in bounds]
    blocks = tuple(
        Block(start + (mark.length if mark else 0), end, mark, depth)
        for (start, end), mark, depth in zip(bounds, marks, depths(marks), strict=True)
    )
    return View(source, joined, fold(joined), origin, blocks)


def _put(chars: list[str], origin: "array[int]", char: str, position: int) -> None:
    chars.append(char)
    origin.append(position)


def _copy(source: str, line: _Line, chars: list[str], origin: "array[int]") -> None:
    """Append a line with single spaces and without invisible characters."""
    if chars and chars[-1] not in " \n":
        _put(chars, origin, " ", line.start)
    if source[line.start : line.end] == line.text and _INVISIBLE.isdisjoint(line.text):
        chars.extend(line.text)
        origin.extend(range(line.start, line.end))
        return
    for position in range(line.start, line.end):
        char = source[position]
        if char in _INVISIBLE:
            continue
        if not char.isspace():
            _put(chars, origin, char, position)
        elif chars and chars[-1] not in " \n":
            _put(chars, origin, " ", position)
    if chars and chars[-1] == " ":
        chars.pop()
        origin.pop()


def _lines(source: str) -> Iterator[_Line]:
    previous_end = 0
    for found in _LINE.finditer(source):
        raw = found.group()
        bare = raw.strip()
        if not bare or all(char in _INVISIBLE for char in bare):
            continue
        start = found.start() + len(raw) - len(raw.lstrip())
        gap = source.count("\n", previous_end, start) > 1
        yield _Line(start, start + len(bare), squeeze(bare), read_mark(bare), gap)
        previous_end = start + len(bare)


def _without_furniture(lines: list[_Line]) -> list[_Line]:
    """Drop page numbers and running heads that stand inside a sentence."""
    pages = {i for i, line in enumerate(lines) if _is_page_number(lines, i)}
    repeated = Counter(line.text for line in lines if len(line.text) < 100)
    running = {i for i, line in enumerate(lines) if _is_running_head(lines, i, pages, repeated)}
    return [line for i, line in enumerate(lines) if i not in pages and i not in running]


def _is_page_number(lines: list[_Line], i: int) -> bool:
    return i > 0 and len(lines[i].text) < 20 and bool(_PAGE_NUMBER.fullmatch(lines[i].text))


def _is_running_head(lines: list[_Line], i: int, pages: set[int], repeated: Counter[str]) -> bool:
    line = lines[i]
    if repeated[line.text] < 2 or not pages & {i - 1, i + 1} or i < 2 or line.mark:
        return False
    return not _CLOSED.search(line.text)


def _group(lines: list[_Line]) -> list[list[_Line]]:
    width = _wrap_width(lines)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and _continues(groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _wrap_width(lines: list[_Line]) -> int:
    """Width at which the file was broken by hand or by a printer; 0 when lines are paragraphs."""
    lengths = sorted(len(line.text) for line in lines)
    if len(lengths) < 4 or lengths[-1] > _WRAPPED:
        return 0
    return lengths[int(len(lengths) * 0.9)]


def _continues(before: _Line, line: _Line, width: int) -> bool:
    if _LETTERHEAD.match(line.text) or _MOTTO.search(before.text):
        return False
    full = width > 0 and len(before.text) >= width * _FULL
    if before.text.endswith(":") and full and line.mark is None and line.text[0].islower():
        return True  # "… Thời hạn:" broken before its value
    if _CLOSED.search(before.text) or _starts_item(line, before):
        return False
    if line.text[0].islower() or line.text[0] in ",;.)":
        return True
    if before.text.isupper() or line.text.isupper() or line.after_gap:
        return False
    if before.text.endswith((",", " -", " –", " và", " năm", " ngày", " tháng", " của", " với", " các")):
        return True
    return full


def _starts_item(line: _Line, before: _Line) -> bool:
    """A list mark opens an item, unless it is a dash that goes on inside a broken sentence."""
    if line.mark is None:
        return False
    dangling = line.mark.style == "dash" and line.text[line.mark.length :][:1].islower()
    return not (dangling and not before.mark)
