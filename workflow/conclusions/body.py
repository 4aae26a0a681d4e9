"""The conclusion itself: block after block, sentence after sentence, clause after clause."""

import re
from dataclasses import dataclass, field

from workflow.conclusions.beginnings import first_block
from workflow.conclusions.coordination import coordinating
from workflow.conclusions.drafting import best_time, trim
from workflow.conclusions.facts import Facts
from workflow.conclusions.heads import TOLD, Head, HeadReader, Inherited
from workflow.conclusions.labels import Labels
from workflow.conclusions.lexicon import finder, shape
from workflow.conclusions.material import Material
from workflow.conclusions.openers import behind_boilerplate, gives_notice, only_opens, opens_list
from workflow.conclusions.outline import (
    RESULTS,
    TASKS,
    Node,
    Order,
    Outline,
    heading_role,
    is_closing,
    is_heading,
)
from workflow.conclusions.parties import PartyReader
from workflow.conclusions.reading import Evidence, Party, Passage
from workflow.conclusions.scope import Scope
from workflow.conclusions.sentences import clauses, instructions, sentences
from workflow.conclusions.works import Work, WorkList

_EXPRESS = re.compile(r"(?:yêu cầu|đề nghị|giao|kiến nghị) ")
_TOPIC = re.compile(r"(?:đối với|về) ")
_TOPIC_WORD = re.compile(r"(?:về|đối với|công tác|lĩnh vực|trong|trên) ")
_TOPIC_COLON = re.compile(r"(?:(?:về|đối với|công tác|lĩnh vực|trong|trên) [^:;.]{2,100}|[^:;.,]{2,50}): ")
_NO_WORK = shape("body", "no_work")
_STATE = shape("body", "state")
_SAID = shape("body", "said")
_COLON_WITHIN = 240
_LEAST_SYLLABLES = 4


@dataclass(slots=True)
class BodyReader:
    material: Material
    scope: Scope
    parties: PartyReader
    facts: Facts
    works: WorkList = field(default_factory=WorkList)
    passages: list[Passage] = field(default_factory=list)
    outline: Outline = field(default_factory=Outline)
    heads: HeadReader = field(init=False)
    labels: Labels = field(init=False)
    node: Node = field(init=False)
    block: int = 0
    told: bool = False

    def __post_init__(self) -> None:
        self.heads = HeadReader(self.material, self.parties, is_news=self.is_news)
        self.labels = Labels(self.material, self.parties, self.works, self.outline)
        self.node = self.outline.nodes[0]

    @property
    def is_news(self) -> bool:
        return self.facts.kind.value == "news_report"

    @property
    def is_item(self) -> bool:
        return self.material.view.blocks[self.block].mark is not None

    def read(self) -> list[Work]:
        blocks = self.material.view.blocks
        for i in range(first_block(self.material, self.facts), len(blocks)):
            if not self.is_news and i and is_closing(self.material.view, blocks[i]):
                break
            self.block = i
            self.node = self.outline.enter(blocks[i], i)
            self._block(i)
        return self.works.all

    # --- blocks ---------------------------------------------------------------------------

    def _block(self, i: int) -> None:
        block = self.material.view.blocks[i]
        if is_heading(self.material.view, i) and self._heading(block.start, block.end):
            return
        order = self._initial_order()
        found_before = len(self.works.all)
        for start, end in sentences(self.material.folded, block.start, block.end):
            order = self._sentence(start, end, order)
        announces = self.is_news and order.explicit and found_before == len(self.works.all)
        if announces or self.material.block(i).endswith(":"):
            self.outline.lend(order, up=not self.is_item)

    def _initial_order(self) -> Order:
        """Who is addressed when a block begins."""
        inherited = self.node.order
        if self.node.role == RESULTS or (self.is_news and not self.is_item):
            return Order()
        opened = inherited.open or self.node.role == TASKS or self.is_item
        return Order(inherited.parties, opened, inherited.rule, inherited.evidence, inherited.explicit)

    def _heading(self, start: int, end: int) -> bool:
        """Takes role and addressee from a heading; False when the line is no heading after all."""
        folded = self.material.folded
        head = self.heads.read(start, end)
        if head is not None and head.kind != "rejected" and head.parties is not None:
            if folded[head.content : end].strip(" :") and not only_opens(folded, head.content, end):
                return False
            return self._begin_tasks(self._order_of(head, Order()))
        if head is not None and head.kind in {"order", "modal"} and only_opens(folded, head.content, end):
            return self._begin_tasks(self._order_of(head, self.node.order))
        topic = _TOPIC.match(folded, start)
        listed = self.parties.read(topic.end(), end) if topic else None
        if listed and listed.leads and not folded[listed.end : end].strip(" :"):
            return self._begin_tasks(self._order_to(listed.leads, "tiêu đề nêu cơ quan", start, listed.end))
        self.node.role = heading_role(folded[start:end]) or self.node.role
        return True

    def _begin_tasks(self, order: Order) -> bool:
        self.node.role = TASKS
        self.node.order = order
        return True

    def _order_to(self, parties: list[Party], rule: str, start: int, end: int) -> Order:
        first, last = self.material.view.span(start, end)
        heirs = [
            Party(p.name, Evidence(f"kế thừa: {rule}", p.evidence.start, p.evidence.end), p.registered, True)
            for p in parties
        ]
        return Order(heirs, True, rule, Evidence(rule, first, last), True)

    def _order_of(self, head: Head, before: Order) -> Order:
        """What the following clauses inherit from this one."""
        behind = max(head.content, head.start + 1)
        if head.parties is not None:
            return self._order_to(head.parties.leads, head.rule, head.start, behind)
        first, last = self.material.view.span(head.start, behind)
        parties = before.parties if before.explicit else []
        return Order(parties, True, head.rule, Evidence(head.rule, first, last), before.explicit)

    # --- sentences ---------------------------------------------------------------------------

    def _sentence(self, start: int, end: int, order: Order) -> Order:
        start, end = trim(self.material.view.text, start, end)
        if end <= start or self.labels.take(start, end, self.block):
            return order
        start, end = self._without_frame(start, end)
        if gives_notice(self.material.folded[start:end]):
            return self._pass(start, end, "thông báo để biết, thực hiện", order)
        if self.node.role == RESULTS and not self._is_express(start, end):
            return self._pass(start, end, "kết quả, đánh giá", order)
        behind = start
        for left, right in clauses(self.material, self.parties, start, end):
            if self.told and self.material.folded[behind : behind + 1] == ",":
                self._pass(left, right, "thuộc câu kể việc đã làm", order)
            else:
                order = self._clause(left, right, order, left == start)
            behind = right
        self.told = False
        return order

    def _without_frame(self, start: int, end: int) -> tuple[int, int]:
        """Without a topic before a colon and without "…", đồng chí nhấn mạnh."""
        folded = self.material.folded
        said = _SAID.search(folded, start, end)
        end = said.start() if said else end
        topic = _TOPIC_COLON.match(folded, start, end)
        if topic and self._is_topic(start, topic.end()):
            self.node.role = heading_role(folded[start : topic.end()]) or self.node.role
            start = topic.end()
        return start, end

    def _is_topic(self, start: int, end: int) -> bool:
        """ "Về giải ngân:", "Kinh phí:" – but not "Sở Y tế:" nor "yêu cầu các đơn vị:"."""
        folded = self.material.folded
        behind = _TOPIC_WORD.match(folded, start)
        clause = folded.rfind(", ", start, end) if behind else start
        if clause >= 0 and finder("speech", "order_verbs").search(folded, clause, end):
            return False
        if behind is None and self.material.verb_at(start, end):
            return False
        listed = self.parties.read(behind.end() if behind else start, end, bare_names=False)
        return listed is None or listed.end < end - 2

    def _is_express(self, start: int, end: int) -> bool:
        """Among results only an express order to a named agency counts."""
        if not _EXPRESS.match(self.material.folded, start, end):
            return False
        head = self.heads.read(start, end)
        return head is not None and head.kind == "order" and bool(head.parties and head.parties.leads)

    def _pass(self, start: int, end: int, label: str, order: Order) -> Order:
        """Leave a stretch out, and remember as what."""
        first, last = self.material.view.span(start, end)
        self.passages.append(Passage(first, last, self.material.view.source[first:last], label))
        return order

    # --- clauses -------------------------------------------------------------------------------------

    def _clause(self, start: int, end: int, order: Order, first: bool) -> Order:
        start, end = trim(self.material.view.text, start, end)
        if end <= start or self.labels.is_tail(start, end, self.block):
            return order
        self.heads.in_tasks = self.is_item and self.node.role == TASKS
        head = self.heads.read(start, end, self._inherits(order))
        if head is None and self._reads_as_work(start, end, order, first):
            head = Head("bare", "mục trong danh sách việc được giao", start, start)
        if head is None:
            if first and not order.explicit:
                order.open = self.node.role == TASKS and order.open
            return self._pass(start, end, "không có lời giao việc", order)
        self.told = head.kind == "rejected" and head.rule == TOLD
        if head.kind == "rejected":
            return self._pass(start, end, head.rule, Order(order.parties))
        unspoken = self.is_news and head.kind == "addressed" and self._is_own_plan(head)
        if not order.open and (head.kind == "bare" or unspoken):
            return self._pass(start, end, "không có lời giao việc", order)
        return self._accept(head, end, order)

    def _is_own_plan(self, head: Head) -> bool:
        """In an article, what the supervised side says of itself without being told to."""
        leads = {party.name for party in head.parties.leads} if head.parties else set()
        own = self.scope.supervised is not None and self.scope.supervised.name in leads
        return own or not leads or not self.works.all

    def _inherits(self, order: Order) -> Inherited:
        """Is somebody addressed already: by the heading of a list, or in running text?"""
        if not order.explicit:
            return Inherited.NOBODY
        below = self.is_item and order.evidence == self.node.order.evidence
        return Inherited.HEADING if below and not self._is_collective(order.parties) else Inherited.RUNNING

    def _is_collective(self, parties: list[Party]) -> bool:
        """All of "các sở, ngành" are called upon: single ones among them may still be charged."""
        known = [self.scope.register.by_name.get(party.name) for party in parties]
        return all(agency is None or agency.kind == "group" for agency in known)

    def _reads_as_work(self, start: int, end: int, order: Order, first: bool) -> bool:
        """In a list of instructions a clause with a verb we do not know still is one."""
        folded = self.material.folded
        if not (order.open and order.explicit and (self.is_item or not first or not self.is_news)):
            return False
        position = self.heads.skip_connectors(start, end)
        if _NO_WORK.match(folded, position, end) or _STATE.search(folded, position, end):
            return False
        return len(folded[position:end].split(None, _LEAST_SYLLABLES)) >= _LEAST_SYLLABLES

    def _accept(self, head: Head, end: int, order: Order) -> Order:
        folded = self.material.folded
        bare = head.kind == "bare"
        following = order if bare else self._order_of(head, order)
        content = self.heads.skip_connectors(head.content, end) if bare else head.content
        colon = folded.find(": ", content, min(end, content + _COLON_WITHIN))
        if colon >= 0 and opens_list(folded, content, colon):
            return self._list(colon + 2, end, following)
        content = behind_boilerplate(self.material, content, end)
        if content >= end or only_opens(folded, content, end):
            return self._pass(head.start, end, "câu mở đầu danh sách hoặc câu chung", following)
        leads = self._leads(head, following)
        for i, (left, right) in enumerate(instructions(self.material, content, end)):
            self._add(left, right, leads, following, head, head.start if i == 0 else left)
        return following

    def _list(self, start: int, end: int, order: Order) -> Order:
        for left, right in instructions(self.material, start, end):
            order = self._clause(left, right, order, False)
        return order

    def _leads(self, head: Head, order: Order) -> list[Party]:
        if head.parties is not None:
            return head.parties.leads
        if order.explicit or self.scope.supervised is None:
            return list(order.parties)
        default = Evidence("không nêu cơ quan: cơ quan được giám sát")
        return [Party(self.scope.supervised.name, default, True, True)]

    def _add(
        self, start: int, end: int, leads: list[Party], order: Order, head: Head, time_from: int
    ) -> None:
        start, end = trim(self.material.view.text, start, end)
        if " " not in self.material.view.text[start:end]:
            return
        time = best_time(self.material, start, end) or best_time(self.material, time_from, start)
        helpers = coordinating(self.material, self.parties, start, end, leads)
        work = Work(
            start,
            end,
            leads,
            self.node.label,
            self.block,
            order.evidence,
            head.rule,
            self.labels.resolved(time),
            helpers,
        )
        self.works.add(work)
        self.scope.remember(self.node.label, [lead for lead in leads if lead.registered])
