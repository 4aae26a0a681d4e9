"""Automatic list numbers of a Word file, which stand in no text run."""

from collections import defaultdict
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

_DEEPEST = 9


class Numbering:
    """Counts list items as Word would show them."""

    def __init__(self, document: Document) -> None:
        self.levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counters: dict[str, list[int]] = defaultdict(lambda: [0] * _DEEPEST)
        self.list_of: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        self._load(root)

    def _load(self, root: Any) -> None:
        abstract = {node.get(qn("w:abstractNumId")): node for node in root.iter(qn("w:abstractNum"))}
        for node in root.iter(qn("w:num")):
            number, link = node.get(qn("w:numId")), node.find(qn("w:abstractNumId"))
            source = abstract.get(link.get(qn("w:val"))) if link is not None else None
            if source is None:
                continue
            self.list_of[number] = source.get(qn("w:abstractNumId"))
            for level in source.iter(qn("w:lvl")):
                depth = int(level.get(qn("w:ilvl")))
                self.levels[number, depth] = (
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    int(_value(level, "start") or 1),
                )

    def mark(self, paragraph: Paragraph) -> str:
        """The list mark before a paragraph, with a space; empty when it has none."""
        place = _place(paragraph)
        if place is None or place not in self.levels:
            return ""
        number, depth = place
        shape, template, start = self.levels[place]
        counter = self.counters[self.list_of.get(number, number)]
        counter[depth] = counter[depth] + 1 if counter[depth] else start
        counter[depth + 1 :] = [0] * (_DEEPEST - depth - 1)
        if shape in {"bullet", "none"}:
            return "- " if shape == "bullet" else ""
        return self._written(number, template, counter) + " "

    def _written(self, number: str, template: str, counter: list[int]) -> str:
        for level in range(_DEEPEST):
            shape = self.levels.get((number, level), ("decimal", "", 1))[0]
            template = template.replace(f"%{level + 1}", _numeral(counter[level] or 1, shape))
        return template


def _value(level: Any, name: str) -> str:
    node = level.find(qn(f"w:{name}"))
    return str(node.get(qn("w:val")) or "") if node is not None else ""


def _place(paragraph: Paragraph) -> tuple[str, int] | None:
    """List id and depth, from the paragraph or the style it wears."""
    properties = paragraph._p.pPr
    found = properties.find(qn("w:numPr")) if properties is not None else None
    style = paragraph.style
    if found is None and style is not None and style.element.pPr is not None:
        found = style.element.pPr.find(qn("w:numPr"))
    if found is None:
        return None
    number, depth = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
    if number is None:
        return None
    return str(number.get(qn("w:val"))), min(
        int(depth.get(qn("w:val"))) if depth is not None else 0, _DEEPEST - 1
    )


def _numeral(value: int, shape: str) -> str:
    if shape == "lowerLetter":
        return chr(96 + (value - 1) % 26 + 1)
    if shape == "upperLetter":
        return chr(64 + (value - 1) % 26 + 1)
    if shape in {"upperRoman", "lowerRoman"}:
        roman = _roman(value)
        return roman if shape == "upperRoman" else roman.lower()
    return str(value)


def _roman(value: int) -> str:
    signs = (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    )
    written = ""
    for worth, sign in signs:
        count, value = divmod(value, worth)
        written += sign * count
    return written
