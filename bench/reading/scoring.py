"""How well a reading agrees with an annotation; the measures are described in docs/explanation/reading.md."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from workflow.conclusions.folding import key

Gold = dict[str, Any]
HALF = 0.5
_WORD = re.compile(r"\w+")
_TITLE = re.compile(r"^(?:đồng chí|đ/c|ông|bà) ")


@dataclass(slots=True)
class Tally:
    """Counts over any number of documents."""

    documents: int = 0
    wanted: int = 0
    found: int = 0
    matched: int = 0
    leads: int = 0
    helpers_shared: int = 0
    helpers_named: int = 0
    deadlines: int = 0
    wrong_dates: int = 0
    outputs: int = 0
    complete: int = 0
    facts: int = 0
    facts_asked: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def figures(self) -> dict[str, float]:
        """The figures reported; a ratio over nothing counts as right."""
        return {
            "precision": _ratio(self.matched, self.found),
            "recall": _ratio(self.matched, self.wanted),
            "f1": _ratio(2 * self.matched, self.wanted + self.found),
            "lead": _ratio(self.leads, self.matched),
            "coordinating": _ratio(2 * self.helpers_shared, self.helpers_named),
            "deadline": _ratio(self.deadlines, self.matched),
            "output": _ratio(self.outputs, self.matched),
            "complete": _ratio(self.complete, self.wanted),
            "fields": _ratio(self.facts, self.facts_asked),
        }

    def as_row(self) -> dict[str, float]:
        return {**asdict(self), **self.figures()}


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def score(text: str, gold: Gold, answer: Gold) -> Tally:
    """Compare one answer with its annotation over the NFC `text` both refer to."""
    starts = [found.start() for found in _WORD.finditer(text)]
    tally = Tally(documents=1, wanted=len(gold["directives"]), found=len(answer["directives"]))
    for want, got in pair(gold["directives"], answer["directives"], starts):
        tally += _agreement(want, got)
    asked = gold["document"]
    tally.facts_asked = len(asked)
    tally.facts = sum(_same_fact(name, asked[name], answer["document"].get(name)) for name in asked)
    return tally


def pair(wanted: list[Gold], found: list[Gold], starts: list[int]) -> list[tuple[Gold, Gold]]:
    """One-to-one pairs that share at least half of their words, the closest first."""
    spans = [[_words(d, starts) for d in side] for side in (wanted, found)]
    ranked = sorted(
        ((_overlap(a, b), i, j) for i, a in enumerate(spans[0]) for j, b in enumerate(spans[1])),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    pairs: dict[int, int] = {}
    for overlap, i, j in ranked:
        if overlap >= HALF and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(wanted[i], found[j]) for i, j in sorted(pairs.items())]


def _words(directive: Gold, starts: list[int]) -> set[int]:
    return {start for start in starts if directive["start"] <= start < directive["end"]}


def _overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _agreement(want: Gold, got: Gold) -> Tally:
    lead = _names(want["lead"]) == _names(got["lead"])
    helpers, answered = _names(want["coordinating"]), _names(got["coordinating"])
    time = due(want["deadline"]) == due(got["deadline"])
    claimed = due(got["deadline"])
    return Tally(
        matched=1,
        leads=lead,
        helpers_shared=len(helpers & answered),
        helpers_named=len(helpers) + len(answered),
        deadlines=time,
        wrong_dates=not time and claimed[0] == "date" and claimed[1] is not None,
        outputs=bool(want["output"]) == bool(got["output"]),
        complete=lead and time and helpers == answered,
    )


def _names(names: list[str]) -> set[str]:
    return {key(name) for name in names}


def due(deadline: Gold) -> tuple[str, Any]:
    """What must agree: the kind, and the day or the rhythm (whatever the order of its parts)."""
    kind = deadline["kind"]
    if kind == "date":
        return kind, deadline["due_on"]
    if kind != "recurring":
        return kind, None
    parts = (part.split("=") for part in (deadline["rrule"] or "").split(";") if "=" in part)
    return kind, frozenset((name, frozenset(value.split(","))) for name, value in parts)


def _same_fact(name: str, want: str | None, got: str | None) -> bool:
    if want is None or got is None:
        return want is got
    if name == "topic":
        return _overlap(*(set(map(hash, _WORD.findall(key(value)))) for value in (want, got))) >= HALF
    if name == "chair":
        return _TITLE.sub("", key(want)) == _TITLE.sub("", key(got))
    return key(want) == key(got)
