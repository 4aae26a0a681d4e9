"""A reading in words: every value with the passage it came from and the rule that took it."""

from collections.abc import Iterator
from typing import Any

from workflow.conclusions.folding import squeeze
from workflow.conclusions.lexicon import data
from workflow.conclusions.reading import Deadline, DirectiveDraft, Evidence, Fact, Flag, Party, Reading

_LONGEST_QUOTE = 160


def explain(reading: Reading, locale: str = "vi") -> list[str]:
    """Lines for a person; facts first, then one paragraph per draft, then what was left out."""
    return [*_facts(reading, locale), *_drafts(reading, locale), *_rest(reading, locale)]


def explain_draft(draft: DirectiveDraft, number: int, locale: str = "vi") -> list[str]:
    return list(_draft(draft, number, locale))


def flag_text(flag: Flag, locale: str = "vi") -> str:
    return str(data("sentences")["flags"][flag.code][locale]).format(**flag.facts)


def _label(name: str, locale: str) -> str:
    return str(data("sentences")["labels"][name][locale])


def _value(name: str, locale: str) -> str:
    known: dict[str, Any] = data("sentences")["values"]
    return str(known[name][locale]) if name in known else name


def _where(evidence: Evidence, locale: str) -> str:
    place = ""
    if evidence.start is not None:
        place = f"; {_label('characters', locale)} {evidence.start}-{evidence.end}"
    return f"[{evidence.rule}{place}]"


def _facts(reading: Reading, locale: str) -> Iterator[str]:
    for name, fact in reading.facts.items():
        yield f"{_label(name, locale)}: {_fact(fact, locale)} {_where(fact.evidence, locale)}"
    if reading.abbreviations:
        known = "; ".join(f"{short} = {full}" for short, full in reading.abbreviations.items())
        yield f"{_label('abbreviations', locale)}: {known}"
    yield from (f"! {flag_text(flag, locale)}" for flag in reading.flags)


def _fact(fact: Fact, locale: str) -> str:
    return squeeze(_value(fact.value, locale)) if fact.value else _label("nothing", locale)


def _drafts(reading: Reading, locale: str) -> Iterator[str]:
    for number, draft in enumerate(reading.directives, 1):
        yield ""
        yield from _draft(draft, number, locale)


def _draft(draft: DirectiveDraft, number: int, locale: str) -> Iterator[str]:
    item = f" ({_label('item', locale)} {draft.item})" if draft.item else ""
    yield f"{_label('directive', locale)} {number}{item}: {draft.wording}"
    yield f"  {_label('order', locale)}: {_where(draft.order, locale)}; {_where(draft.evidence, locale)}"
    yield from _parties("lead", draft.lead, locale)
    yield from _parties("coordinating", draft.coordinating, locale)
    yield f"  {_label('deadline', locale)}: {_deadline(draft.deadline, locale)}"
    if draft.output:
        yield f"  {_label('output', locale)}: {draft.output.text} {_where(draft.output.evidence, locale)}"
    clear = ", ".join(f"{clarity.name}: {_value(clarity.status, locale)}" for clarity in draft.clarities)
    yield f"  {_label('clarity', locale)}: {clear}"
    yield from (f"  ! {flag_text(flag, locale)}" for flag in draft.flags)


def _parties(name: str, parties: tuple[Party, ...], locale: str) -> Iterator[str]:
    for party in parties:
        yield f"  {_label(name, locale)}: {squeeze(party.name)} {_where(party.evidence, locale)}"
    if not parties and name == "lead":
        yield f"  {_label(name, locale)}: {_label('nothing', locale)}"


def _deadline(deadline: Deadline, locale: str) -> str:
    value = deadline.due_on or deadline.rrule or ""
    quoted = f'"{deadline.text}"' if deadline.text else ""
    parts = [_value(deadline.kind, locale), value, quoted, _where(deadline.evidence, locale)]
    return " ".join(part for part in parts if part)


def _rest(reading: Reading, locale: str) -> Iterator[str]:
    if not reading.passages:
        return
    yield ""
    yield f"{_label('left_out', locale)}:"
    for passage in reading.passages:
        quoted = squeeze(passage.text)
        short = quoted if len(quoted) <= _LONGEST_QUOTE else quoted[: _LONGEST_QUOTE - 1] + "…"
        yield f"  - {passage.label}: {short}"
