"""YAML that knows its places: a strict subset, read as text so that no value changes its type on the way.

Anchors, aliases, tags, tabs, several documents, deep nesting and large files are refused before anything is
built. Reading goes on after a fault, with a harmless stand-in, so that all faults come out together.
"""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any

import yaml

from workflow.findings import FileInvalid, Finding, reason

MAX_CHARACTERS = 200_000
MAX_DEPTH = 12
MAX_DIGITS = 10
BOOLEAN_WORDS = frozenset({"yes", "no", "on", "off", "y", "n", "true", "false"})
WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
LEADING_ZERO = re.compile(r"[+-]?0[0-9]+")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Source:
    """One file while it is read, and what was found wrong so far."""

    def __init__(self, text: str, name: str, limit: int = MAX_CHARACTERS) -> None:
        self.text = text
        self.name = name
        self.limit = limit
        self.findings: list[Finding] = []

    def root(self, refusal: type[FileInvalid]) -> "Cell":
        """The top of the file. Raises `refusal` when the text is not YAML of our subset."""
        self._check_size_and_tabs()
        self.stop_if_wrong(refusal)
        node = None
        try:
            self._check_events()
            node = None if self.findings else yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            self._note_syntax(error)
        if node is None and not self.findings:
            self._note(1, 1, "", reason("empty"))
        self.stop_if_wrong(refusal)
        return Cell(self, node, "")

    def stop_if_wrong(self, refusal: type[FileInvalid]) -> None:
        if self.findings:
            raise refusal(self.name, self.findings)

    def note(self, mark: Any, field: str, value: str, why: dict[str, str], example: str = "") -> None:
        finding = Finding(mark.line + 1, mark.column + 1, field, value[:80], why, example)
        self.findings.append(finding)

    def _note(self, line: int, column: int, value: str, why: dict[str, str], example: str = "") -> None:
        self.findings.append(Finding(line, column, "", value, why, example))

    def _check_size_and_tabs(self) -> None:
        if len(self.text) > self.limit:
            self._note(1, 1, "", reason("too_big", size=len(self.text), limit=self.limit))
            return
        for number, line in enumerate(self.text.splitlines(), start=1):
            indent = line[: len(line) - len(line.lstrip())]
            if "\t" in indent:
                self._note(number, indent.index("\t") + 1, "", reason("tab"), "  cap: 500")

    def _check_events(self) -> None:
        depth = documents = 0
        for event in yaml.parse(self.text, Loader=yaml.SafeLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            fault = _fault_of(event, depth, documents)
            if fault:
                self.note(event.start_mark, "", "", fault)
            if depth > MAX_DEPTH:
                return

    def _note_syntax(self, error: yaml.YAMLError) -> None:
        if isinstance(error, yaml.reader.ReaderError):
            before = self.text[: error.position]
            line, column = before.count("\n") + 1, error.position - before.rfind("\n")
            self._note(line, column, "", reason("control", code=error.character))
        elif isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
            mark = error.problem_mark
            self._note(mark.line + 1, mark.column + 1, "", reason("syntax", problem=error.problem))


def _fault_of(event: yaml.Event, depth: int, documents: int) -> dict[str, str] | None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return reason("alias")
    if getattr(event, "tag", None):
        return reason("tag")
    if depth > MAX_DEPTH:
        return reason("deep", limit=MAX_DEPTH)
    if documents > 1 and isinstance(event, yaml.DocumentStartEvent):
        return reason("documents")
    return None


class Cell:
    """One value with its place. A value that is absent or wrong reads as a harmless stand-in."""

    def __init__(self, source: Source, node: yaml.Node | None, field: str) -> None:
        self.source = source
        self.node = node
        self.field = field
        self.faulty = False

    @property
    def given(self) -> bool:
        return self.node is not None

    def wrong(self, code: str, /, example: str = "", **facts: object) -> None:
        """Note a fault of this value; nothing when the value is absent, as that was noted already."""
        self.faulty = True
        if self.node is not None:
            shown = self.node.value if isinstance(self.node, yaml.ScalarNode) else ""
            self.source.note(self.node.start_mark, self.field, shown, reason(code, **facts), example)

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, "Cell"]:
        """The named fields, absent ones as empty cells; unknown, missing and repeated keys are noted."""
        required, known = tuple(required), (*required, *optional)
        found = dict(self.entries(known))
        for key in required:
            if self.given and key not in found:
                self.wrong("missing", key=key)
        return {key: found.get(key, Cell(self.source, None, self._path(key))) for key in known}

    def entries(self, known: tuple[str, ...] | None = None) -> list[tuple[str, "Cell"]]:
        """The key: value pairs in the order of the file."""
        if self.node is not None and not isinstance(self.node, yaml.MappingNode):
            self.wrong("not_mapping")
        if not isinstance(self.node, yaml.MappingNode):
            return []
        first_lines: dict[str, int] = {}
        pairs = []
        for key_node, value_node in self.node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if self._takes(key, key_node, known, first_lines):
                pairs.append((key, Cell(self.source, value_node, self._path(key))))
        return pairs

    def _takes(
        self, key: str, node: yaml.Node, known: tuple[str, ...] | None, first_lines: dict[str, int]
    ) -> bool:
        if key in first_lines:
            why = reason("duplicate_key", first=first_lines[key])
        elif known is not None and key not in known:
            why = reason("unknown_key", allowed=", ".join(known))
        else:
            first_lines[key] = node.start_mark.line + 1
            return True
        self.source.note(node.start_mark, self._path(key), key, why)
        return False

    def _path(self, key: str) -> str:
        return f"{self.field}.{key}" if self.field else key

    def items(self, least: int = 0) -> list["Cell"]:
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong("not_list", example="[a, b]")
            return []
        if len(self.node.value) < least:
            self.wrong("empty_list")
        return [Cell(self.source, node, f"{self.field}[{n}]") for n, node in enumerate(self.node.value)]

    def text(self, default: str = "") -> str:
        if self.node is None:
            return default
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            self.wrong("not_text")
            return default
        if self.node.style is None and self.node.value.lower() in BOOLEAN_WORDS:
            self.wrong("read_as_boolean", example=f'"{self.node.value}"')
        return str(self.node.value)

    def raw(self) -> str:
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    def word(self, allowed: Iterable[str], example: str = "") -> str:
        """One of the allowed words; the first of them stands in for a wrong one."""
        words = tuple(allowed)
        raw = self.raw()
        if raw in words:
            return raw
        code = "read_as_boolean" if raw.lower() in BOOLEAN_WORDS else "not_allowed"
        self.wrong(code, example=example or words[0], allowed=", ".join(words))
        return words[0]

    def integer(self, low: int, high: int, default: int | None = None) -> int:
        """A decimal whole number in low..high."""
        stand_in = low if default is None else default
        raw = self.raw()
        if self.node is None:
            return stand_in
        if not WHOLE.fullmatch(raw):
            zero = LEADING_ZERO.fullmatch(raw) is not None
            bare = (raw.lstrip("+-0") or "0")[:MAX_DIGITS]
            self.wrong("leading_zero" if zero else "not_integer", example=bare if zero else str(stand_in))
            return stand_in
        if len(raw) > MAX_DIGITS or not low <= int(raw) <= high:
            self.wrong("out_of_range", example=str(stand_in), low=low, high=high)
            return stand_in
        return int(raw)

    def boolean(self, default: bool) -> bool:
        raw = self.raw()
        if raw not in ("true", "false"):
            self.wrong("read_as_boolean" if raw.lower() in BOOLEAN_WORDS else "not_boolean", example="true")
            return default
        return raw == "true"

    def clock(self) -> time:
        match = CLOCK.fullmatch(self.raw())
        if match is None:
            self.wrong("not_clock", example='"08:00"')
            return time(0)
        return time(int(match[1]), int(match[2]))

    def day(self) -> date:
        try:
            if DATE.fullmatch(self.raw()):
                return date.fromisoformat(self.raw())
        except ValueError:
            pass
        self.wrong("not_date", example="2026-01-02")
        return date.min

    def titles(self) -> dict[str, str]:
        """A text in both languages."""
        cells = self.fields(("vi", "en"))
        return {locale: cell.text() for locale, cell in cells.items()}
