"""Headings and items: what a block inherits from those above it."""

import re
from dataclasses import dataclass, field

from workflow.conclusions.lexicon import finder, words
from workflow.conclusions.reading import Evidence, Party
from workflow.conclusions.view import Block, View

RESULTS, TASKS, NEUTRAL = "results", "tasks", "neutral"
_RESULTS = finder("structure", "results_headings")
_TASKS = finder("structure", "tasks_headings")
_WEAK_RESULTS = frozenset({"kết luận", "trách nhiệm", "đánh giá", "tình hình", "khó khăn"})
_DONE = re.compile(r"(?<!\w)đã (?:thực hiện|làm|đạt|triển khai|hoàn thành)|đạt được|làm được")
_CLOSING = re.compile(
    r"(?:" + "|".join(re.escape(word) for word in words("structure", "closings")) + r")(?!\w)"
)
_END = re.compile(r"[.;!?…][\"')]*$|\./\.$")
_LONGEST_HEADING = 150


@dataclass(slots=True)
class Order:
    """Who is addressed from here on; `open` says that a bare verb is an instruction."""

    parties: list[Party] = field(default_factory=list)
    open: bool = False
    rule: str = "không nêu cơ quan"
    evidence: Evidence = field(default_factory=lambda: Evidence("không nêu cơ quan"))
    explicit: bool = False


@dataclass(slots=True)
class Node:
    depth: int
    role: str
    order: Order
    label: str


class Outline:
    """The open headings above the block being read."""

    def __init__(self, role: str = NEUTRAL) -> None:
        self.nodes = [Node(-1, role, Order(), "")]

    def enter(self, block: Block, ordinal: int) -> Node:
        while self.nodes[-1].depth >= block.depth:
            self.nodes.pop()
        above = self.nodes[-1]
        label = (
            block.mark.label
            if block.mark and block.mark.style not in {"dash", "plus", "bullet"}
            else f"#{ordinal}"
        )
        path = (
            label
            if block.mark and block.mark.style == "decimal"
            else "/".join(filter(None, [above.label, label]))
        )
        node = Node(block.depth, above.role, above.order, path if block.mark else above.label)
        self.nodes.append(node)
        return node

    @property
    def parent(self) -> str:
        """Label of the item above the block being read."""
        return self.nodes[-2].label if len(self.nodes) > 1 else ""

    def lend(self, order: Order, up: bool) -> None:
        """Give an order to what follows: below this block, and with `up` behind it as well."""
        self.nodes[-1].order = order
        if up and len(self.nodes) > 1:
            self.nodes[-2].order = order


def heading_role(folded: str) -> str | None:
    """What a heading announces: results, tasks, or nothing by itself."""
    results, tasks = _RESULTS.search(folded), _TASKS.search(folded)
    if _DONE.search(folded):
        return RESULTS
    if results and tasks:
        if results.group() in _WEAK_RESULTS:
            return TASKS
        return RESULTS if results.start() <= tasks.start() else TASKS
    if results:
        return RESULTS
    return TASKS if tasks else None


def is_heading(view: View, i: int) -> bool:
    """A short marked line without a full stop that has something below it, or a line in capitals."""
    block = view.blocks[i]
    text = view.text[block.start : block.end]
    if not text or len(text) > _LONGEST_HEADING or _END.search(text):
        return False
    if text.isupper():
        return True
    if block.mark is None or block.mark.style in {"dash", "plus", "bullet"}:
        return bool(text.endswith(":") and block.mark)
    following = view.blocks[i + 1] if i + 1 < len(view.blocks) else None
    return following is not None and following.depth > block.depth


def is_closing(view: View, block: Block) -> bool:
    """The list of recipients or the signature: the body ends here."""
    text = view.text[block.start : block.end]
    folded = view.folded[block.start : block.end]
    found = _CLOSING.match(folded)
    if not found:
        return False
    if folded.startswith("nơi nhận"):
        return True
    signed = text.isupper() and len(text) < 90
    return signed or (len(text) < 40 and text[: found.end()].isupper())
