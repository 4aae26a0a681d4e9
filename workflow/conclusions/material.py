"""A text made ready for reading: its view, words, agencies and times, each found once."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.conclusions.agencies import Match, Register, Token, tokenize
from workflow.conclusions.dates import Anchor
from workflow.conclusions.deadlines import TimeExpression, find_times
from workflow.conclusions.lexicon import alternation, pattern, shape, words
from workflow.conclusions.view import View

_ADVERB = alternation(words("verbs", "adverbs"))
_VERB = re.compile(alternation(words("verbs", "verbs") + words("verbs", "prohibitions")))
_ADVERBS = re.compile(rf"(?:{_ADVERB}(?:, | và | )?)+")
_GAP = re.compile(r"[ ,]*")
_VERB_LIKE_NAMES = shape("material", "verb_like_names")


@dataclass(slots=True)
class Material:
    view: View
    register: Register
    tokens: list[Token] = field(init=False)
    index: dict[int, int] = field(init=False)
    mentions: dict[int, Match] = field(init=False)
    times: list[TimeExpression] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = tokenize(self.view.folded)
        self.index = {token.start: i for i, token in enumerate(self.tokens)}
        self.mentions = {found.start: found for found in self.register.find(self.tokens)}

    @property
    def folded(self) -> str:
        return self.view.folded

    def block(self, i: int) -> str:
        """The folded text of one block."""
        block = self.view.blocks[i]
        return self.folded[block.start : block.end]

    def read_times(self, anchor: Anchor) -> None:
        self.times = find_times(self.folded, anchor)

    def times_within(self, start: int, end: int) -> Iterator[TimeExpression]:
        place = bisect_left(self.times, start, key=lambda time: time.start)
        while place < len(self.times) and self.times[place].end <= end:
            yield self.times[place]
            place += 1

    def mentions_within(self, start: int, end: int) -> Iterator[Match]:
        place = bisect_left(self.tokens, start, key=lambda token: token.start)
        while place < len(self.tokens) and self.tokens[place].start < end:
            match = self.mentions.get(self.tokens[place].start)
            if match and match.end <= end:
                yield match
            place += 1

    def time_at(self, position: int) -> TimeExpression | None:
        place = bisect_left(self.times, position, key=lambda time: time.start)
        return self.times[place] if place < len(self.times) and self.times[place].start == position else None

    def time_before(self, position: int) -> bool:
        """Does an expression of time end right here?"""
        place = bisect_left(self.times, position, key=lambda time: time.start)
        return place > 0 and self.times[place - 1].end == position

    def match_at(self, position: int, prefix: tuple[str, ...] = ()) -> Match | None:
        """The agency named at a position, as if `prefix` stood before it."""
        place = self.index.get(position)
        return None if place is None else self.register.match(self.tokens, place, prefix)

    def skip_times(self, position: int, end: int) -> int:
        """Behind the expressions of time that stand here, with their commas."""
        while position < end and (time := self.time_at(position)):
            gap = _GAP.match(self.folded, time.end)
            position = gap.end() if gap else time.end
        return position

    def verb_at(self, position: int, end: int) -> bool:
        """Does an instruction's verb stand here, perhaps behind adverbs or a time?"""
        if _VERB_LIKE_NAMES.match(self.folded, position):
            return False
        if _VERB.match(self.folded, position, end):
            return True
        position = self.skip_times(position, end)
        if _VERB.match(self.folded, position, end):
            return True
        adverbs = _ADVERBS.match(self.folded, position, end)
        if not adverbs or adverbs.end() >= end:
            return False
        after = self.skip_times(adverbs.end(), end)
        return bool(_VERB.match(self.folded, after, end)) or self.folded[after:end].strip() != ""

    def after(self, name: str, list_key: str, position: int, end: int) -> int | None:
        """Behind an entry of a word list that stands here, or None."""
        found = pattern(name, list_key).match(self.folded, position, end)
        return found.end() if found else None
