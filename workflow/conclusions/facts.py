"""What the document says about itself: kind, number, days, chair, supervised agency, topic."""

import re
from dataclasses import dataclass
from datetime import date

from workflow.conclusions import dates
from workflow.conclusions.agencies import Agency
from workflow.conclusions.dates import Anchor, NoSuchDay
from workflow.conclusions.lexicon import shape
from workflow.conclusions.material import Material
from workflow.conclusions.parties import PartyReader
from workflow.conclusions.people import Chair, find_chair
from workflow.conclusions.reading import Evidence, Fact, Party
from workflow.conclusions.scope import Scope, territory_of

_HEAD_BLOCKS = 16
_SHORT_LINE = 60
_SHORTEST_TOPIC = 8
_NUMBER = re.compile(r"^(?:số(?: hiệu)? ?[:.]? ?)(\d+ ?[-/] ?[^\s,;]*[^\s,;.])")
_DATE_LINE = re.compile(r"(?:^|[ ,])ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
_SHORT_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_SESSION = shape("facts", "session")
_DEADLINE_BEFORE = re.compile(r"(?:trước|chậm nhất(?: là)?|đến|hạn|muộn nhất(?: là)?)(?: hết)? $")
_TOPIC_OF_SESSION = shape("facts", "topic_of_session")
_TOPIC_OF_REPORT = shape("facts", "topic_of_report")
_ISSUED_SHORT = re.compile(r"(?<!\w)ngày (\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_SURVEYED = shape("facts", "surveyed")
_TOPIC_END = shape("facts", "topic_end")
_SUPERVISED = shape("facts", "supervised")


@dataclass(slots=True)
class Facts:
    kind: Fact
    number: Fact
    issued_on: Fact
    session_on: Fact
    chair: Fact
    supervised_agency: Fact
    topic: Fact
    body: int
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Fact]:
        names = ("kind", "number", "issued_on", "session_on", "chair", "supervised_agency", "topic")
        return {name: getattr(self, name) for name in names}

    @property
    def anchor(self) -> Anchor:
        return Anchor(_parsed(self.issued_on.value), _parsed(self.session_on.value))


def _parsed(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


_SILENT = Evidence("văn bản không nêu")


@dataclass(slots=True)
class FactReader:
    material: Material
    scope: Scope

    def read(self) -> Facts:
        kind, title = self._kind()
        issued = self._issued(kind.value)
        lead = self._lead_paragraph(kind.value, title)
        session = self._session(kind.value, lead, issued)
        self.scope.issuer_territory = self._territory(title)
        supervised = self._supervised(kind.value, title, lead)
        self.scope.supervised = self.scope.register.by_name.get(supervised.value or "")
        return Facts(
            kind,
            self._number(title),
            issued,
            session,
            self._chair(kind.value, title, lead),
            supervised,
            self._topic(kind.value, title, lead),
            lead,
        )

    # --- helpers ------------------------------------------------------------------

    def _block(self, i: int) -> tuple[int, int]:
        block = self.material.view.blocks[i]
        return block.start, block.end

    def _folded(self, i: int) -> str:
        start, end = self._block(i)
        return self.material.folded[start:end]

    def _fact(self, value: str, rule: str, start: int, end: int) -> Fact:
        first, last = self.material.view.span(start, end)
        return Fact(value, Evidence(rule, first, last))

    def _count(self) -> int:
        return len(self.material.view.blocks)

    # --- kind and number -------------------------------------------------------------

    def _kind(self) -> tuple[Fact, int]:
        """The kind by the form of the text, and the block of its title."""
        for i in range(min(_HEAD_BLOCKS, self._count())):
            start, end = self._block(i)
            text, folded = self.material.view.text[start:end], self.material.folded[start:end]
            if folded.startswith("thông báo") and text[:9].isupper():
                return self._fact("conclusion_notice", "tiêu đề THÔNG BÁO", start, start + 9), i
            if folded.startswith("kết luận") and text[:8].isupper():
                return self._fact("inspection_conclusion", "tiêu đề KẾT LUẬN", start, start + 8), i
        if any(_NUMBER.match(self._folded(i)) for i in range(min(8, self._count()))):
            return Fact("conclusion_notice", Evidence("có số văn bản, không phải bài báo")), 0
        return Fact("news_report", Evidence("không có quốc hiệu, số và tiêu đề của văn bản")), 0

    def _number(self, title: int) -> Fact:
        for i in range(min(max(title + 1, 1), self._count())):
            found = _NUMBER.match(self._folded(i))
            if found:
                start = self._block(i)[0]
                first, last = start + found.start(1), start + found.end(1)
                return self._fact(
                    self.material.view.text[first:last].replace(" ", ""), "số văn bản", first, last
                )
        return Fact(None, _SILENT)

    # --- days ---------------------------------------------------------------------------

    def _issued(self, kind: str | None) -> Fact:
        rows = range(min(_HEAD_BLOCKS, self._count()))
        if kind == "news_report":
            rows_all = [*range(min(6, self._count())), *range(max(6, self._count() - 3), self._count())]
            return self._dated(
                [i for i in rows_all if len(self._folded(i)) < 90 and (i or self._count() == 1)],
                _SHORT_DATE,
                _DATE_LINE,
            )
        return self._dated(
            [i for i in rows if len(self._folded(i)) < 160],
            _DATE_LINE,
            re.compile(r"(?<!\w)ngày (\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$"),
        )

    def _dated(self, rows: list[int], *shapes: re.Pattern[str]) -> Fact:
        for i in rows:
            for dated in shapes:
                found = dated.search(self._folded(i))
                if found:
                    start = self._block(i)[0]
                    try:
                        day = dates.exact_day(int(found.group(3)), int(found.group(2)), int(found.group(1)))
                    except NoSuchDay:
                        continue
                    return self._fact(
                        day.isoformat(), "dòng ngày tháng", start + found.start(1), start + found.end()
                    )
        return Fact(None, _SILENT)

    def _lead_paragraph(self, kind: str | None, title: int) -> int:
        """The first paragraph of running text: the one that tells of the session."""
        first = (
            min(title + 1, max(self._count() - 1, 0))
            if kind != "news_report"
            else min(1, max(self._count() - 1, 0))
        )
        for i in range(first, min(self._count(), first + 8)):
            folded = self._folded(i)
            if len(folded) > _SHORT_LINE and (
                self._told_session(*self._block(i), 260)
                or (
                    kind != "news_report"
                    and folded.startswith(("ngày", "sáng", "chiều", "thực hiện", "căn cứ", "trong"))
                )
            ):
                return i
        return first

    def _told_session(self, start: int, end: int, within: int) -> re.Match[str] | None:
        """The first day in the paragraph that is not the deadline of an order."""
        text = self.material.folded
        for found in _SESSION.finditer(text, start, min(end, start + within)):
            if not _DEADLINE_BEFORE.search(text[start : found.start()]):
                return found
        return None

    def _session(self, kind: str | None, lead: int, issued: Fact) -> Fact:
        if kind == "inspection_conclusion" or lead >= self._count():
            return Fact(None, Evidence("văn bản không kết luận một buổi làm việc"))
        start, end = self._block(lead)
        found = self._told_session(start, end, 240)
        if not found:
            return Fact(None, _SILENT)
        day, month = int(found.group(1)), int(found.group(2) or found.group(3))
        first, last = found.start(1), found.end()
        try:
            held = self._held(day, month, found.group(4), _parsed(issued.value))
        except NoSuchDay as error:
            return Fact(None, Evidence(f"ngày không tồn tại: {error}", *self.material.view.span(first, last)))
        if held is None:
            return Fact(
                None,
                Evidence("có ngày nhưng không có năm: cần hỏi", *self.material.view.span(first, last)),
                f"{day}/{month}",
            )
        return self._fact(held.isoformat(), "ngày buổi làm việc", first, last)

    def _held(self, day: int, month: int, year: str | None, issued: date | None) -> date | None:
        if year:
            return dates.exact_day(int(year), month, day)
        if issued is None:
            dates.next_day(day, month, None)
            return None
        this_year = dates.exact_day(issued.year, month, day)
        return this_year if this_year <= issued else dates.exact_day(issued.year - 1, month, day)

    # --- agency, chair, topic ---------------------------------------------------------------

    def _territory(self, title: int) -> tuple[str, str] | None:
        """The district or commune that issues the document, from its head."""
        for i in range(min(title, self._count())):
            folded = re.sub(r" cộng h.*| đảng cộng.*", "", self._folded(i))
            place = territory_of(folded.replace("ủy ban nhân dân ", "ubnd ")) or territory_of(
                f"ubnd {folded}"
            )
            if place and len(folded) < 60:
                return place
        return None

    def _supervised(self, kind: str | None, title: int, lead: int) -> Fact:
        if kind == "conclusion_notice":
            head = self._folded(lead)[:500] + self._folded(min(title + 1, self._count() - 1))
            if not re.search(r"đoàn (?:giám sát|kiểm tra|khảo sát)|buổi giám sát", head):
                return Fact(None, Evidence("cuộc họp, không giám sát riêng một cơ quan"))
        rows = [title, title + 1, lead] if kind == "inspection_conclusion" else [lead, title, title + 1]
        for i in dict.fromkeys(row for row in rows if row < self._count()):
            fact = self._supervised_in(i)
            if fact:
                return fact
        return Fact(None, _SILENT)

    def _supervised_in(self, i: int) -> Fact | None:
        start, end = self._block(i)
        reader = PartyReader(self.material, self.scope)
        for found in _SUPERVISED.finditer(self.material.folded, start, min(end, start + 700)):
            listed = reader.read(found.end(), end, bare_names=False)
            if listed and (agency := self._single(listed.leads)):
                return self._fact(
                    agency.name, "sau 'làm việc với', 'giám sát tại', 'đối với'", found.end(), listed.end
                )
        return None

    def _single(self, leads: list[Party]) -> Agency | None:
        names = [party.name for party in leads]
        agency = self.scope.register.by_name.get(names[0]) if len(names) == 1 else None
        return agency if agency and agency.kind != "group" else None

    def _chair(self, kind: str | None, title: int, lead: int) -> Fact:
        if kind == "inspection_conclusion":
            return Fact(None, Evidence("kết luận của cơ quan, không phải của người chủ trì"))
        rows = [lead, lead + 1, lead + 2] if kind == "news_report" else [lead, title + 1, title]
        found: Chair | None = find_chair(
            self.material,
            [self._block(i) for i in dict.fromkeys(rows) if i < self._count()],
            self.scope.issuer_territory,
            named_first=kind == "news_report",
        )
        if found is None:
            return Fact(None, _SILENT)
        return self._fact(
            self.material.view.text[found.start : found.end], found.rule, found.start, found.end
        )

    def _topic(self, kind: str | None, title: int, lead: int) -> Fact:
        rows = [title, title + 1] if kind == "inspection_conclusion" else [lead, lead + 1, title + 1, title]
        for i in dict.fromkeys(row for row in rows if row < self._count()):
            start, end = self._block(i)
            if kind == "inspection_conclusion" and (fact := self._inspected_topic(start, end)):
                return fact
            for shapes in ((_TOPIC_OF_SESSION, _SURVEYED), (_TOPIC_OF_REPORT,)):
                places = [
                    found.start("topic")
                    for shape in shapes
                    if (found := shape.search(self.material.folded, start, end))
                ]
                if places:
                    return self._cut_topic(min(places), end)
        return Fact(None, _SILENT)

    def _inspected_topic(self, start: int, end: int) -> Fact | None:
        """The title of an inspection conclusion, behind "về"."""
        folded = self.material.folded
        direct = re.compile(r"(?:về |(?=việc |công tác |trách nhiệm |tình hình ))").match(folded, start, end)
        if direct and end - direct.end() > 8:
            return self._fact(
                self.material.view.text[direct.end() : end].rstrip(" ."),
                "tiêu đề kết luận",
                direct.end(),
                end,
            )
        behind = re.compile(r" (?:về|trong|qua) ").search(folded, start, end)
        if behind is None or end - behind.end() < _SHORTEST_TOPIC:
            return None
        first = behind.end()
        return self._fact(self.material.view.text[first:end].rstrip(" ."), "tiêu đề kết luận", first, end)

    def _cut_topic(self, start: int, end: int) -> Fact:
        stop = _TOPIC_END.search(self.material.folded, start + 8, end)
        last = stop.start() if stop else end
        return self._fact(
            self.material.view.text[start:last].rstrip(" ,"),
            "sau 'về', 'về việc', 'nghe báo cáo'",
            start,
            last,
        )
