"""The head of a clause: who speaks, how the order is given, to whom, and where the work begins."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from workflow.conclusions.lexicon import data, finder, pattern, shape, words
from workflow.conclusions.material import Material
from workflow.conclusions.parties import PartyList, PartyReader
from workflow.conclusions.speakers import CONNECTOR, SPEAKER, THIRD, TOPIC, is_noun, who_speaks

TOLD = "nêu việc đã làm hoặc sẽ làm"
HeadKind = Literal["order", "modal", "addressed", "bare", "rejected"]

_ORDER_VERB = finder("speech", "order_verbs")
_PRAISE = pattern("speech", "praise")
_NOT_AN_ORDER = pattern("speech", "not_an_order")
_MODAL = pattern("speech", "modals")
_ASSESSED_WORK = shape("heads", "assessed_work")
_WORK_AFTER_HAVE = shape("heads", "work_after_have")
_TOPIC_ADDRESSEE = re.compile(r"(?:riêng )?(?:đối với|với|riêng) ")
_FILLER = shape("heads", "filler")
_ROLE_PHRASE = shape("heads", "role_phrase")
_NOT_ASSIGNED = shape("heads", "not_assigned")
_REPORTED = shape("heads", "reported")
_FUTURE = re.compile(r"(?<!\w)(?:sẽ|đã|đang)(?!\w)")
_PAST_OR_FUTURE = re.compile(r"(?:sẽ|đã|đang|vừa|vẫn|còn)(?!\w)")
_DECISION = re.compile(r"(?:thống nhất|đồng ý|nhất trí|chấp thuận|thông qua|cho phép)(?!\w)")
_ASKS_OTHERS = re.compile(r"(?:yêu cầu|đề nghị) ")
_ALSO = re.compile(r" ?(?:cũng|thì|còn) (?=cần|phải|có trách nhiệm)")
_OWN_STEERING = shape("heads", "own_steering")
_OWN_ORDERING = re.compile(rf"(?:{_OWN_STEERING.pattern})|(?:giao|yêu cầu|đề nghị)(?!\w)")
_TOPIC_ENDS = re.compile(r", | thì ")
_CONDITION = shape("heads", "condition")
_UPON = re.compile(r"(?:trên cơ sở|căn cứ|sau khi|khi|trường hợp|nếu|đối với|thông qua)(?!\w)")
_DELEGATION_ACTS = re.compile(
    r"(?:đoàn(?: giám sát| kiểm tra| công tác| khảo sát| thanh tra)?|tổ công tác|ban|thường trực hđnd[\w ]{0,12})"
    r" (?:cũng |thống nhất )?(?:sẽ|đã|xin|tiếp thu|tổng hợp|ghi nhận)(?!\w)"
)
_RESULT_FIRST = re.compile(r"(?:kết quả|báo cáo)(?: \w+){0,5} (?:báo cáo|gửi|trình)(?: về| cho| đến)? ")
_RECEIVES = re.compile(r"(?<!\w)tiếp thu(?!\w)")
_NO_WORK = shape("body", "no_work")
_IF_MUST = re.compile(r"(?:nếu|trường hợp) [^,;.]{3,80}? (?:thì )?phải ")
_REACH = 420
_MAX_TOPICS = 5


class Inherited(Enum):
    """Who is addressed when a clause begins."""

    NOBODY = 0
    RUNNING = 1
    HEADING = 2


@dataclass(frozen=True, slots=True)
class Head:
    kind: HeadKind
    rule: str
    start: int
    content: int
    parties: PartyList | None = None

    @property
    def addressed(self) -> bool:
        return self.parties is not None


@dataclass(slots=True)
class HeadReader:
    """`in_tasks` says that the clause stands in an item of a list of tasks."""

    material: Material
    parties: PartyReader
    in_tasks: bool = False
    is_news: bool = False

    def read(self, start: int, end: int, inherits: "Inherited | None" = None) -> Head | None:
        """None when the stretch is no instruction by itself; "rejected" when it is surely none.

        `inherits` says who is addressed already: a bare "chỉ đạo X …", below a heading also "giao X …",
        is then his work.
        """
        position = self.skip_connectors(start, end)
        if position >= end:
            return None
        steering = {Inherited.RUNNING: _OWN_STEERING, Inherited.HEADING: _OWN_ORDERING}.get(
            inherits or Inherited.NOBODY
        )
        if steering and steering.match(self.material.folded, position, end):
            return Head("bare", "động từ đứng đầu câu", position, position)
        if inherits == Inherited.RUNNING and self._asks_unnamed(position, end):
            return Head("bare", "động từ đứng đầu câu", position, position)
        if inherits in {None, Inherited.NOBODY} and _DECISION.match(self.material.folded, position, end):
            return Head("rejected", "quyết định của người kết luận", start, end)
        for find in (self._ordered, self._judged, self._addressed, self._modal, self._bare):
            head = find(position, end)
            if head:
                return head
        return None

    def _asks_unnamed(self, start: int, end: int) -> bool:
        """ "yêu cầu các nhà thầu …" goes on with what the addressee has to do."""
        asks = _ASKS_OTHERS.match(self.material.folded, start, end)
        listed = self.parties.read(asks.end(), end) if asks else None
        return listed is not None and not any(party.registered for party in listed.parties)

    def skip_connectors(self, start: int, end: int) -> int:
        found = CONNECTOR.match(self.material.folded, start, end)
        return found.end() if found else start

    # --- "Đồng chí yêu cầu Sở Y tế …" -------------------------------------------

    def _ordered(self, start: int, end: int) -> Head | None:
        folded = self.material.folded
        for found in _ORDER_VERB.finditer(folded, start, min(end, start + _REACH)):
            before = folded[start : found.start()]
            if is_noun(before):
                continue
            if _NOT_ASSIGNED.match(folded, found.start()):
                continue
            verdict = who_speaks(before)
            if verdict == "third" and found.group() not in words("speech", "weak_order_verbs")[:6]:
                return Head("rejected", "ý kiến của người khác", start, end)
            if verdict == "speaker" and not self._own_work(found, before, end):
                head = self._after_order(found, start, end)
                if head:
                    return head
        return None

    def _own_work(self, found: re.Match[str], before: str, end: int) -> bool:
        """ "Thanh tra tỉnh lưu ý đưa …": a named agency's own work, not an order by it."""
        if found.group() not in {"lưu ý", "quán triệt", "chỉ đạo", "phân công"} or not before.strip():
            return False
        return self.material.verb_at(found.end() + 1, end)

    def _after_order(self, found: re.Match[str], start: int, end: int) -> Head | None:
        folded = self.material.folded
        filler = _FILLER.match(folded, found.end(), end)
        position = filler.end() if filler else found.end()
        listed = self.parties.read(position, end)
        if listed is None:
            if found.group() in words("speech", "weak_order_verbs") and not self._bare_after_weak(
                found, position, end
            ):
                return None
            topic = self._topic_parties(start, found.start())
            return Head(
                "order", f"lời giao việc '{found.group()}'", start, self._skip_modal(position, end), topic
            )
        content = self._content_start(listed.end, end)
        if _PAST_OR_FUTURE.match(folded, content, end):
            return Head("rejected", TOLD, start, end)
        return Head("order", f"lời giao việc '{found.group()}'", start, content, listed)

    def _bare_after_weak(self, found: re.Match[str], position: int, end: int) -> bool:
        """ "kiến nghị:" or "lưu ý cần …" open an order without a name; "giao đất" does not."""
        if found.group() in {"giao", "chỉ đạo", "phân công", "quán triệt"}:
            return False
        rest = self.material.folded[found.end() : end].strip()
        quoted = ":" in self.material.folded[found.end() : position]
        return (
            not rest
            or quoted
            or rest[0] in ':"'
            or self.material.verb_at(position, end)
            or bool(_MODAL.match(self.material.folded, position, end))
        )

    def _topic_parties(self, start: int, end: int) -> PartyList | None:
        """ "Đối với Sở A, đồng chí đề nghị …": the topic is the addressee."""
        found = _TOPIC_ADDRESSEE.match(self.material.folded, start, end)
        return self.parties.read(found.end(), end, bare_names=False) if found else None

    # --- praise, results, promises ------------------------------------------------

    def _judged(self, start: int, end: int) -> Head | None:
        folded = self.material.folded
        for position in self._openings(start, end):
            if self._others_speak(position, end) or _DELEGATION_ACTS.match(folded, position, end):
                return Head("rejected", "ý kiến hoặc lời hứa của người khác", start, end)
            if _PRAISE.match(folded, position, end) and not _ASSESSED_WORK.match(folded, position, end):
                return Head("rejected", "khen, đánh giá hoặc mong muốn", start, end)
            speaker = SPEAKER.match(folded, position, end)
            if speaker:
                near = folded[speaker.end() : min(end, speaker.end() + 130)]
                judged = finder("speech", "praise").search(near)
                if judged and not re.search(r"[;.]| (?:cần|phải|yêu cầu) ", near[: judged.start()]):
                    return self._after_judgement(start, speaker.end() + judged.end(), end)
        return None

    def _others_speak(self, position: int, end: int) -> bool:
        """A third party is the subject and reports, asks or promises."""
        folded = self.material.folded
        third = THIRD.match(folded, position, end)
        if not third:
            return False
        said = _REPORTED.search(folded, position, min(end, position + 200))
        if self.is_news and _RECEIVES.search(folded, third.end(), min(end, position + 90)):
            return True
        return bool(said) and not self._is_addressee(position, end)

    def _after_judgement(self, start: int, behind: int, end: int) -> Head:
        """ "đồng chí nhấn mạnh, phường cần …": an instruction may follow in the same clause."""
        if self.material.folded[behind - 9 : behind] in {"nhấn mạnh"} or self.material.folded[
            :behind
        ].endswith(("nhấn mạnh", "nêu rõ", "lưu ý")):
            position = self.skip_connectors(_skip(self.material.folded, behind, end), end)
            head = self._addressed(position, end)
            if head and head.kind == "modal":
                return head
        return Head("rejected", "khen, đánh giá hoặc mong muốn", start, end)

    def _is_addressee(self, position: int, end: int) -> bool:
        listed = self.parties.read(position, end)
        if listed is None:
            return False
        content = self._content_start(listed.end, end)
        return self.material.verb_at(content, end) and not self._denied(content, end)

    def _denied(self, position: int, end: int) -> bool:
        """Is the predicate here past, future or a state rather than work to do?"""
        folded = self.material.folded
        if not _NOT_AN_ORDER.match(folded, position, end) or _MODAL.match(folded, position, end):
            return False
        return not _WORK_AFTER_HAVE.match(folded, position, end)

    # --- "Sở Y tế giám sát …", "ngành cần …" -----------------------------------------

    def _openings(self, start: int, end: int) -> list[int]:
        """Where a clause may really begin: here, and behind the commas of its topics."""
        folded = self.material.folded
        places = [start]
        position = start
        while len(places) < _MAX_TOPICS and TOPIC.match(folded, position, end):
            comma = _TOPIC_ENDS.search(folded, position, min(end, position + _REACH))
            if not comma:
                break
            position = self.skip_connectors(comma.end(), end)
            places.append(position)
        return places

    def _addressed(self, start: int, end: int) -> Head | None:
        for position in self._openings(start, end):
            listed = self.parties.read(position, end)
            if listed is None:
                continue
            also = _ALSO.match(self.material.folded, listed.end, end)
            content = _skip(self.material.folded, also.end() if also else listed.end, end)
            modal = _MODAL.match(self.material.folded, content, end)
            if modal:
                return Head("modal", f"'{modal.group()}'", start, self._skip_modal(content, end), listed)
            content = self._content_start(listed.end, end)
            if self._denied(content, end) and not self._on_condition(content, end):
                return Head("rejected", TOLD, start, end)
            if content >= end or self._works_at(content, end) or self._surely(listed, content, end):
                return Head("addressed", "cơ quan đứng đầu câu", start, content, listed)
        return None

    def _on_condition(self, content: int, end: int) -> bool:
        """ "Sở A: trên cơ sở đề xuất của Sở B, tham mưu …"."""
        return bool(_UPON.match(self.material.folded, content, end)) and self._works_at(content, end)

    def _surely(self, listed: PartyList, content: int, end: int) -> bool:
        """A colon follows the addressee, or in a list of tasks a verb we do not know."""
        if self.material.folded[listed.end : listed.end + 1] == ":":
            return True
        named = self.in_tasks and any(party.registered for party in listed.parties)
        return named and not _NO_WORK.match(self.material.folded, content, end)

    def _works_at(self, content: int, end: int) -> bool:
        """A verb here, or behind a condition that stands between addressee and work."""
        if self.material.verb_at(content, end):
            return True
        return bool(_CONDITION.match(self.material.folded, content, end)) and any(
            self.material.verb_at(place, end) for place in self._openings(content, end)[1:]
        )

    def _modal(self, start: int, end: int) -> Head | None:
        condition = _IF_MUST.match(self.material.folded, start, end)
        if condition:
            return Head("modal", "'phải' sau điều kiện", start, condition.end())
        for position in self._openings(start, end):
            modal = _MODAL.match(self.material.folded, position, end)
            if modal:
                return Head("modal", f"'{modal.group()}'", start, self._skip_modal(position, end), None)
        return None

    def _bare(self, start: int, end: int) -> Head | None:
        for position in self._openings(start, end):
            if position > start and (
                SPEAKER.match(self.material.folded, start)
                or _FUTURE.search(self.material.folded, start, position)
            ):
                return None
            if _NOT_AN_ORDER.match(self.material.folded, position, end) and self._denied(position, end):
                return None
            if self.material.verb_at(position, end) or _RESULT_FIRST.match(
                self.material.folded, position, end
            ):
                return Head("bare", "động từ đứng đầu câu", start, start)
        return None

    def _content_start(self, behind: int, end: int) -> int:
        folded = self.material.folded
        role = _ROLE_PHRASE.match(folded, behind, end)
        if role:
            behind = role.end()
        return self._skip_modal(_skip(folded, behind, end), end)

    def _skip_modal(self, position: int, end: int) -> int:
        modal = _MODAL.match(self.material.folded, position, end)
        if not modal:
            return position
        kept = data("speech")["modal_keeps"].get(modal.group())
        if kept:
            return modal.end() - len(kept)
        return _skip(self.material.folded, modal.end(), end)


def _skip(folded: str, position: int, end: int) -> int:
    """Over spaces and the signs that stand between addressee and work."""
    while position < end and folded[position] in " ,:\"'-":
        position += 1
    return position
