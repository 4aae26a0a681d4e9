"""Words that open a list or only ask to comply: they carry no instruction of their own."""

import re

from workflow.conclusions.lexicon import alternation, shape, words
from workflow.conclusions.material import Material

_OPENER = re.compile(alternation(words("structure", "list_openers")) + r"[^.;]{0,60}$")
_OPENER_AT_END = shape("openers", "opener_at_end")
_HEAD_ONLY = shape("openers", "head_only")
_BOILERPLATE = shape("openers", "boilerplate")
_COMPLIANCE = re.compile(r"(?:triển khai|thực hiện|chấp hành)(?!\w)")
_FIELD = re.compile(r"(?:thời (?:hạn|gian)|phối hợp|sản phẩm|chủ trì)(?: \w+){0,3}$")
_NOTICE_GIVEN = re.compile(r"thông báo .{0,160}(?:biết|thực hiện)")
_LONGEST_NOTICE = 300


def only_opens(folded: str, start: int, end: int) -> bool:
    """Is there nothing here but "tập trung một số nhiệm vụ sau" or the like?"""
    rest = folded[start:end].strip()
    listed = folded[end : end + 1] == ":" or rest.endswith(":")
    shape_here = _OPENER if listed else _OPENER_AT_END
    return bool(_HEAD_ONLY.fullmatch(rest) or shape_here.search(rest.rstrip(" :.")))


def opens_list(folded: str, start: int, colon: int) -> bool:
    """Does the text before a colon introduce instructions, not a field ("thời hạn:")?"""
    text = folded[start:colon]
    if _HEAD_ONLY.fullmatch(text):
        return True
    return not _FIELD.search(text) and bool(_OPENER.search(text))


def gives_notice(folded: str) -> bool:
    """ "thông báo để các đơn vị biết, thực hiện": the closing formula."""
    return len(folded) < _LONGEST_NOTICE and "theo dõi" not in folded and bool(_NOTICE_GIVEN.search(folded))


def behind_boilerplate(material: Material, start: int, end: int) -> int:
    """ "nghiêm túc thực hiện và báo cáo …" begins at the report; alone it is nothing (`end`)."""
    found = _BOILERPLATE.match(material.folded, start, end)
    if not found or not _COMPLIANCE.search(found.group()):
        return start
    if found.end() >= end:
        return end
    joined = found.group().endswith(" và ") and material.verb_at(found.end(), end)
    return found.end() if joined else start
