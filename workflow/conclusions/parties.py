"""Reading a list of agencies at one place of the text."""

import re
from dataclasses import dataclass, field

from workflow.conclusions.agencies import SHORTENED, Match
from workflow.conclusions.lexicon import pattern, shape
from workflow.conclusions.material import Material
from workflow.conclusions.reading import Evidence, Party
from workflow.conclusions.scope import Scope

_SEPARATOR = re.compile(r"(?:, và |, cùng với |, cùng |, | và | cùng với (?!đó)| cùng |; (?:và )?)")
_BRACKET = re.compile(r" ?\([^()\n]{1,80}\)")
_APPOSITION = shape("parties", "apposition")
_AFTER_NAME = shape("parties", "after_name")
_SERIES = shape("parties", "series")
_POINTING = shape("parties", "pointing")
_HEAD = shape("parties", "head")
_NO_HEAD = shape("parties", "no_head")
_BELONGS = shape("parties", "belongs")
_NAME_END = re.compile(r"[,;:.(]| - | và | cùng ")
_TWIN = shape("parties", "twin")
_LONGEST_NAME = 110
_MAX_PREFIXES = 4


@dataclass(slots=True)
class PartyList:
    """Agencies read one after another; `nobody` is true when only unnamed ones were addressed."""

    start: int
    end: int
    parties: list[Party] = field(default_factory=list)

    @property
    def leads(self) -> list[Party]:
        unique = {party.name: party for party in reversed(self.parties)}
        return [unique[name] for name in dict.fromkeys(party.name for party in self.parties)]


@dataclass(slots=True)
class PartyReader:
    material: Material
    scope: Scope

    def read(self, start: int, end: int, bare_names: bool = True) -> PartyList | None:
        """The agencies listed from `start`; None when nobody is named there.

        `bare_names` also takes names that look like agencies but are not registered.
        """
        listed = PartyList(start, start)
        position = start
        while True:
            behind = self._element(position, end, listed, bare_names)
            if behind is None:
                break
            listed.end = behind
            separator = _SEPARATOR.match(self.material.folded, behind, end)
            if not separator:
                break
            position = separator.end()
        return listed if listed.end > start else None

    def _element(self, start: int, end: int, listed: PartyList, bare_names: bool) -> int | None:
        position = start
        for _ in range(_MAX_PREFIXES):
            behind = self._twin(position, end, listed) or self._named(position, end, listed)
            if behind is not None:
                return self._extend(behind, end)
            prefix = pattern("parties", "prefixes").match(self.material.folded, position, end)
            if not prefix or self.material.folded[prefix.end() : prefix.end() + 1] != " ":
                break
            position = prefix.end() + 1
        behind = self._pointed(start, end, listed) or self._shortened(start, end, listed)
        if behind is None and position != start:
            behind = self._pointed(position, end, listed)
        if behind is None and bare_names:
            behind = self._unregistered(start, end, listed)
        return self._extend(behind, end) if behind is not None else None

    def _named(self, start: int, end: int, listed: PartyList) -> int | None:
        series = self._series(start, end, listed)
        if series is not None:
            return series
        match = self.material.match_at(start)
        if match is None or match.end > end or self._is_longer_name(match, end):
            return None
        self._take(match, listed)
        return match.end

    def _is_longer_name(self, match: Match, end: int) -> bool:
        """A shortened name that goes on ("Công an" of "Công an huyện") is another agency's."""
        if self.material.folded.startswith(" ủy", match.end):
            return True
        if match.rank < SHORTENED:
            return False
        return not self.material.view.text[match.start].isupper() or not self._closed(match.end, end)

    def _twin(self, start: int, end: int, listed: PartyList) -> int | None:
        """ "Đảng ủy, UBND các xã", "cấp ủy, chính quyền huyện A": the party committee of the same place."""
        found = _TWIN.match(self.material.folded, start, end)
        if not found:
            return None
        match = self.material.match_at(found.start("other")) or self.material.match_at(found.start("place"))
        if match is None or match.end > end:
            return None
        party = self.scope.party_committee(self.material.folded[found.start("place") : match.end])
        if party is None:
            return None
        first, last = self.material.view.span(start, match.end)
        listed.parties.append(Party(party, Evidence("cấp ủy của cùng địa phương", first, last)))
        self._take(match, listed)
        return match.end

    def _shortened(self, start: int, end: int, listed: PartyList) -> int | None:
        """ "Ban Quản lý dự án" for a longer name that is already known here."""
        place = self.material.index.get(start)
        if place is None:
            return None
        name, count = self.scope.known_by_beginning(
            [token.text for token in self.material.tokens[place : place + 8]]
        )
        if name is None:
            return None
        behind = self.material.tokens[place + count - 1].end
        if behind > end or not self._closed(behind, end):
            return None
        first, last = self.material.view.span(start, behind)
        listed.parties.append(
            Party(name, Evidence("viết tắt tên cơ quan đã nêu", first, last), inherited=True)
        )
        return behind

    def _series(self, start: int, end: int, listed: PartyList) -> int | None:
        """ "các sở: Công Thương, Y tế": each written in full."""
        head = _SERIES.match(self.material.folded, start, end)
        if not head or not head.group().startswith(("các", "ubnd các", "đảng ủy các")):
            return None
        prefix = tuple(word for word in head.group("head").split() if word not in {"các", ":"})
        position, behind = head.end(), None
        while True:
            match = self.material.match_at(position, prefix)
            if match is None or match.end > end or match.rank == SHORTENED:
                return behind
            self._take(match, listed)
            behind = match.end
            separator = _SEPARATOR.match(self.material.folded, behind, end)
            if not separator:
                return behind
            position = separator.end()

    def _take(self, match: Match, listed: PartyList) -> None:
        agency = self.scope.choose(match)
        first, last = self.material.view.span(match.start, match.end)
        if agency:
            listed.parties.append(
                Party(agency.name, Evidence("tên hoặc tên khác trong danh mục", first, last))
            )
        else:
            quoted = self.material.view.text[match.start : match.end]
            listed.parties.append(
                Party(quoted, Evidence("tên dùng chung cho nhiều cơ quan", first, last), False)
            )

    def _pointed(self, start: int, end: int, listed: PartyList) -> int | None:
        found = _POINTING.match(self.material.folded, start, end)
        if not found or not self._closed(found.end(), end):
            return None
        first, last = self.material.view.span(start, found.end())
        evidence = Evidence(f"'{found.group()}' chỉ cơ quan đã nêu", first, last)
        spoken = found.group()
        if spoken == "địa phương" and self._after_group(listed):
            spoken = "các địa phương"  # "các sở, ngành, địa phương"
        group = self.scope.register.named(spoken)
        names = [group.name] if group else self.scope.resolve(spoken)
        listed.parties += [Party(name, evidence, inherited=group is None) for name in names]
        return found.end()

    def _after_group(self, listed: PartyList) -> bool:
        last = self.scope.register.by_name.get(listed.parties[-1].name) if listed.parties else None
        return last is not None and last.kind == "group"

    def _closed(self, position: int, end: int) -> bool:
        """Is a general noun complete here, rather than the head of a longer name?"""
        rest = self.material.folded[position:end]
        if not rest.strip() or rest[0] in ",;:." or rest.startswith((" (", " -", " và ", " cùng ")):
            return True
        if rest[0] != " ":
            return False
        position += 1
        return (
            self.material.after("speech", "modals", position, end) is not None
            or self.material.after("speech", "not_an_order", position, end) is not None
            or (self.material.view.text[position].islower() and self.material.verb_at(position, end))
        )

    def _unregistered(self, start: int, end: int, listed: PartyList) -> int | None:
        head = _HEAD.match(self.material.folded, start, end)
        if not head or _NO_HEAD.match(self.material.folded, start):
            return None
        limit = min(end, start + _LONGEST_NAME)
        behind = self._name_end(head.end(), limit)
        first, last = self.material.view.span(start, behind)
        quoted = self.material.view.text[start:behind]
        listed.parties.append(Party(quoted, Evidence("chưa có trong danh mục", first, last), False))
        return behind

    def _name_end(self, position: int, limit: int) -> int:
        """Up to the verb, the modal or the sign that ends the name."""
        folded = self.material.folded
        while position < limit:
            if _NAME_END.match(folded, position):
                return position
            if folded[position] == " " and self._predicate_at(position + 1, limit):
                return position
            position += 1
        return limit

    def _predicate_at(self, position: int, limit: int) -> bool:
        """A modal, a verb or a state in small letters ends the name before it."""
        if position >= limit or self.material.view.text[position].isupper():
            return False
        if self.material.after("speech", "modals", position, limit) or self.material.verb_at(position, limit):
            return True
        state = self.material.after("speech", "not_an_order", position, limit)
        return state is not None and not _BELONGS.match(self.material.folded, position)

    def _extend(self, behind: int, end: int) -> int:
        """Over what may follow a name: "tỉnh", a bracket, "- cơ quan thường trực"."""
        for addition in (_AFTER_NAME, _BRACKET, _APPOSITION):
            found = addition.match(self.material.folded, behind, end)
            if found:
                behind = found.end()
        return behind
