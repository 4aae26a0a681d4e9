"""Text of an HTML page: one line per block, list items marked, nothing that is not shown."""

from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "table",
        "tr",
        "td",
        "th",
        "article",
        "section",
        "main",
        "blockquote",
        "pre",
        "figure",
        "dt",
        "dd",
        "hr",
        "body",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "aside",
        "form",
        "iframe",
        "button",
        "select",
        "title",
        "svg",
        "head",
    ]
)
_DEEPEST = 5000


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.silent: list[str] = []
        self.lists: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent.append(tag)
        if tag in _BLOCKS:
            self._break()
        if tag in {"ol", "ul"} and len(self.lists) < _DEEPEST:
            start = dict(attrs).get("start") or "1"
            self.lists.append((int(start) if start.isdigit() else 1) if tag == "ol" else 0)
        if tag == "li":
            self.lines[-1] = self._mark()

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag in self.silent:
            del self.silent[self.silent.index(tag) :]
        if tag in _BLOCKS:
            self._break()
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            words = " ".join(data.split())
            before = " " if data[:1].isspace() and self.lines[-1] else ""
            after = " " if data[-1:].isspace() and words else ""
            self.lines[-1] += before + words + after

    def _mark(self) -> str:
        """An ordered item shows its number, as on the page."""
        if not self.lists or self.lists[-1] == 0:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1] - 1}. "

    def _break(self) -> None:
        if self.lines[-1].strip():
            self.lines.append("")


def text_of(data: bytes) -> str:
    reader = _Text()
    reader.feed(data.decode("utf-8", "replace"))
    reader.close()
    return "\n".join(" ".join(line.split()) for line in reader.lines if line.strip())
