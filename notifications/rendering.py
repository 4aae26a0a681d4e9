import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.kinds import MailKind
from notifications.payload import Decision, Letter, Line

TEMPLATES = Path(__file__).parent / "templates"
LOCALES = ("vi", "en")
SUBJECT_LENGTH = 78
SHORTEST_TITLE = 16

# Stands in the subject for the title until the room that is left for it is known.
TITLE_MARK = "\ue000"

# The sentences of a kind are written once, in its body.txt; the HTML part shows the same ones.
SENTENCES = ("preheader", "heading", "opening", "request", "button", "note", "reason", "summary")

_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_PLAIN = frozenset({Letter, Line, MailKind, Decision, SimpleNamespace, TemplateModule})
_OF_THE_CALLER = frozenset({"_block_vars", "_loop_vars"})  # what a compiled call adds by itself
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
        self._environment = _environment(overrides or {})
        self._kinds: dict[str, _Kind] = {}

    def render(self, letter: Letter) -> Rendered:
        folder = folder_of(letter)
        kind = self._kinds.get(folder) or self._load(folder)
        facts = _facts(letter, self._words)
        context = kind.text.new_context(facts, shared=True)
        said = {name: _sentence(kind.sentences.get(name), context) for name in SENTENCES}
        facts["said"] = SimpleNamespace(**said)
        return Rendered(
            subject=fit_subject(kind.subject.render(facts), _title(letter)),
            preheader=one_line(said["preheader"]),
            text=_BLANK_LINES.sub("\n\n", kind.text.render(facts)).strip() + "\n",
            html=kind.html.render(facts),
        )

    def _load(self, folder: str) -> "_Kind":
        get = self._environment.get_template
        text = get(f"{folder}/body.txt")
        kind = _Kind(get(f"{folder}/subject.txt"), text, get(f"{folder}/body.html"), text.blocks)
        self._kinds[folder] = kind
        return kind

    def _words(self, locale: str) -> Any:
        return self._environment.get_template(f"{locale}/words.txt").module


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


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, which asks no further questions about our own frozen payloads.

    They hold nothing but facts, and the full check of every attribute took more than half of the
    time of a mail. Names that begin with an underscore still take the long way, and are refused.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) in _PLAIN and attribute[0] != "_":
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A sentence from words.txt stays plain text, so that the HTML part escapes what is in it."""
        if type(obj) is Macro:
            named = {name: value for name, value in kwargs.items() if name not in _OF_THE_CALLER}
            return obj(*args, **named)
        return super().call(context, obj, *args, **kwargs)


def _environment(overrides: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    loader: BaseLoader = FileSystemLoader(TEMPLATES)
    if overrides:
        edited = FunctionLoader(lambda path: _edited(overrides, path))
        loader = ChoiceLoader([edited, loader])
    environment = _Sandbox(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        finalize=_present,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters.update(
        day=_day, two=_two_digits, weekday=_weekday, moment=lambda at: f"{at:%H:%M, %d/%m/%Y}", size=_size
    )
    return environment


def _edited(overrides: Mapping[str, str], path: str) -> tuple[str, str, Callable[[], bool]] | None:
    """Named by its path, so that a fault in it is found by file and line."""
    return (overrides[path], path, lambda: True) if path in overrides else None


def _facts(letter: Letter, words: Any) -> dict[str, Any]:
    shown = letter.shown
    of_its_kind = letter.of_its_kind
    dates = [line.due_on for line in of_its_kind if line.due_on]
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
        "words": words(letter.locale),
        "english": words("en"),
        "weekly": letter.weekly,
        "title": TITLE_MARK,
    }


def folder_of(letter: Letter) -> str:
    """The templates a letter is written with. The bare one has its own, whatever its kind."""
    return f"{letter.locale}/{'bare' if letter.is_bare else letter.kind.value}"


def _title(letter: Letter) -> str:
    return letter.shown[0].title if letter.shown else ""


def _sentence(block: Any, context: Context) -> str:
    return " ".join("".join(block(context)).split()) if block else ""


def _present(value: Any) -> Any:
    if value is None:
        raise TemplateRuntimeError("a fact of this letter is missing where a template writes it")
    return value


def _day(value: date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def _two_digits(count: int) -> str:
    """Letters write counts below ten with a leading zero."""
    return f"{count:02}"


def _weekday(value: date, locale: str) -> str:
    return _WEEKDAYS[locale][value.weekday()]


def _size(count: int) -> str:
    return f"{max(1, round(count / 1000))} kB"
