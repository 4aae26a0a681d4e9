"""The instructions found so far, by block and by the label of their item."""

from dataclasses import dataclass, field

from workflow.conclusions.deadlines import TimeExpression
from workflow.conclusions.reading import Evidence, Party
from workflow.conclusions.scope import item_labels


@dataclass(slots=True, eq=False)
class Work:
    """One instruction found, before its fields are written; positions are those of the view."""

    start: int
    end: int
    leads: list[Party]
    item: str
    block: int
    order: Evidence
    rule: str
    time: TimeExpression | None = None
    helpers: list[Party] = field(default_factory=list)
    product: tuple[int, int] | None = None


class WorkList:
    def __init__(self) -> None:
        self.all: list[Work] = []
        self._labelled: dict[str, list[Work]] = {}

    @property
    def last(self) -> Work | None:
        return self.all[-1] if self.all else None

    def add(self, work: Work) -> None:
        self.all.append(work)
        for label in item_labels(work.item):
            self._labelled.setdefault(label, []).append(work)

    def of_block(self, block: int) -> list[Work]:
        """Those of the block being read, which are the last ones."""
        found: list[Work] = []
        for work in reversed(self.all):
            if work.block != block:
                break
            found.insert(0, work)
        return found

    def of_item(self, label: str) -> list[Work]:
        """Those of the item cited as "mục 2.2", "điểm a", "(iii)"."""
        return self._labelled.get(label.strip("()."), [])

    def below(self, item: str) -> list[Work]:
        """Those of an item and the items under it."""
        return [work for work in self.of_item(item) if work.item == item or work.item.startswith(f"{item}/")]
