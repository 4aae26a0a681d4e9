import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from jinja2 import Template
from jinja2.runtime import Context

from notifications.payload import Letter
from notifications.sandbox import Phrases, Said, sandbox

LOCALES = ("vi", "en")
SUBJECT_LENGTH = 78
SHORTEST_TITLE = 16

# Stands in the subject for the title until the room that is left for it is known.
TITLE_MARK = "\ue000"

SENTENCES = tuple(one.name for one in fields(Said))
_NOT_ON_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    preheader: str
    text: str
    html: str


class Renderer:
    """Holds every template compiled; `overrides` maps paths such as `vi/reminder/subject.txt` to texts."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._environment = sandbox(overrides or {})
        self._kinds: dict[str, _Kind] = {}

    def render(self, letter: Letter) -> Rendered:
        folder = folder_of(letter)
        kind = self._kinds.get(folder) or self._load(folder)
        facts = self._environment.globals | _facts(letter, self._words)
        of_text = kind.text.new_context(facts, shared=True)
        said = Said(*[_sentence(kind.sentences.get(name), of_text) for name in SENTENCES])
        facts["said"] = said
        return Rendered(
            subject=fit_subject(
                _written(kind.subject, kind.subject.new_context(facts, shared=True)), _title(letter)
            ),
            preheader=one_line(said.preheader),
            text=_BLANK_LINES.sub("\n\n", _written(kind.text, of_text)).strip() + "\n",
            html=_written(kind.html, kind.html.new_context(facts, shared=True)),
        )

    def _load(self, folder: str) -> "_Kind":
        get = self._environment.get_template
        text = get(f"{folder}/body.txt")
        kind = _Kind(get(f"{folder}/subject.txt"), text, get(f"{folder}/body.html"), text.blocks)
        self._kinds[folder] = kind
        return kind

    def _words(self, locale: str) -> Phrases:
        return Phrases(self._environment.get_template(f"{locale}/words.txt").module)


@dataclass(frozen=True, slots=True)
class _Kind:
    subject: Template
    text: Template
    html: Template
    sentences: Mapping[str, Any]


@cache
def shipped() -> Renderer:
    return Renderer()


def render(letter: Letter) -> Rendered:
    """The letter in the words that come with the product."""
    return shipped().render(letter)


def one_line(text: str) -> str:
    """Folds line breaks, control and direction characters, and runs of spaces into single spaces."""
    return " ".join(_NOT_ON_A_LINE.sub(" ", text).split())


def shorten(text: str, length: int) -> str:
    """Cuts at a word and says so with an ellipsis."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;:.") + "…"


def fit_subject(subject: str, title: str) -> str:
    """One line; the title gives way so that the facts around it keep their place."""
    before, mark, after = one_line(subject).partition(TITLE_MARK)
    if not mark:
        return before
    room = max(SHORTEST_TITLE, SUBJECT_LENGTH - len(before) - len(after))
    return (before + shorten(one_line(title), room) + after).replace(TITLE_MARK, "")


def _facts(letter: Letter, words: Callable[[str], Phrases]) -> dict[str, Any]:
    shown = letter.shown
    of_its_kind = letter.of_its_kind
    dates = [line.due_on for line in of_its_kind if line.due_on]
    own = words(letter.locale)
    return {
        "letter": letter,
        "shown": shown,
        "n": len(of_its_kind),
        "late": max((line.late_days for line in of_its_kind), default=0),
        "level": max((line.level or 0 for line in of_its_kind), default=0),
        "nearest": min(dates, default=""),
        "to_delegation": letter.addressee == letter.delegation_name,
        "own_agency": all(line.agency == letter.addressee for line in of_its_kind),
        "contributes": bool(of_its_kind) and all(line.obligation == "contribute" for line in of_its_kind),
        "one": shown[0] if letter.count == 1 else None,
        "words": own,
        "english": own if letter.locale == "en" else words("en"),
        "weekly": letter.weekly,
        "title": TITLE_MARK,
    }


def folder_of(letter: Letter) -> str:
    """The templates a letter is written with. The bare one has its own, whatever its kind."""
    return f"{letter.locale}/{'bare' if letter.is_bare else letter.kind.value}"


def _title(letter: Letter) -> str:
    return letter.shown[0].title if letter.shown else ""


def _written(template: Template, context: Context) -> str:
    return "".join(template.root_render_func(context))


def _sentence(block: Any, context: Context) -> str:
    return " ".join("".join(block(context)).split()) if block else ""
