"""Commands whose help speaks the chosen language: their texts are written "tiếng Việt / English"."""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])
HEADINGS = {
    "vi": {
        "Options": "Tùy chọn",
        "Commands": "Lệnh",
        "Usage: ": "Cách dùng: ",
        "Show this message and exit.": "Hiện trợ giúp này rồi thoát.",
        "Show the version and exit.": "Hiện phiên bản rồi thoát.",
    },
    "en": {},
}


def language(arguments: Sequence[str]) -> str:
    """What --lang says, wherever it stands, else DONDOC_LOCALE, else Vietnamese."""
    for number, word in enumerate(arguments):
        if word == "--lang" and number + 1 < len(arguments):
            return "en" if arguments[number + 1] == "en" else "vi"
        if word == "--lang=en":
            return "en"
    return "en" if os.environ.get("DONDOC_LOCALE") == "en" else "vi"


def spoken_locale() -> str:
    """The language of the command being run; before one runs, that of the command line."""
    context = click.get_current_context(silent=True)
    runtime = context.find_object(object) if context else None
    return str(getattr(runtime, "lang", None) or language(sys.argv[1:]))


def half(text: str, locale: str) -> str:
    """The half of a bilingual text this reader wants; a text of one half is for both."""
    vi, mark, en = text.partition(" / ")
    return en if mark and locale == "en" else vi


class Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _heading(prefix or "Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(_heading(heading))

    def write_text(self, text: str) -> None:
        super().write_text(half(text, spoken_locale()))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        locale = spoken_locale()
        super().write_dl([(name, half(_heading(text), locale)) for name, text in rows], col_max, col_spacing)


def _heading(text: str) -> str:
    return HEADINGS[spoken_locale()].get(text, text)


class Context(click.Context):
    formatter_class = Formatter


class Command(click.Command):
    context_class = Context

    def get_short_help_str(self, limit: int = 45) -> str:
        return self.help or ""


class Group(click.Group):
    context_class = Context
    command_class = Command
    group_class = type

    def get_short_help_str(self, limit: int = 45) -> str:
        return self.help or ""


def as_json(function: Function) -> Function:
    """--json, on every command that only reads."""
    return click.option("--json", "as_json", is_flag=True, help="In JSON / print JSON.")(function)


def plans(function: Function) -> Function:
    """--yes and --dry-run, on commands that mail people or change much at once."""
    yes = click.option("--yes", is_flag=True, help="Không hỏi lại / do not ask.")
    dry = click.option("--dry-run", is_flag=True, help="Chỉ xem kế hoạch / show the plan only.")
    return yes(dry(function))
