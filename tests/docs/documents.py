"""Our documents as a reader uses them: files to write, commands to type, what should appear.

A fence named after a file (```yaml register.yaml) is that file. In a ```console fence a line that begins
with `$ ` is typed; the line after it, if it begins with `…`, is part of what must be printed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\S*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MENTION = re.compile(r"(?:^ {4}|^\$ |^|&& |\$\(|`)(?:\.venv/bin/)?dondoc (?!unix )([^`\n#&)]*)", re.MULTILINE)


@dataclass(frozen=True)
class File:
    name: str
    text: str


@dataclass(frozen=True)
class Typed:
    command: str
    appears: tuple[str, ...]


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def steps(page: Path) -> Iterator[File | Typed]:
    """In the order of the page. Other fences are for reading only."""
    for kind, name, body in FENCE.findall(page.read_text(encoding="utf-8")):
        if kind == "console":
            yield from _typed(body.splitlines())
        elif name:
            yield File(name, body)


def _typed(lines: list[str]) -> Iterator[Typed]:
    for number, line in enumerate(lines):
        if line.startswith("$ "):
            shown = []
            for after in lines[number + 1 :]:
                if not after.startswith("…"):
                    break
                shown.append(after.removeprefix("…").strip())
            yield Typed(line.removeprefix("$ "), tuple(shown))


def mentions(page: Path) -> list[str]:
    """Every command the page speaks of, in prose, in blocks or typed; Postfix has a line that begins like ours."""
    return [found.strip() for found in MENTION.findall(page.read_text(encoding="utf-8"))]
