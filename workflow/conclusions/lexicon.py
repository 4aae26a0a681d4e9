"""Word lists of the grammar, read from `data/` once per process."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_LIST = re.compile(r"\{([a-z]+)\.([a-z_]+)\}")
FOLDER = Path(__file__).with_name("data")


@cache
def data(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def words(name: str, key: str) -> tuple[str, ...]:
    return tuple(data(name)[key])


def alternation(entries: tuple[str, ...] | list[str]) -> str:
    """A pattern for any of the entries as whole words, the longest first."""
    longest = sorted(dict.fromkeys(entries), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(entry) for entry in longest) + r")(?!\w)"


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """Matches one entry of a list at the place where it is tried."""
    return re.compile(alternation(words(name, key)))


@cache
def finder(name: str, key: str) -> re.Pattern[str]:
    """Finds entries of a list anywhere, as whole words."""
    return re.compile(r"(?<!\w)" + alternation(words(name, key)))


@cache
def shape(step: str, name: str) -> re.Pattern[str]:
    """A pattern of `data/patterns.yaml`, there cut into lines; {list.key} stands for any entry of a word list."""
    written = data("patterns")[step][name]
    joined = written if isinstance(written, str) else "".join(written)
    return re.compile(_LIST.sub(lambda found: alternation(words(found.group(1), found.group(2))), joined))
