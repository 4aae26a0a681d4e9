"""The person whose conclusions a document reports: a name, or the office when no name is given."""

import re
from dataclasses import dataclass

from workflow.conclusions.folding import fold
from workflow.conclusions.lexicon import shape
from workflow.conclusions.material import Material

_CAPITALS = "".join(char for char in map(chr, range(0x1EFA)) if char.isupper())
_UPPER = rf"[{_CAPITALS}][^\W\d_]*"
_NAME = rf"(?P<name>{_UPPER}(?: {_UPPER}){{1,4}})"
_OFFICE = shape("people", "office").pattern
_TITLED = re.compile(rf"(?:[Đđ]ồng chí|[Đđ]/c|[Ôô]ng|[Bb]à) (?:{_OFFICE} )?{_NAME}")
_OFFICE_NAMED = re.compile(rf"{_OFFICE} {_NAME}")
_OFFICE_ONLY = re.compile(
    rf"(?:[Đđ]ồng chí )?(?P<name>{_OFFICE})(?= (?:đã )?(?:chủ trì|kết luận|dự và chủ trì|họp|làm việc|kiểm tra))"
)
_NOT_NAMES = shape("people", "not_names")
_CHAIRED = shape("people", "chaired")
_NEAR = 200


@dataclass(frozen=True, slots=True)
class Chair:
    start: int
    end: int
    rule: str


def find_chair(
    material: Material, blocks: list[tuple[int, int]], territory: tuple[str, str] | None, named_first: bool
) -> Chair | None:
    """The named person near "chủ trì", "Trưởng đoàn"; else the office, or with `named_first` the first name."""
    text = material.view.text
    named = [
        name
        for start, end in blocks
        for shape in (_TITLED, _OFFICE_NAMED)
        for found in shape.finditer(text, start, end)
        if (name := _person(found, territory))
    ]
    for start, end in named:
        if _CHAIRED.search(material.folded, max(start - 60, 0), min(len(text), end + _NEAR)) and not _third(
            material.folded, start
        ):
            return Chair(start, end, "tên người chủ trì")
    first = next((name for name in named if not _third(material.folded, name[0])), None)
    if named_first and first:
        return Chair(*first, "tên người được nêu đầu tiên")
    for start, end in blocks:
        office = _OFFICE_ONLY.search(text, start, end)
        if office:
            return Chair(office.start("name"), office.end("name"), "chức danh người chủ trì, không nêu tên")
    return Chair(*first, "tên người được nêu đầu tiên") if first else None


def _third(folded: str, start: int) -> bool:
    return (
        folded[max(0, start - 60) : start]
        .rstrip()
        .endswith(("tham dự có đồng chí", "cùng dự có đồng chí", "cùng dự có ông", "cùng dự có bà"))
    )


def _person(found: re.Match[str], territory: tuple[str, str] | None) -> tuple[int, int] | None:
    """Positions of the name without an office or the place that may stand before it."""
    start, end = found.span("name")
    name = found.group("name")
    if _NOT_NAMES.match(name):
        return None
    if territory and fold(name).startswith(territory[1]):
        start += len(territory[1]) + 1
    return (start, end) if end - start > 3 and " " in found.string[start:end] else None
