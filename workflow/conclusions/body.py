"""The conclusion itself: block after block, sentence after sentence, clause after clause."""

import re
from dataclasses import dataclass, field

from workflow.conclusions.deadlines import TimeExpression
from workflow.conclusions.drafting import Work, best_time, trim, with_reference
from workflow.conclusions.facts import Facts
from workflow.conclusions.heads import Head, HeadReader, Inherited
from workflow.conclusions.lexicon import alternation, finder, words
from workflow.conclusions.material import Material
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

_LEAD_IN = re.compile(r"(?:kết luận|chỉ đạo|ý kiến|thống nhất|yêu cầu|kiến nghị|như sau)[^.;]{0,90}:$")
_OPENER = re.compile(alternation(words("structure", "list_openers")) + r"[^.;]{0,60}$")
_OPENER_AT_END = re.compile(
    r"(?:(?:nhiệm vụ|nội dung|công việc|việc|giải pháp|vấn đề|biện pháp|yêu cầu)(?: \w+){0,4} (?:sau|sau đây|như sau|trọng tâm|chủ yếu|cụ thể)"
    r"|một số (?:nhiệm vụ|nội dung|công việc|việc|giải pháp|vấn đề)[^,;.]{0,30}|như sau|sau đây)$"
)
_HEAD_ONLY = re.compile(r"(?:chủ trì|thực hiện|tập trung|chủ trì xem xét|chủ trì, phối hợp|tiếp tục|cần|tổ chức thực hiện|triển khai|xem xét|chủ trì thực hiện|chịu trách nhiệm)?[ :,]*")
_BOILERPLATE = re.compile(
    r"(?:(?:nghiêm túc|khẩn trương|tích cực|chủ động|phối hợp|tổ chức|triển khai|thực hiện|quán triệt|biết|và|chấp hành|căn cứ|tiếp thu|kết luận|thông báo|nội dung|này|các|nghiêm|tốt|có hiệu quả|đúng|đầy đủ|theo|quy định|chỉ đạo|trên|nêu trên|ý kiến|của|giám sát|kiểm tra|thanh tra|đoàn|những|yêu cầu|kiến nghị|hiệu quả|kịp thời|chủ tịch ubnd tỉnh|thường trực|đồng bộ|để|cho)[ ,]*)+"
)
_DONE_WORK = re.compile(r"(?:triển khai|thực hiện|chấp hành)(?!\w)")
_NOTICE_GIVEN = re.compile(r"thông báo .{0,160}(?:biết|thực hiện)")
_LABEL = re.compile(
    r"(?:(?:-|\+) ?)?(?P<what>thời (?:hạn|gian)(?= ?:| (?:hoàn thành|thực hiện|báo cáo|xong|chung|của|cho|tại|gửi|trình))|(?:cơ quan|đơn vị)(?: chủ trì| phối hợp| thực hiện)+|chủ trì(?= ?:)|phối hợp(?= ?:)|sản phẩm|kết quả(?= ?:))(?P<more>[^:.;,]{0,70}):"
)
_COMMON = re.compile(r"(?:các |những |toàn bộ )?(?:nội dung|nhiệm vụ|công việc|việc)(?: \w+){0,3} (?:tại|nêu tại|ở|thuộc) (?:các )?(?:mục|điểm|khoản|phần) (?P<label>[\w.()]+)")
_LABEL_IN = re.compile(r"(?:tại|ở|của) (?:các )?(?:mục|điểm|khoản|phần) (?P<label>[\w.()]+)")
_TAIL = re.compile(r"(?:và )?(?:phải |cần )?(?:thời (?:hạn|gian)|hoàn thành|xong|thực hiện xong|kết thúc|chậm nhất|trước (?:ngày )?\d|trình|gửi|báo cáo|thời điểm|định kỳ báo cáo)(?!\w)")
_FUNCTION_WORDS = re.compile(
    r"(?:về|cho|tới|đến|để|và|xem xét|quyết định|theo quy định|trước khi|phê duyệt|ban hành|cho ý kiến|hoàn thành|xong|trình|gửi|báo cáo|thời gian|thời hạn|thực hiện|kết thúc|phải|cần|lãnh đạo|đồng chí|qua|tổng hợp|theo dõi|toàn bộ|dứt điểm|chỉ đạo|chủ tịch|phó chủ tịch|thường trực|ban thường vụ|là|bằng văn bản|định kỳ|hoặc|này|việc|thông qua)(?!\w)"
)
_EXPRESS = re.compile(r"(?:yêu cầu|đề nghị|giao|kiến nghị) ")
_TOPIC_COLON = re.compile(r"(?:về|đối với|công tác|lĩnh vực|trong|trên) [^:;.]{2,100}: ")
_NO_WORK = re.compile(r"(?:các|những|một|tỷ|số|công tác|việc|đây|điều|kết quả|tuy|song|do|vì|nguyên nhân|hiện|đến|theo|tại|trên|trong|tổng|toàn|mọi|nhiều|có|là|còn|đã|đang|sẽ|chưa|được|bị|nơi nhận|lưu|với|của|sau|trước|khi|ngày|hội nghị|đồng chí|ông|bà|đại biểu|cùng|dự|thời gian|riêng|đối với|về|như|\d|\W)(?!\w)")
_STATE = re.compile(r"(?<!\w)(?:đã|đang|sẽ|vẫn|còn nhiều|đạt \d|tăng \d|giảm \d|bày tỏ|cảm ơn|tin tưởng|mong|chúc)(?!\w)")
_SAID = re.compile(r"\"[,.]? ?-? ?(?:đồng chí|ông|bà|trưởng đoàn|phó trưởng đoàn|chủ tịch|phó chủ tịch|tổ trưởng|trưởng ban)[^.;\"]{0,140}$")
_CUE = re.compile(r"(?:phát biểu )?kết luận(?! (?:thanh tra|kiểm tra|giám sát|số|của đoàn))|phát biểu chỉ đạo|kết thúc (?:buổi|cuộc|đợt)|phát biểu tại (?:buổi|cuộc|hội)")
_CHAIR_WORDS = re.compile(r"(?:^|(?<=[ ,]))(?:đồng chí|trưởng đoàn|tổ trưởng|trưởng ban|phó trưởng đoàn|đoàn giám sát|đoàn kiểm tra|chủ tọa)(?!\w)")
_OTHERS = re.compile(r"đại diện|đại biểu|thành viên|lãnh đạo (?:sở|ubnd|đơn vị)|giám đốc|đã (?:được )?$|theo báo cáo")
_SPEECH = re.compile(r"(?:yêu cầu|đề nghị|giao|lưu ý|đánh giá cao|đánh giá|ghi nhận|biểu dương|nhấn mạnh|chỉ đạo|kết luận|chia sẻ|bày tỏ)(?!\w)")


@dataclass(slots=True)
class BodyReader:
    material: Material
    scope: Scope
    parties: PartyReader
    facts: Facts
    works: list[Work] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    heads: HeadReader = field(init=False)
    outline: Outline = field(default_factory=Outline)
    block: int = 0
    node: Node = field(init=False)

    def __post_init__(self) -> None:
        self.heads = HeadReader(self.material, self.parties)
        self.node = self.outline.nodes[0]

    @property
    def is_news(self) -> bool:
        return self.facts.kind.value == "news_report"

    def read(self) -> list[Work]:
        blocks = self.material.view.blocks
        for i in range(self._first_block(), len(blocks)):
            if not self.is_news and i and is_closing(self.material.view, blocks[i]):
                break
            self.block = i
            self.node = self.outline.enter(blocks[i], i)
            self._block(i)
        return self.works

    # --- where the conclusion begins -------------------------------------------------

    def _text(self, i: int) -> str:
        block = self.material.view.blocks[i]
        return self.material.folded[block.start : block.end]

    def _first_block(self) -> int:
        return self._news_start() if self.is_news else self._notice_start()

    def _notice_start(self) -> int:
        """Behind the sentence that leads in, or behind the head when there is none."""
        blocks = self.material.view.blocks
        body = self.facts.body
        for i in range(body, min(len(blocks), body + 6)):
            if blocks[i].mark and i > body:
                break
            if _LEAD_IN.search(self._text(i)):
                return i + 1
        return min(body + 1, len(blocks)) if body < len(blocks) - 1 else body

    def _news_start(self) -> int:
        """The paragraph in which the chair begins to conclude."""
        count = len(self.material.view.blocks)
        spoken = [i for i in range(1, count) if self._chair_speaks(i)]
        cued = [i for i in spoken if _CUE.search(self._text(i)[:260])]
        if cued:
            return cued[0]
        return spoken[0] if spoken else count

    def _chair_speaks(self, i: int) -> bool:
        folded = self._text(i)
        chair = (self.facts.chair.value or "").lower()
        if i <= self.facts.body and len(folded) < 900 and not _CUE.search(folded):
            return False
        for found in _SPEECH.finditer(folded):
            before = folded[max(0, found.start() - 170) : found.start()].rsplit(". ", 1)[-1]
            names = [m for m in _CHAIR_WORDS.finditer(before)]
            place = before.rfind(chair) if chair else -1
            if place < 0 and not names:
                continue
            subject = before[max([place, *(m.start() for m in names)]) :]
            introduced = before[: len(before) - len(subject)].rsplit(",", 1)[-1]
            if not _OTHERS.search(subject) and not _OTHERS.search(introduced):
                return True
        return False

    # --- blocks ---------------------------------------------------------------------------

    def _block(self, i: int) -> None:
        view = self.material.view
        block = view.blocks[i]
        if is_heading(view, i) and self._heading(block.start, block.end):
            return
        order = self._initial_order(block.mark is not None)
        first_work = len(self.works)
        for start, end in sentences(self.material.folded, block.start, block.end):
            order = self._sentence(start, end, order)
        text = self._text(i)
        if text.endswith(":") or (first_work == len(self.works) and order.explicit and self.is_news):
            self.node.order = order
            if block.mark is None and len(self.outline.nodes) > 1:
                self.outline.nodes[-2].order = order  # it governs the items behind it

    def _initial_order(self, marked: bool) -> Order:
        inherited = self.node.order
        if self.is_news and not marked:
            return Order()
        if self.node.role == RESULTS:
            return Order()
        opened = inherited.open or self.node.role == TASKS or marked
        return Order(inherited.parties, opened, inherited.rule, inherited.evidence, inherited.explicit)

    def _heading(self, start: int, end: int) -> bool:
        """Takes role and addressee from a heading; False when the line is no heading after all."""
        folded = self.material.folded
        head = self.heads.read(start, end)
        addressed = head is not None and head.kind != "rejected" and head.parties is not None
        if addressed and head is not None:
            rest = folded[head.content : end].strip(" :")
            if rest and not self._only_opens(head.content, end):
                return False
            self.node.role = TASKS
            self.node.order = self._order_of(head, Order())
            return True
        if head is not None and head.kind in {"order", "modal"} and self._only_opens(head.content, end):
            self.node.role = TASKS
            self.node.order = self._order_of(head, self.node.order)
            return True
        role = heading_role(folded[start:end])
        topic = re.compile(r"(?:đối với|về) ").match(folded, start)
        listed = self.parties.read(topic.end(), end) if topic else None
        if listed and listed.leads and folded[listed.end : end].strip(" :") == "":
            self.node.role = TASKS
            self.node.order = self._order_to(listed.leads, "tiêu đề nêu cơ quan", start, listed.end)
            return True
        self.node.role = role or self.node.role
        return True

    def _only_opens(self, start: int, end: int) -> bool:
        rest = self.material.folded[start:end].strip()
        opener = _OPENER if self.material.folded[end : end + 1] == ":" or rest.endswith(":") else _OPENER_AT_END
        return bool(_HEAD_ONLY.fullmatch(rest) or opener.search(rest.rstrip(" :.")))

    def _order_to(self, parties: list[Party], rule: str, start: int, end: int) -> Order:
        first, last = self.material.view.span(start, end)
        inherited = [Party(p.name, Evidence(f"kế thừa: {rule}", p.evidence.start, p.evidence.end), p.registered, True) for p in parties]
        return Order(inherited, True, rule, Evidence(rule, first, last), True)

    def _order_of(self, head: Head, before: Order) -> Order:
        """What the following clauses inherit from this one."""
        if head.parties is not None:
            return self._order_to(head.parties.leads, head.rule, head.start, max(head.content, head.start + 1))
        first, last = self.material.view.span(head.start, max(head.content, head.start + 1))
        parties = before.parties if before.explicit else []
        return Order(parties, True, head.rule, Evidence(head.rule, first, last), before.explicit)

    # --- sentences ---------------------------------------------------------------------------

    def _sentence(self, start: int, end: int, order: Order) -> Order:
        start, end = trim(self.material.view.text, start, end)
        if end <= start:
            return order
        if self._label(start, end) or self._common_deadline(start, end):
            return order
        start, end = self._without_frame(start, end)
        if self._notice_given(start, end):
            self._passage(start, end, "thông báo để biết, thực hiện")
            return order
        if self.node.role == RESULTS:
            return self._in_results(start, end, order)
        return self._clauses(start, end, order)

    def _without_frame(self, start: int, end: int) -> tuple[int, int]:
        """Without a topic before a colon and without "…", đồng chí nhấn mạnh."""
        folded = self.material.folded
        said = _SAID.search(folded, start, end)
        if said:
            end = said.start()
        topic = _TOPIC_COLON.match(folded, start, end)
        if topic:
            behind = folded.find(" ", start, topic.end()) + 1
            listed = self.parties.read(behind, topic.end(), bare_names=False)
            order = finder("speech", "order_verbs").search(folded, start, topic.end())
            if not order and (listed is None or listed.end < topic.end() - 2):
                start = topic.end()
        return start, end

    def _in_results(self, start: int, end: int, order: Order) -> Order:
        """Among results only an express order to a named agency counts."""
        if _EXPRESS.match(self.material.folded, start, end):
            head = self.heads.read(start, end)
            if head and head.kind == "order" and head.parties and head.parties.leads:
                return self._clauses(start, end, order)
        self._passage(start, end, "kết quả, đánh giá")
        return order

    def _clauses(self, start: int, end: int, order: Order) -> Order:
        first = True
        for left, right in clauses(self.material, self.parties, start, end):
            order = self._clause(left, right, order, first)
            first = False
        return order

    def _notice_given(self, start: int, end: int) -> bool:
        folded = self.material.folded[start:end]
        return bool(_NOTICE_GIVEN.search(folded)) and len(folded) < 300 and "theo dõi" not in folded

    def _passage(self, start: int, end: int, label: str) -> None:
        first, last = self.material.view.span(start, end)
        self.passages.append(Passage(first, last, label))

    # --- labels and common deadlines -------------------------------------------------------------

    def _label(self, start: int, end: int) -> bool:
        """"Thời hạn: …", "Cơ quan phối hợp: …" fill in the item they stand in."""
        found = _LABEL.match(self.material.folded, start, end)
        if not found:
            return False
        what = found.group("what")
        targets = self._targets(found.group("more"))
        if what.startswith(("thời hạn", "thời gian")):
            return self._set_time(best_time(self.material, start, end), targets)
        if not targets:
            return False
        if what.startswith(("sản phẩm", "kết quả")):
            targets[-1].product = trim(self.material.view.text, found.end(), end)
            return True
        position = found.end() + (self.material.folded[found.end() : found.end() + 1] == " ")
        listed = self.parties.read(position, end)
        if listed is None:
            return False
        for work in targets:
            if "phối hợp" in what and "chủ trì" not in what:
                work.helpers += listed.leads
            else:
                work.leads = listed.leads
        return True

    def _targets(self, more: str) -> list[Work]:
        named = _LABEL_IN.search(more)
        if named:
            return self._works_of(named.group("label"))
        here = [work for work in self.works if work.block == self.block]
        return here or self._works_under_parent()

    def _works_under_parent(self) -> list[Work]:
        """A label line of its own belongs to the item it stands under."""
        last = self.works[-1] if self.works else None
        if last is None:
            return []
        parent = self.outline.nodes[-2].label if len(self.outline.nodes) > 1 else ""
        return [work for work in self.works if parent and (work.item == parent or work.item.startswith(f"{parent}/"))] or [last]

    def _works_of(self, label: str) -> list[Work]:
        label = label.strip("().")
        exact = [work for work in self.works if label in work.item.split("/") or f"/{label}/" in f"/{work.item}/"]
        return exact or [work for work in self.works if any(part.startswith(f"{label}.") for part in work.item.split("/"))]

    def _set_time(self, time: TimeExpression | None, targets: list[Work]) -> bool:
        if time is None:
            return False
        for work in targets:
            if work.time is None:
                work.time = time
        return True

    def _common_deadline(self, start: int, end: int) -> bool:
        found = _COMMON.match(self.material.folded, start, end)
        if not found:
            return False
        time = best_time(self.material, found.end(), end)
        return time is not None and self._set_time(time, self._works_of(found.group("label")))

    # --- clauses -------------------------------------------------------------------------------------

    def _clause(self, start: int, end: int, order: Order, first: bool) -> Order:
        start, end = trim(self.material.view.text, start, end)
        if end <= start:
            return order
        if self._is_tail(start, end):
            return order
        head = self.heads.read(start, end, self._inherits(order))
        if head is None and order.open and self._reads_as_work(start, end, order, first):
            head = Head("bare", "mục trong danh sách việc được giao", start, start)
        if head is None:
            if first and not order.explicit:
                order = Order(order.parties, self.node.role == TASKS and order.open, order.rule, order.evidence, order.explicit)
            self._passage(start, end, "không có lời giao việc")
            return order
        if head.kind == "rejected":
            self._passage(start, end, head.rule)
            return Order(order.parties, False, order.rule, order.evidence, False)
        if head.kind == "bare" and not order.open:
            self._passage(start, end, "không có lời giao việc")
            return order
        if head.kind == "addressed" and self.is_news and not (order.open or self.works):
            return order
        return self._accept(head, end, order)

    def _inherits(self, order: Order) -> Inherited:
        """Is somebody addressed already: by the heading of a list, or in running text?"""
        if not order.explicit:
            return Inherited.NOBODY
        marked = self.material.view.blocks[self.block].mark is not None
        same = order.evidence == self.node.order.evidence
        return Inherited.HEADING if marked and same else Inherited.RUNNING

    def _reads_as_work(self, start: int, end: int, order: Order, first: bool) -> bool:
        """In a list of instructions a clause with a verb we do not know still is one."""
        folded = self.material.folded
        position = self.heads.skip_connectors(start, end)
        if _NO_WORK.match(folded, position, end) or _STATE.search(folded, position, end):
            return False
        listed = self.material.view.blocks[self.block].mark is not None
        return order.explicit and (listed or not first or not self.is_news) and len(folded[position:end].split()) > 3

    def _accept(self, head: Head, end: int, order: Order) -> Order:
        folded = self.material.folded
        following = self._order_of(head, order) if head.kind != "bare" else order
        content = head.content if head.kind != "bare" else self.heads.skip_connectors(head.content, end)
        colon = folded.find(": ", content, min(end, content + 240))
        if folded[content - 2 : content] in {": ", ":\""} and head.kind != "bare":
            colon = -1
        if colon >= 0 and self._opens_list(content, colon, end):
            return self._list_after(colon + 2, end, following, head)
        content = self._without_boilerplate(content, end)
        if content >= end or self._only_opens(content, end):
            self._passage(head.start, end, "câu mở đầu danh sách hoặc câu chung")
            return following
        leads = self._leads(head, following)
        pieces = instructions(self.material, content, end)
        for i, (left, right) in enumerate(pieces):
            self._add(left, right, leads, head, following, head.start if i == 0 else left)
        return self._order_of(head, order) if head.kind != "bare" else order

    def _opens_list(self, content: int, colon: int, end: int) -> bool:
        text = self.material.folded[content:colon]
        if re.search(r"(?:thời (?:hạn|gian)|phối hợp|sản phẩm|chủ trì)(?: \w+){0,3}$", text) and not _HEAD_ONLY.fullmatch(text):
            return False
        return bool(_HEAD_ONLY.fullmatch(text) or _OPENER.search(text))

    def _list_after(self, start: int, end: int, order: Order, head: Head) -> Order:
        pieces = instructions(self.material, start, end)
        for left, right in pieces:
            order = self._clause(left, right, order, False)
        return order

    def _without_boilerplate(self, content: int, end: int) -> int:
        """"nghiêm túc thực hiện và báo cáo …" begins at the report; alone it is nothing."""
        found = _BOILERPLATE.match(self.material.folded, content, end)
        if not found or not _DONE_WORK.search(found.group()):
            return content
        if found.end() >= end:
            return end
        if re.search(r" và $", found.group()) and self.material.verb_at(found.end(), end):
            return found.end()
        return content

    def _leads(self, head: Head, order: Order) -> list[Party]:
        if head.parties is not None:
            return head.parties.leads
        if order.explicit:
            return list(order.parties)
        if self.scope.supervised:
            return [Party(self.scope.supervised.name, Evidence("không nêu cơ quan: cơ quan được giám sát", None, None), True, True)]
        return list(order.parties)

    def _is_tail(self, start: int, end: int) -> bool:
        """A clause without an object of its own belongs to the one before it."""
        if not self.works or self.works[-1].block != self.block or not _TAIL.match(self.material.folded, start, end):
            return False
        if self.works[-1].end > start:
            return False
        rest = self.material.folded[start:end]
        for time in reversed(list(self.material.times_within(start, end))):
            rest = rest[: time.start - start] + " " + rest[time.end - start :]
        place = start
        for position in sorted(p for p in self.material.mentions if start <= p < end):
            rest = rest.replace(self.material.folded[position : self.material.mentions[position].end], " ")
        rest = _FUNCTION_WORDS.sub(" ", rest)
        if re.search(r"\w", re.sub(r"\([^)]*\)", "", rest)):
            return False
        work = self.works[-1]
        work.end = end
        work.time = best_time(self.material, place, end) or work.time
        return True

    def _add(self, start: int, end: int, leads: list[Party], head: Head, order: Order, time_from: int) -> None:
        start, end = trim(self.material.view.text, start, end)
        if end - start < 4 or " " not in self.material.view.text[start:end]:
            return
        time = best_time(self.material, start, end) or best_time(self.material, time_from, start)
        if time and time.refers_to is not None:
            time = with_reference(time, self._referred(time.refers_to))
        work = Work(start, end, leads, self.node.label, self.block, order.evidence, head.rule, time)
        self.works.append(work)
        self.scope.remember(self.node.label, [lead for lead in leads if lead.registered])

    def _referred(self, label: str) -> TimeExpression | None:
        timed = [work for work in self.works if work.time is not None]
        if label:
            wanted = label.strip("().")
            near = [work for work in timed if work in self._works_of(wanted)]
            parent = self.outline.nodes[-2].label if len(self.outline.nodes) > 1 else ""
            timed = [work for work in near if work.item.startswith(parent)] or near
        return timed[-1].time if timed else None
