"""What a reading says: facts of the document and drafts of directives, each with its evidence."""

from dataclasses import dataclass, field
from typing import Any, Literal

DocumentKind = Literal["news_report", "conclusion_notice", "inspection_conclusion"]
DeadlineKind = Literal["date", "recurring", "ongoing", "none"]
Status = Literal["stated", "inherited", "proposed", "missing"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where in the NFC source text, and by which rule."""

    rule: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of the document; `value` is None when the text does not say."""

    value: str | None
    evidence: Evidence
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An agency with a part in a directive. `registered` is False for one to be proposed for the register."""

    name: str
    evidence: Evidence
    registered: bool = True
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    kind: DeadlineKind
    due_on: str | None = None
    rrule: str | None = None
    text: str | None = None
    evidence: Evidence = field(default_factory=lambda: Evidence("không nêu thời gian"))

    def to_gold(self) -> dict[str, str | None]:
        return {"kind": self.kind, "due_on": self.due_on, "rrule": self.rrule, "text": self.text}


@dataclass(frozen=True, slots=True)
class Output:
    text: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Clarity:
    """One of the "rõ": people, work, time, responsibility, product, authority."""

    name: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person has to look at; `code` names the sentence, `facts` fill it."""

    code: str
    facts: dict[str, str]
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class DirectiveDraft:
    """One instruction. `text` is the passage, `wording` the same with abbreviations written out."""

    start: int
    end: int
    text: str
    wording: str
    lead: tuple[Party, ...]
    coordinating: tuple[Party, ...]
    deadline: Deadline
    output: Output | None
    item: str
    evidence: Evidence
    order: Evidence
    clarities: tuple[Clarity, ...] = ()
    flags: tuple[Flag, ...] = ()

    def to_gold(self) -> dict[str, Any]:
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "lead": [party.name for party in self.lead if party.registered],
            "coordinating": [party.name for party in self.coordinating if party.registered],
            "deadline": self.deadline.to_gold(),
            "output": self.output.text if self.output else None,
        }


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that gives no instruction, and what it is instead."""

    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    facts: dict[str, Fact]
    directives: tuple[DirectiveDraft, ...]
    passages: tuple[Passage, ...]
    abbreviations: dict[str, str]
    flags: tuple[Flag, ...]

    def to_gold(self) -> dict[str, Any]:
        """Exactly the annotation format of the directive corpus."""
        return {
            "document": {name: fact.value for name, fact in self.facts.items()},
            "directives": [directive.to_gold() for directive in self.directives],
        }
