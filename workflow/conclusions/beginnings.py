"""Where the conclusion begins: behind the lead-in of a notice, at the chair's words in an article."""

import re

from workflow.conclusions.facts import Facts
from workflow.conclusions.lexicon import shape
from workflow.conclusions.material import Material

_LEAD_IN = re.compile(r"(?:kết luận|chỉ đạo|ý kiến|thống nhất|yêu cầu|kiến nghị|như sau)[^.;]{0,90}:$")
_CUE = shape("beginnings", "cue")
_CHAIR_WORDS = shape("beginnings", "chair_words")
_OTHERS = shape("beginnings", "others")
_SPEECH = shape("beginnings", "speech")
_LEAD_IN_WITHIN = 6
_CUE_WITHIN = 260
_SUBJECT_WITHIN = 170
_LONG_PARAGRAPH = 900


def first_block(material: Material, facts: Facts) -> int:
    """The first block that may hold instructions; the number of blocks when none does."""
    if facts.kind.value == "news_report":
        return _news_start(material, facts)
    return _notice_start(material, facts)


def _notice_start(material: Material, facts: Facts) -> int:
    """Behind the sentence that leads in, or behind the head when there is none."""
    blocks = material.view.blocks
    for i in range(facts.body, min(len(blocks), facts.body + _LEAD_IN_WITHIN)):
        if blocks[i].mark and i > facts.body:
            break
        if _LEAD_IN.search(material.block(i)):
            return i + 1
    return min(facts.body + 1, len(blocks)) if facts.body < len(blocks) - 1 else facts.body


def _news_start(material: Material, facts: Facts) -> int:
    """The paragraph in which the chair begins to conclude."""
    count = len(material.view.blocks)
    spoken = [i for i in range(1, count) if _chair_speaks(material, facts, i)]
    cued = [i for i in spoken if _CUE.search(material.block(i)[:_CUE_WITHIN])]
    return next(iter(cued or spoken), count)


def _chair_speaks(material: Material, facts: Facts, i: int) -> bool:
    folded = material.block(i)
    if i <= facts.body and len(folded) < _LONG_PARAGRAPH and not _CUE.search(folded):
        return False
    chair = (facts.chair.value or "").lower()
    return any(_is_subject(folded, found.start(), chair) for found in _SPEECH.finditer(folded))


def _is_subject(folded: str, verb: int, chair: str) -> bool:
    """Is the chair, and nobody else, the subject of the verb at this place?"""
    before = folded[max(0, verb - _SUBJECT_WITHIN) : verb].rsplit(". ", 1)[-1]
    places = [found.start() for found in _CHAIR_WORDS.finditer(before)]
    if chair and chair in before:
        places.append(before.rfind(chair))
    if not places:
        return False
    subject = max(places)
    introduced = before[:subject].rsplit(",", 1)[-1]
    return not _OTHERS.search(before[subject:]) and not _OTHERS.search(introduced)
