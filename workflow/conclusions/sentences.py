"""Sentences of a block and clauses of a sentence."""

import re
from collections.abc import Iterator

from workflow.conclusions.lexicon import alternation, finder, shape, words
from workflow.conclusions.material import Material
from workflow.conclusions.parties import PartyReader

_STOP = re.compile(r"[.!?…]+[\"')]*(?=\s|$)|\./\.")
_ABBREVIATION = shape("sentences", "abbreviation")
_OPENERS, _CLOSERS = '("[', ')"]'
_JOINED = re.compile(r"(?:,| và|;)? (?:và )?(?:đồng thời|sau đó)(?: phải| cần)?,? (?=\w)")
_NEW_ORDER = shape("sentences", "new_order")
_SAYS = shape("sentences", "says")
_CONDITION = re.compile(r"(?:trường hợp|nếu|đối với|khi|riêng đối với|những|việc nào|đơn vị nào|nơi nào) ")
_FRESH = re.compile(rf"(?:, (?:và )?)(?={alternation(words('verbs', 'fresh_heads'))})")
_FRESH_AND = re.compile(rf" và (?={alternation(words('verbs', 'fresh_heads_after_and'))})")
_COMPLEMENT = re.compile(alternation(words("verbs", "complement_heads")))
_CHAIN = shape("sentences", "chain")
_RESULT = shape("sentences", "result")
_ENDS_IN_VERB = re.compile(rf"(?<!\w){alternation(words('verbs', 'verbs'))}$")
_FRESH_LEADERS = shape("sentences", "fresh_leaders")
_MIN_SYLLABLES = 5
_OBJECT_WITHIN = 80


def sentences(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches between full stops; abbreviations and numbers do not end a sentence."""
    begin = start
    for found in _STOP.finditer(folded, start, end):
        if found.group() == "." and found.end() < end:
            before = folded[max(begin, found.start() - 6) : found.start()]
            if _ABBREVIATION.search(before) and not _ends_number(folded, found, end):
                continue
        if found.end() > begin:
            yield begin, found.start()
        begin = found.end()
        while begin < end and folded[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def _ends_number(folded: str, found: re.Match[str], end: int) -> bool:
    """ "… năm 2025. Rà soát": a number ends a sentence when a space and a word follow."""
    follows = folded[found.end() : min(end, found.end() + 2)]
    return folded[found.start() - 1].isdigit() and follows[:1] == " " and not follows[1:2].isdigit()


def depth_map(folded: str, start: int, end: int) -> list[bool]:
    """For each position: does it stand inside brackets or quotes?"""
    inside, quoted, depth = [], False, 0
    for char in folded[start:end]:
        if char == '"':
            quoted = not quoted
        elif char in "([":
            depth += 1
        elif char in ")]" and depth:
            depth -= 1
        inside.append(quoted or depth > 0)
    return inside


def clauses(material: Material, parties: PartyReader, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces between semicolons, "đồng thời", "sau đó" and a second order verb."""
    folded = material.folded
    inside = depth_map(folded, start, end)
    cuts = _semicolons(material, parties, start, end, inside)
    for join in (_JOINED, _SAYS, _NEW_ORDER):
        cuts += [
            (m.start(), m.end())
            for m in join.finditer(folded, start, end)
            if m.start() > start
            and (not inside[m.start() - start] or inside[0])
            and (join is not _NEW_ORDER or _orders(material, parties, m, end))
        ]
    return _pieces(start, end, sorted(cuts))


def _semicolons(
    material: Material, parties: PartyReader, start: int, end: int, inside: list[bool]
) -> list[tuple[int, int]]:
    """Semicolons between clauses, not those between the addressees of one."""
    places = [i for i in range(start, end) if material.folded[i] == ";" and not inside[i - start]]
    listed = parties.read(start, end) if places else None
    first = listed.end if listed else start
    return [(i, i + 1) for i in places if i >= first]


def _orders(material: Material, parties: PartyReader, found: re.Match[str], end: int) -> bool:
    """Is the verb behind the comma an order to somebody, not a noun ("phản ánh, kiến nghị của dân")?"""
    verb = finder("speech", "order_verbs").match(material.folded, found.end(), end)
    behind = verb.end() + 1 if verb else found.end()
    if parties.read(behind, end):
        return True
    return verb is not None and verb.group() in {"đề nghị", "yêu cầu"} and material.verb_at(behind, end)


def _pieces(start: int, end: int, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result, begin = [], start
    for left, right in cuts:
        if left < begin:
            continue
        result.append((begin, left))
        begin = right
    result.append((begin, end))
    return [(a, b) for a, b in result if b > a]


def instructions(material: Material, start: int, end: int) -> list[tuple[int, int]]:
    """Split one clause's work where a second verb with its own object begins."""
    folded = material.folded
    inside = depth_map(folded, start, end)
    cuts = []
    begin = start
    candidates = sorted(
        [(m.start(), m.end()) for join in (_FRESH, _FRESH_AND) for m in join.finditer(folded, start, end)]
    )
    for left, right in candidates:
        if left <= begin or inside[left - start]:
            continue
        if material.skip_times(begin, left) >= left:
            continue
        if (
            _own_object(folded, begin, left)
            and _own_object(folded, right, end)
            and not _bound(material, begin, left, right)
        ):
            cuts.append((left, right))
            begin = right
    return _pieces(start, end, cuts)


def _own_object(folded: str, start: int, end: int) -> bool:
    near = folded[start : min(end, start + _OBJECT_WITHIN)]
    return len(near.split(None, _MIN_SYLLABLES)) >= _MIN_SYLLABLES


def _bound(material: Material, begin: int, left: int, right: int) -> bool:
    """Is what follows a step, manner or complement of what stands before?"""
    folded = material.folded
    if _CHAIN.match(folded, right):
        return True
    if _CONDITION.match(folded, begin) and "," not in folded[begin:left]:
        return True
    last_comma = folded.rfind(",", begin, left)
    piece = folded[max(begin, last_comma + 1) : left]
    if (
        _RESULT.search(piece)
        or len(piece.split()) < 3
        or (_ENDS_IN_VERB.search(piece) and not material.time_before(left))
    ):
        return True
    lists_more = _COMPLEMENT.match(folded, begin) is not None and last_comma < 0
    return lists_more and not _FRESH_LEADERS.match(folded, right)
