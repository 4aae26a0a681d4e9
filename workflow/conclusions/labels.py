"""What is said once for a whole item: "Thời hạn: …", "Cơ quan phối hợp: …", "thời hạn như điểm a"."""

import re
from dataclasses import dataclass

from workflow.conclusions.deadlines import TimeExpression
from workflow.conclusions.drafting import best_time, trim, with_reference
from workflow.conclusions.lexicon import shape
from workflow.conclusions.material import Material
from workflow.conclusions.outline import Outline
from workflow.conclusions.parties import PartyReader
from workflow.conclusions.works import Work, WorkList

_LABEL = shape("labels", "label")
_COMMON = shape("labels", "common")
_LABEL_IN = re.compile(r"(?:tại|ở|của) (?:các )?(?:mục|điểm|khoản|phần) (?P<label>[\w.()]+)")
_TAIL = shape("labels", "tail")
_FUNCTION_WORDS = shape("labels", "function_words")
_HANDS_IN = re.compile(r"(?:và )?(?:gửi|nộp|lập|hoàn thiện) (?:báo cáo|kết quả|hồ sơ)(?!\w)")
_RESULT = re.compile(r"(?:tuyệt đối |kiên quyết )?không để (?:\w+ ){0,3}\w+")
_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(slots=True)
class Labels:
    material: Material
    parties: PartyReader
    works: WorkList
    outline: Outline

    def take(self, start: int, end: int, block: int) -> bool:
        """Fill what a label or a common deadline says into the works it is about."""
        return self._label(start, end, block) or self._common_deadline(start, end)

    def _label(self, start: int, end: int, block: int) -> bool:
        found = _LABEL.match(self.material.folded, start, end)
        if not found:
            return False
        targets = self._targets(found.group("more"), block)
        what = found.group("what")
        if what.startswith(("thời hạn", "thời gian")):
            return _set_time(best_time(self.material, start, end), targets)
        if not targets:
            return False
        if what.startswith(("sản phẩm", "kết quả")):
            targets[-1].product = trim(self.material.view.text, found.end(), end)
            return True
        return self._set_parties(what, found.end(), end, targets)

    def _set_parties(self, what: str, start: int, end: int, targets: list[Work]) -> bool:
        position = start + (self.material.folded[start : start + 1] == " ")
        listed = self.parties.read(position, end)
        if listed is None:
            return False
        for work in targets:
            if "phối hợp" in what and "chủ trì" not in what:
                work.helpers += listed.leads
            else:
                work.leads = listed.leads
        return True

    def _targets(self, more: str, block: int) -> list[Work]:
        named = _LABEL_IN.search(more)
        if named:
            return self.works.of_item(named.group("label"))
        return self.works.of_block(block) or self._of_parent()

    def _of_parent(self) -> list[Work]:
        """A label line of its own belongs to the item it stands under."""
        parent = self.outline.parent
        return (self.works.below(parent) if parent else []) or [work for work in [self.works.last] if work]

    def _common_deadline(self, start: int, end: int) -> bool:
        found = _COMMON.match(self.material.folded, start, end)
        if not found:
            return False
        time = best_time(self.material, found.end(), end)
        return time is not None and _set_time(time, self.works.of_item(found.group("label")))

    def is_tail(self, start: int, end: int, block: int) -> bool:
        """A clause without an object of its own lengthens the work before it."""
        work = self.works.last
        if work is None or work.block != block or work.end > start:
            return False
        result = _RESULT.fullmatch(self.material.folded, start, end)
        tail = _TAIL.match(self.material.folded, start, end) and not self._has_object(start, end)
        if not result and not tail:
            return False
        work.end = end
        work.time = best_time(self.material, start, end) or work.time
        return True

    def _has_object(self, start: int, end: int) -> bool:
        """Is anything left beside times, agencies and the words of handing over?"""
        if _HANDS_IN.match(self.material.folded, start, end):
            return True
        rest = list(self.material.folded[start:end])
        spans = [(time.start, time.end) for time in self.material.times_within(start, end)]
        spans += [(match.start, match.end) for match in self.material.mentions_within(start, end)]
        for first, last in spans:
            rest[first - start : last - start] = " " * (last - first)
        left = _FUNCTION_WORDS.sub(" ", _BRACKETS.sub(" ", "".join(rest)))
        return any(char.isalnum() for char in left)

    def resolved(self, time: TimeExpression | None) -> TimeExpression | None:
        """ "thời hạn như điểm a" with the value of what it points to."""
        if time is None or time.refers_to is None:
            return time
        return with_reference(time, self._referred(time.refers_to))

    def _referred(self, label: str) -> TimeExpression | None:
        timed = [work for work in (self.works.of_item(label) if label else self.works.all) if work.time]
        near = [work for work in timed if work.item.startswith(self.outline.parent)]
        return (near or timed)[-1].time if timed else None


def _set_time(time: TimeExpression | None, targets: list[Work]) -> bool:
    if time is None:
        return False
    for work in targets:
        work.time = work.time or time
    return True
