"""Reading a conclusion: the one public step of the grammar, pure and offline."""

from dataclasses import replace

from workflow.conclusions.abbreviations import learn
from workflow.conclusions.agencies import Register
from workflow.conclusions.body import BodyReader
from workflow.conclusions.drafting import draft
from workflow.conclusions.facts import FactReader
from workflow.conclusions.flags import document_flags, draft_flags
from workflow.conclusions.material import Material
from workflow.conclusions.parties import PartyReader
from workflow.conclusions.reading import Evidence, Fact, Flag, Reading
from workflow.conclusions.scope import Scope
from workflow.conclusions.view import make_view

_NAMES = ("kind", "number", "issued_on", "session_on", "chair", "supervised_agency", "topic")


def read(text: str, register: Register) -> Reading:
    """Facts and drafts of a conclusion. Positions count characters of the NFC form of `text`."""
    view = make_view(text)
    if not view.blocks:
        empty = Fact(None, Evidence("văn bản không nêu"))
        return Reading(dict.fromkeys(_NAMES, empty), (), (), {}, ())
    material = Material(view, register)
    scope = Scope(register)
    facts = FactReader(material, scope).read()
    material.read_times(facts.anchor)
    parties = PartyReader(material, scope)
    known = learn(view.text)
    body = BodyReader(material, scope, parties, facts)
    drafts = [draft(material, work, known) for work in body.read()]
    flagged = tuple(replace(one, flags=(*one.flags, *draft_flags(one, register, facts))) for one in drafts)
    flags = list(document_flags(material, facts))
    if not drafts:
        flags.append(Flag("nothing_found", {}))
    return Reading(facts.as_dict(), flagged, tuple(body.passages), known, tuple(flags))
