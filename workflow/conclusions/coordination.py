"""Who takes part beside the lead: named after "phối hợp", or told to act through the lead."""

import re
from collections.abc import Iterator
from dataclasses import replace

from workflow.conclusions.lexicon import shape
from workflow.conclusions.material import Material
from workflow.conclusions.parties import PartyReader
from workflow.conclusions.reading import Party

_WITH = shape("coordination", "with")
_OTHER_WITH = re.compile(r"(?:phối hợp(?: chặt chẽ)?)(?!\w)")
_THROUGH = shape("coordination", "through")
_THEN_THROUGH = shape("coordination", "then_through")


def coordinating(
    material: Material, reader: PartyReader, start: int, end: int, leads: list[Party]
) -> list[Party]:
    """Agencies beside the lead in one directive, in reading order, none of them a lead."""
    found: dict[str, Party] = {}
    for party in _all(material, reader, start, end):
        found.setdefault(party.name, party)
    taken = {lead.name for lead in leads}
    return [party for name, party in found.items() if name not in taken]


def _all(material: Material, reader: PartyReader, start: int, end: int) -> Iterator[Party]:
    for found in _WITH.finditer(material.folded, start, end):
        if material.folded[found.start() - 1 : found.start()].isalnum():
            continue
        listed = reader.read(found.end(), end, bare_names=True)
        if listed:
            yield from _because(listed.parties, "đứng sau 'phối hợp', 'chủ trì cùng'")
    yield from _before_verb(material, reader, start, end)
    yield from _through(material, reader, start, end)


def _before_verb(material: Material, reader: PartyReader, start: int, end: int) -> Iterator[Party]:
    """ "chủ trì, Công an tỉnh phối hợp kiểm tra": named right before the verb."""
    for comma in re.finditer(r"(?:, |^)", material.folded[start:end]):
        listed = reader.read(start + comma.end(), end, bare_names=False)
        if listed and _OTHER_WITH.match(material.folded, listed.end + 1, end):
            yield from _because(listed.parties, "cơ quan đứng trước 'phối hợp'")


def _through(material: Material, reader: PartyReader, start: int, end: int) -> Iterator[Party]:
    """ "chỉ đạo UBND cấp xã vận động …": the lead acts through them."""
    head = _THROUGH.match(material.folded, start, end)
    places = [head.end()] if head else []
    places += [found.end() for found in _THEN_THROUGH.finditer(material.folded, start, end)]
    for place in places:
        listed = reader.read(place, end, bare_names=False)
        if listed and material.verb_at(listed.end + 1, end):
            yield from _because(listed.parties, "cơ quan được giao làm thông qua cơ quan chủ trì")


def _because(parties: list[Party], rule: str) -> Iterator[Party]:
    for party in parties:
        yield replace(party, evidence=replace(party.evidence, rule=rule))
