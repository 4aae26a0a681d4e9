"""What "đơn vị", "Sở", "địa phương", "hai cơ quan" mean at a place in the document."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from workflow.conclusions.agencies import Agency, Match, Register, tokenize
from workflow.conclusions.folding import key
from workflow.conclusions.lexicon import shape
from workflow.conclusions.reading import Party

_RECENT = 40
_LEVELS = ("huyện", "thành phố", "thị xã", "thị trấn", "xã", "phường", "đặc khu")
_COUNT = {"hai": 2, "2": 2, "02": 2, "ba": 3, "3": 3, "03": 3, "bốn": 4, "4": 4, "04": 4}
_COUNTED = re.compile(r"(?:cả )?(hai|ba|bốn|0?[234]) (sở|đơn vị|cơ quan|địa phương|ngành|huyện|xã|phường)")
_LABELS = shape("scope", "labels")
_ALL_NAMED = shape("scope", "all_named")
_ITEM = re.compile(r"[\w.]+")
_TYPES = (
    "sở",
    "công ty",
    "chi cục",
    "cục",
    "bệnh viện",
    "trung tâm",
    "trường",
    "hội",
    "phòng",
    "văn phòng",
    "báo",
    "đài",
)


@dataclass(slots=True)
class Scope:
    """Grows while the document is read: who leads what so far."""

    register: Register
    supervised: Agency | None = None
    issuer_territory: tuple[str, str] | None = None
    named: list[Party] = field(default_factory=list)
    by_item: dict[str, list[Party]] = field(default_factory=dict)

    def remember(self, item: str, leads: Iterable[Party]) -> None:
        """The last named lead stands last; each is known by the labels of its item."""
        for lead in leads:
            self.named = [known for known in self.named if known.name != lead.name] + [lead]
            for label in item_labels(item):
                known = self.by_item.setdefault(label, [])
                if all(lead.name != party.name for party in known):
                    known.append(lead)

    @property
    def territory(self) -> tuple[str, str] | None:
        """Level and name of the place that is supervised, or issues the document."""
        if self.supervised and (place := territory_of(self.supervised.name)):
            return place
        return self.issuer_territory

    def choose(self, match: Match) -> Agency | None:
        """The agency meant by an alias; an ambiguous one means that of the place concerned."""
        if len(match.agencies) == 1:
            return match.agencies[0]
        place = self.territory
        if place is None:
            return None
        near = [agency for agency in match.agencies if key(agency.name).endswith(f" {place[1]}")]
        return near[0] if len(near) == 1 else None

    def party_committee(self, place: str) -> str | None:
        """The party committee of a place written as "huyện sơn khê" or "các xã, phường"."""
        level, _, name = place.partition(" ")
        short = {"huyện": "huyện ủy", "thành": "thành ủy", "thị": "thị ủy"}.get(level)
        wordings = [f"đảng ủy {place}"] + (
            [f"{short} {name.removeprefix('phố ').removeprefix('xã ')}"] if short else []
        )
        found = next((agency for words in wordings if (agency := self.register.named(words))), None)
        return found.name if found else None

    def known_by_beginning(self, spoken: Sequence[str]) -> tuple[str | None, int]:
        """The agency supervised or named before whose name begins with the most of these words."""
        names = ([self.supervised.name] if self.supervised else []) + [
            party.name for party in reversed(self.named)
        ]
        best: tuple[str | None, int] = (None, 1)
        for name in names:
            words = _words_of(name)
            if words[:1] != spoken[:1]:
                continue
            same = next(
                (i for i, (a, b) in enumerate(zip(words, spoken, strict=False)) if a != b),
                min(len(words), len(spoken)),
            )
            if same > best[1] and same < len(words):
                best = (name, same)
        return best

    def resolve(self, words: str) -> list[str]:
        """Names of the agencies a general word points to; empty when it names nobody."""
        if "liên quan" in words:
            return []
        labels = _LABELS.search(words)
        if labels:
            return _names(
                party for label in _ITEM.findall(labels.group(1)) for party in self.by_item.get(label, ())
            )
        if _ALL_NAMED.search(words):
            return _names(self.named)
        counted = _COUNTED.match(words)
        if counted:
            return _names(self._of_type(counted.group(2), self.named)[-_COUNT[counted.group(1)] :])
        if words.startswith(("các ", "những ")):
            return []
        return self._one(
            words.removesuffix(" này").removesuffix(" được giám sát").removesuffix(" được kiểm tra")
        )

    def _of_type(self, noun: str, parties: Sequence[Party]) -> list[Party]:
        if noun == "sở":
            return [party for party in parties if key(party.name).startswith("sở ")]
        if noun in {"địa phương", "huyện", "xã", "phường"}:
            return [party for party in parties if key(party.name).startswith("ubnd")]
        return list(parties)

    def _one(self, words: str) -> list[str]:
        placed = self._with_place(words)
        if placed:
            return [placed]
        if words.endswith(" ủy") or words in _LEVELS or words.startswith("ubnd"):
            return []
        kind = next((noun for noun in _TYPES if words == noun or words.endswith(f" {noun}")), None)
        near = [party.name for party in reversed(self.named)]
        if self.supervised:
            near = [self.supervised.name] if kind is None else [*near, self.supervised.name]
        if kind:
            near = [name for name in near if key(name).startswith(kind)]
            if self.supervised and key(self.supervised.name).startswith(kind):
                near.insert(0, self.supervised.name)
        return near[:1]

    def _with_place(self, words: str) -> str | None:
        place = self.territory
        if place is None:
            return None
        level, name = place
        noun = level if words in {"địa phương", "ubnd"} else words
        for wording in (f"{noun} {name}", f"ubnd {noun} {name}", f"{noun} {level} {name}"):
            found = self.register.named(wording)
            if found:
                return found.name
        return None


@cache
def _words_of(name: str) -> list[str]:
    return [token.text for token in tokenize(key(name))]


def item_labels(item: str) -> set[str]:
    """All labels by which an item may be cited: of "1.2/a" these are 1, 1.2, a and the whole."""
    parts = item.split("/")
    numbers = {part.rsplit(".", cut)[0] for part in parts for cut in range(part.count(".") + 1)}
    return numbers | set(parts) | {item}


def _names(parties: Iterable[Party]) -> list[str]:
    return list(dict.fromkeys(party.name for party in parties))


def territory_of(name: str) -> tuple[str, str] | None:
    """("huyện", "sơn khê") of "UBND huyện Sơn Khê" or "Huyện ủy Sơn Khê"."""
    words = key(name)
    party = re.match(r"(huyện|thành|thị) ủy (.+)", words)
    if party:
        return {"thành": "thành phố", "thị": "thị xã"}.get(party.group(1), party.group(1)), party.group(2)
    for level in _LEVELS:
        found = re.search(rf"(?:^|ubnd |ủy ban nhân dân |đảng ủy ){level} (.+)", words)
        if found:
            return level, found.group(1)
    return None
