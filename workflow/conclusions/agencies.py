"""The register of agencies: names, aliases, groups, and finding them in text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workflow.conclusions.folding import key
from workflow.conclusions.lexicon import data

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SHORTENED_KINDS = frozenset({"department", "unit", "mass_organisation", "party"})
_SWAPS = (
    ("ủy ban nhân dân", "ubnd"),
    ("hội đồng nhân dân", "hđnd"),
    ("ủy ban mặt trận tổ quốc", "ubmttq"),
    ("ủy ban mặt trận tổ quốc", "ủy ban mttq"),
    ("thành phố ", "tp "),
    ("thành phố ", "tp. "),
    ("thị xã ", "tx "),
    ("&", " và "),
    ("ban quản lý", "bql"),
    ("ban quản lý dự án", "ban qlda"),
    ("văn phòng", "vp"),
    ("khu công nghiệp", "kcn"),
    ("trung tâm", "tt"),
    ("cổ phần", "cp"),
    ("phát triển nông thôn", "ptnt"),
)
DECLARED, DERIVED, SHORTENED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Agency:
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    successor: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """Agencies that carry the words found; several when an alias is ambiguous."""

    start: int
    end: int
    agencies: tuple[Agency, ...]
    rank: int


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"]
    rank: int
    agencies: tuple[Agency, ...]


def tokenize(folded: str) -> list[Token]:
    return [Token(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(folded)]


class Register:
    """An immutable set of agencies with a word trie over all their spellings."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.agencies = tuple(agencies)
        self._root = _Node({}, DECLARED, ())
        for agency in self.agencies:
            for rank, spelling in _spellings(agency):
                self._add(spelling, rank, agency)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Register":
        """Reads {"agencies": [{"name", "kind", "aliases", "successor"?, "parent"?}, …]}."""
        return cls.from_rows(
            (
                row["name"],
                row.get("kind", "unit"),
                row.get("aliases", ()),
                row.get("successor"),
                row.get("parent"),
            )
            for row in document["agencies"]
        )

    @classmethod
    def built_in(cls) -> "Register":
        """Typical provincial bodies, for a text that comes without a register."""
        return cls.from_json(data("register"))

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[str, str, Sequence[str], str | None, str | None]]) -> "Register":
        """Rows of (name, kind, aliases, successor, parent), as an organisation table has them."""
        return cls(
            Agency(name, kind, tuple(aliases), after, parent) for name, kind, aliases, after, parent in rows
        )

    @cached_property
    def by_name(self) -> dict[str, Agency]:
        return {agency.name: agency for agency in self.agencies}

    @cached_property
    def keys(self) -> list[str]:
        """Comparable forms of the names, in the order of `agencies`."""
        return [key(agency.name) for agency in self.agencies]

    def choices(self, words: str) -> tuple[Agency, ...]:
        """All agencies that carry exactly these words."""
        tokens = tokenize(key(words))
        match = self.match(tokens, 0)
        return match.agencies if match and match.end == tokens[-1].end else ()

    def named(self, words: str) -> Agency | None:
        """The agency that carries exactly these words, if only one does."""
        found = self.choices(words)
        return found[0] if len(found) == 1 else None

    def match(self, tokens: Sequence[Token], i: int, prefix: Sequence[str] = ()) -> Match | None:
        """The longest agency name that begins at token `i`, read as if `prefix` stood before it."""
        node: _Node | None = self._root
        for word in prefix:
            node = node.children.get(word) if node else None
        best: Match | None = None
        position = i
        while node is not None and position < len(tokens):
            node = node.children.get(tokens[position].text)
            if node is not None and node.agencies:
                best = Match(tokens[i].start, tokens[position].end, node.agencies, node.rank)
            position += 1
        return best

    def find(self, tokens: Sequence[Token]) -> Iterator[Match]:
        """All names in reading order, the longest at each place, none inside another."""
        behind = -1
        for i, token in enumerate(tokens):
            if token.start < behind:
                continue
            found = self.match(tokens, i)
            if found:
                behind = found.end
                yield found

    def _add(self, spelling: str, rank: int, agency: Agency) -> None:
        node = self._root
        for token in tokenize(spelling):
            node = node.children.setdefault(token.text, _Node({}, SHORTENED, ()))
        if node is self._root:
            return
        if not node.agencies or rank < node.rank:
            node.agencies, node.rank = (agency,), rank
        elif rank == node.rank and agency not in node.agencies:
            node.agencies = (*node.agencies, agency)


def _spellings(agency: Agency) -> Iterator[tuple[int, str]]:
    declared = [key(words) for words in (agency.name, *agency.aliases)]
    for words in declared:
        yield DECLARED, words
        for long, short in _SWAPS:
            for old, new in ((long, short), (short, long)):
                if old in words:
                    yield DERIVED, words.replace(old, new, 1)
    yield from _by_kind(agency, declared)


def _by_kind(agency: Agency, declared: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Spellings every agency of a kind goes by."""
    name = declared[0]
    if agency.kind == "group":
        yield from ((DERIVED, words) for words in _group_spellings(declared))
    if agency.kind == "locality" and name.startswith("ubnd "):
        yield DERIVED, name.removeprefix("ubnd ")
        yield DERIVED, name.replace("ubnd ", "chính quyền ", 1)
    for words in declared:
        if words.startswith("ngành "):
            yield DERIVED, words.replace("ngành ", "cơ quan ", 1)
    if name.startswith("sở "):
        yield DERIVED, f"ngành {name.removeprefix('sở ')}"
        yield DERIVED, f"{name} tỉnh"
        yield DERIVED, f"đảng ủy {name}"
    if agency.kind in _SHORTENED_KINDS and name.endswith(" tỉnh") and len(name.split()) > 2:
        yield SHORTENED, name.removesuffix(" tỉnh")


def _group_spellings(declared: Sequence[str]) -> Iterator[str]:
    for group in data("groups").values():
        if not set(group["wordings"]) & set(declared):
            continue
        for words in group["wordings"]:
            yield words
            yield from (f"{words} {suffix}" for suffix in group["suffixes"])
