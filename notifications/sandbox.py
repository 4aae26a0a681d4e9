"""The walls around edited templates, and the short ways through them for what is known to be harmless.

A letter asks for some two hundred facts. Our own payloads hold nothing but facts and cannot be changed, so a
template is compiled to take them directly; whatever else it asks for, and every name that begins with an
underscore, goes through the full checks of the sandbox.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateRuntimeError
from jinja2.runtime import Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from notifications.kinds import MailKind
from notifications.payload import Decision, Letter, Line

TEMPLATES = Path(__file__).parent / "templates"

_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_OF_THE_CALLER = frozenset({"_block_vars", "_loop_vars"})  # what a compiled call adds by itself
_MARKUP = re.compile(r"[&<>'\"]")
_PHRASES = ("words", "english")  # by these names templates know the sentences of words.txt


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences of a kind, written once in its body.txt; the HTML part shows the same ones."""

    preheader: str
    heading: str
    opening: str
    request: str
    button: str
    note: str
    reason: str
    summary: str


@dataclass(slots=True)
class Phrases:
    """The words.txt of a locale for one letter: what was said of a line is not put together again."""

    module: TemplateModule
    said: dict[tuple[object, ...], tuple[str, object]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name)


_PLAIN = frozenset({Letter, Line, MailKind, Decision, Said})
_UNCHANGING = _PLAIN | {str, int, bool, date}


def _names(plain: type) -> set[str]:
    """The facts of a payload: what may be read of it, and nothing that may be called."""
    own = {name for name, value in vars(plain).items() if isinstance(value, property | cached_property)}
    return own | ({one.name for one in fields(plain)} if plain is not MailKind else set())


_KNOWN: dict[str, frozenset[type]] = {
    name: frozenset(plain for plain in _PLAIN if name in _names(plain))
    for name in set().union(*map(_names, _PLAIN))
}


class _Compiler(CodeGenerator):
    """Writes the question for a known fact, and the output of a plain text, without a call."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        if node.attr not in _KNOWN:
            super().visit_Getattr(node, frame)
            return
        self.write(f"(_of.{node.attr} if type(_of := ")
        self.visit(node.node, frame)
        self.write(f") in environment.known[{node.attr!r}] else environment.getattr(_of, {node.attr!r}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        phrase = node.node
        if not _is_phrase(phrase) or node.kwargs or node.dyn_args or node.dyn_kwargs or forward_caller:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.phrase(context, ")
        self.visit(phrase.node, frame)
        self.write(f", {phrase.attr!r}")
        self.signature(node, frame)
        self.write(")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.shown(" if frame.eval_ctx.autoescape else "(_out if type(_out := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(")" if frame.eval_ctx.autoescape else ") is str else environment.written(_out))")


def _is_phrase(node: nodes.Node) -> TypeGuard[nodes.Getattr]:
    return (
        isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in _PHRASES
    )


class Sandbox(ImmutableSandboxedEnvironment):
    code_generator_class = _Compiler
    known = _KNOWN

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is Phrases:
            obj = obj.module
        if type(obj) is TemplateModule and attribute[0] != "_":
            found = vars(obj).get(attribute)
            return self.undefined(obj=obj, name=attribute) if found is None else found
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A sentence from words.txt stays plain text, so that the HTML part escapes what is in it."""
        if type(obj) is not Macro:
            return super().call(context, obj, *args, **kwargs)
        if len(args) == len(obj.arguments) and not (obj.catch_varargs or obj.catch_kwargs or obj.caller):
            return obj._invoke(list(args), obj._default_autoescape)  # nothing is left to be sorted out
        return obj(*args, **{name: value for name, value in kwargs.items() if name not in _OF_THE_CALLER})

    def phrase(self, context: Context, words: Any, name: str, *args: Any) -> Any:
        """What is said twice of the same unchanging things is put together once."""
        if type(words) is not Phrases:
            return self.call(context, self.getattr(words, name), *args)
        key = (name, *map(id, args))
        kept = words.said.get(key)
        if kept is not None:
            return kept[0]
        text = self.call(context, self.getattr(words, name), *args)
        if type(text) is str and _UNCHANGING.issuperset(map(type, args)):
            words.said[key] = text, args  # holding them, so that no other thing gets their ids
        return text

    def written(self, value: Any) -> str:
        return str(_present(value))

    def shown(self, value: Any) -> str:
        if type(value) is str:
            return value if _MARKUP.search(value) is None else escape(value)
        return escape(_present(value))


def sandbox(overrides: Mapping[str, str]) -> Sandbox:
    loader: BaseLoader = FileSystemLoader(TEMPLATES)
    if overrides:
        edited = FunctionLoader(lambda path: _edited(overrides, path))
        loader = ChoiceLoader([edited, loader])
    environment = Sandbox(
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


def _present(value: Any) -> Any:
    if value is None:
        raise TemplateRuntimeError("a fact of this letter is missing where a template writes it")
    return value


@lru_cache(maxsize=1024)
def _day(value: date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


def _two_digits(count: int) -> str:
    """Letters write counts below ten with a leading zero."""
    return f"{count:02}"


def _weekday(value: date, locale: str) -> str:
    return _WEEKDAYS[locale][value.weekday()]


def _size(count: int) -> str:
    return f"{max(1, round(count / 1000))} kB"
