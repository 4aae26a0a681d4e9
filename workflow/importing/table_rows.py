"""From a line of somebody's table to one directive's record; every fault with its row, column and reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.findings import Finding
from workflow.importing.sheet import Line
from workflow.plain import plain
from workflow.words import Texts, pair

URGENCIES = {"khan": "urgent", "thuong khan": "very_urgent", "hoa toc": "express", "urgent": "urgent",
             "very_urgent": "very_urgent", "express": "express"}  # fmt: skip
NO_WORDS = {"", "khong", "no", "0", "false"}
CODE = re.compile(r"[\w.\-/]{1,40}")
MOST_LEVEL, MOST_EXTENSIONS = 9, 50
SPLIT = re.compile(r"\s*[;\n]\s*")


@dataclass(frozen=True)
class Record:
    """One directive as the table tells it. Bodies are named by code, by name, or by both."""

    line: Line
    code: str
    text: str
    title: str | None
    source: str | None
    supervision: str
    subject: str | None
    session_on: date | None
    delegation: str | None
    delegation_name: str | None
    programme: str | None
    urgency: str | None
    lead: str | None
    lead_name: str | None
    coordinating: tuple[str, ...]
    coordinating_names: tuple[str, ...]
    issued_on: date
    due_on: date | None
    original_due_on: date | None
    rhythm: str | None
    product: str | None
    state: str
    state_on: date | None
    acknowledged_on: date | None
    reported_on: date | None
    result: str | None
    evidence: tuple[str, ...]
    difficulty: str | None
    level: int
    extensions: int
    is_secret: bool


def read_record(line: Line, defaults: Mapping[str, str], states: Mapping[str, str]) -> Record | list[Finding]:
    """`states` maps words in plain letters to states of the lifecycle."""
    return _Reader(line, defaults, states).record()


class _Reader:
    def __init__(self, line: Line, defaults: Mapping[str, str], states: Mapping[str, str]) -> None:
        self.line, self.defaults, self.states = line, defaults, states
        self.findings: list[Finding] = []

    def record(self) -> Record | list[Finding]:
        supervision = self.needed("supervision")
        due_on, original = self.day("due_on"), self.day("original_due_on")
        state, reported_on = self.state(), self.day("reported_on")
        record = Record(
            line=self.line, code=self.code(supervision), text=self.needed("text"), title=self.text("title"),
            source=self.text("source"), supervision=supervision, subject=self.text("subject"),
            session_on=self.day("session_on"), delegation=self.text("delegation"),
            delegation_name=self.text("delegation_name"), programme=self.text("programme"),
            urgency=self.urgency(), lead=self.text("lead"), lead_name=self.text("lead_name"),
            coordinating=self.several("coordinating"), coordinating_names=self.several("coordinating_names"),
            issued_on=self.day("issued_on") or self.missing("issued_on"), due_on=due_on or original,
            original_due_on=original or due_on, rhythm=self.text("rhythm"), product=self.text("product"),
            state=state, state_on=self.day("state_on"), acknowledged_on=self.day("acknowledged_on"),
            reported_on=reported_on, result=self.text("result"), evidence=self.several("evidence"),
            difficulty=self.text("difficulty"), level=self.number("level", MOST_LEVEL),
            extensions=self.number("extensions", MOST_EXTENSIONS),
            is_secret=plain(self.text("secret") or "") not in NO_WORDS,
        )  # fmt: skip
        self._check(record)
        return self.findings or record

    def _check(self, record: Record) -> None:
        if record.due_on is None and record.rhythm is None:
            self.wrong(
                "due_on", pair("cần thời hạn, hoặc nhịp báo cáo.", "a due date or a rhythm is needed.")
            )
        if record.lead is None and record.lead_name is None:
            self.wrong("lead_name", pair("cần cơ quan chủ trì.", "the lead agency is needed."))
        if record.due_on is not None and record.rhythm is None and record.due_on < record.issued_on:
            self.wrong("due_on", pair("thời hạn trước ngày giao.", "it is due before it was issued."))
        if record.state in ("reported", "done", "sent_back") and record.reported_on is None:
            self.wrong(
                "reported_on",
                pair("trạng thái này cần ngày báo cáo.", "this state needs the day of the report."),
            )

    def text(self, key: str) -> str | None:
        return self.line.text(key) or self.defaults.get(key) or None

    def needed(self, key: str) -> str:
        said = self.text(key)
        if said is None:
            self.wrong(key, pair("không để trống.", "it cannot be empty."))
        return said or ""

    def missing(self, key: str) -> date:
        """A stand-in, so that all faults of the row come out together."""
        if not any(one.field.startswith(f"{key} ") for one in self.findings):
            self.wrong(key, pair("cần một ngày.", "a day is needed."))
        return date.min

    def day(self, key: str) -> date | None:
        try:
            return self.line.day(key)
        except (ValueError, OverflowError):
            self.wrong(key, pair("không phải ngày có thật (dd/mm/yyyy).", "no real date (dd/mm/yyyy)."))
            return None

    def several(self, key: str) -> tuple[str, ...]:
        return tuple(part for part in SPLIT.split(self.text(key) or "") if part)

    def number(self, key: str, most: int) -> int:
        said = self.text(key) or "0"
        if not said.isdecimal() or int(said) > most:
            self.wrong(key, pair(f"cần số từ 0 đến {most}.", f"a number from 0 to {most} is needed."))
            return 0
        return int(said)

    def code(self, supervision: str) -> str:
        """The table's own, else the supervision's with the row's place."""
        said = self.text("code")
        if said is None and (place := self.line.text("place")).isdecimal():
            said = f"{supervision}-{int(place):02d}"
        if said is None or CODE.fullmatch(said) is None:
            self.wrong(
                "code",
                pair("cần mã (chữ, số, - . /), hoặc cột STT.", "a code, or a numbered row, is needed."),
            )
        return said or ""

    def urgency(self) -> str | None:
        said = self.text("urgency")
        if said is None or plain(said) == "thuong":
            return None
        if plain(said) not in URGENCIES:
            self.wrong(
                "urgency", pair("chỉ nhận: khẩn, thượng khẩn, hỏa tốc.", "urgent, very_urgent or express.")
            )
        return URGENCIES.get(plain(said))

    def state(self) -> str:
        """By our own name of the state, else by the first words of the status column."""
        said = self.text("state") or (self.text("status") or "").split(";")[0]
        if not said.strip():
            return "issued"
        found = self.states.get(plain(said))
        if found is None:
            names = ", ".join(sorted(set(self.states.values())))
            key = "state" if self.text("state") else "status"
            self.wrong(
                key, pair(f"trạng thái không rõ. Được phép: {names}.", f"unknown state. Allowed: {names}.")
            )
        return found or "issued"

    def wrong(self, key: str, why: Texts) -> None:
        self.findings.append(self.line.finding(key, why))
