"""What a person has to look at before a draft may be issued."""

import re
from collections.abc import Iterator
from itertools import islice

from rapidfuzz import fuzz, process

from workflow.conclusions.agencies import Register
from workflow.conclusions.facts import Facts
from workflow.conclusions.folding import key, without_lookalikes
from workflow.conclusions.material import Material
from workflow.conclusions.reading import DirectiveDraft, Fact, Flag, Party

_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u04ff]+")
_WORD_PART = re.compile(r"\w{0,12}")
_MOST_FLAGS = 20
_NEAR = 86.0
_MOST_COMPARED = 60
_WORDS_AROUND = 6


def document_flags(material: Material, facts: Facts) -> Iterator[Flag]:
    """A session without a year, and names written with letters that only look Latin."""
    yield from _missing_year(facts.session_on)
    for found in islice(_FOREIGN.finditer(material.view.text), _MOST_FLAGS):
        rest = _WORD_PART.match(material.view.text, found.end())
        flag = _lookalike(material, found.start(), rest.end() if rest else found.end())
        if flag:
            yield flag


def _missing_year(session: Fact) -> Iterator[Flag]:
    if session.proposal:
        yield Flag("year_missing", {"day": session.proposal}, session.evidence.start, session.evidence.end)


def _lookalike(material: Material, start: int, end: int) -> Flag | None:
    """The agency the words around a foreign letter would name, were it Latin."""
    text = material.view.text
    first = max(0, start - 60)
    before = [first + m.start() for m in re.finditer(r"\S+", text[first:start])][-_WORDS_AROUND:]
    for place in [*before, start]:
        stretch = text[place : end + 60]
        words = stretch.split()
        for count in range(len(words), 0, -1):
            spoken = " ".join(words[:count]).rstrip(".,;:")
            agency = (
                material.register.named(without_lookalikes(spoken)) if place + len(spoken) >= end else None
            )
            if agency:
                return Flag(
                    "lookalike", {"name": spoken, "near": agency.name}, *material.view.span(place, end)
                )
    return None


def draft_flags(draft: DirectiveDraft, register: Register, facts: Facts) -> Iterator[Flag]:
    """Agencies to be proposed, chosen or renamed, and a due date before the document."""
    for party in (*draft.lead, *draft.coordinating):
        yield from _party_flags(party, register)
    due, issued = draft.deadline.due_on, facts.issued_on.value
    if due and issued and due < issued:
        where = draft.deadline.evidence
        yield Flag("due_before_issue", {"due": due, "issued": issued}, where.start, where.end)


def _party_flags(party: Party, register: Register) -> Iterator[Flag]:
    where = (party.evidence.start, party.evidence.end)
    if party.registered:
        successor = register.by_name[party.name].successor if party.name in register.by_name else None
        if successor:
            yield Flag("renamed_agency", {"name": party.name, "near": successor}, *where)
        return
    choices = register.choices(party.name)
    if len(choices) > 1:
        names = "; ".join(agency.name for agency in choices)
        yield Flag("ambiguous_agency", {"name": party.name, "choices": names}, *where)
        return
    near = nearest(party.name, register)
    code = "near_agency" if near else "unknown_agency"
    yield Flag(code, {"name": party.name, "near": near or ""}, *where)


def nearest(name: str, register: Register) -> str | None:
    """The registered name most like this one, if any is close."""
    found = process.extractOne(
        key(name)[:_MOST_COMPARED], register.keys, scorer=fuzz.ratio, score_cutoff=_NEAR, processor=None
    )
    return register.agencies[found[2]].name if found else None
