"""Abbreviations the document explains itself: "tài nguyên khoáng sản (TNKS)"."""

import re
from collections.abc import Callable

from workflow.conclusions.folding import fold

_BRACKET = re.compile(r"\(([^\W\d_][\w&-]{1,11})\)")
_WORD = re.compile(r"\w+")
_SKIPPED = frozenset({"và", "của", "các", "về", "cho", "trong", "theo", "với"})
_REACH = 90
_MIN_SHARE = 2


def learn(text: str) -> dict[str, str]:
    """Abbreviation to its full words, as first explained in the text."""
    known: dict[str, str] = {}
    for found in _BRACKET.finditer(text):
        short = found.group(1)
        if sum(char.isupper() for char in short) < _MIN_SHARE or short in known:
            continue
        full = _full_words(text[max(0, found.start() - _REACH) : found.start()], short)
        if full:
            known[short] = full
    return known


def _full_words(before: str, short: str) -> str | None:
    """The shortest run of words right before the bracket whose initials spell the abbreviation."""
    letters = [char for char in fold(short) if char.isalpha()]
    spans = [word for word in _WORD.finditer(before) if "\n" not in before[word.start() :]]
    position = len(letters)
    for word in reversed(spans):
        folded = fold(word.group())
        if position and folded[0] == letters[position - 1]:
            position -= 1
        elif folded not in _SKIPPED:
            return None
        if position == 0:
            return before[word.start() :].strip()
    return None


def _constant(words: str) -> Callable[[re.Match[str]], str]:
    return lambda _found: words


def write_out(text: str, known: dict[str, str]) -> str:
    """`text` with every known abbreviation replaced; an explanation in brackets is dropped."""
    for short, full in known.items():
        text = re.sub(rf" ?\({re.escape(short)}\)", "", text)
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", _constant(full), text)
    return text
