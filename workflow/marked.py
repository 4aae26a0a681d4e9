"""A directive the reader did not find: drafted from a passage a person marked in the source."""

import re

from workflow.desk import Desk
from workflow.drafts import Draft, check_may_draft, draft_directive
from workflow.errors import InputWrong, MoveNotAllowed
from workflow.intake import STATES, Codes, find
from workflow.models.directive import Directive
from workflow.models.supervision import ConclusionState, Supervision
from workflow.words import pair

LEAST = 10
ADD = pair("thêm nhiệm vụ", "add a directive")


def add_marked(
    desk: Desk, code: str, passage: str, text: str | None = None, lead: str | None = None
) -> Directive:
    """`passage` must stand in the source word for word; only spaces and line ends may differ."""
    conclusion = find(desk.db, desk.actor, code)
    supervision = desk.db.get_one(Supervision, conclusion.supervision_id)
    check_may_draft(desk, supervision, code)
    if conclusion.state not in (ConclusionState.DRAFT, ConclusionState.SUBMITTED):
        raise MoveNotAllowed(move=ADD, code=code, state=STATES[conclusion.state], allowed="-")
    start, end = _place(conclusion.text, passage)
    quote = conclusion.text[start:end]
    return draft_directive(
        desk,
        Draft(
            code=Codes(desk.db, supervision).next(), supervision=supervision.code, text=text or " ".join(quote.split()),
            lead=lead, conclusion_id=conclusion.id, span=(start, end), quote=quote,
        ),
    )  # fmt: skip


def _place(source: str, passage: str) -> tuple[int, int]:
    words = passage.split()
    found = re.search(r"\s+".join(map(re.escape, words)), source) if len(passage.strip()) >= LEAST else None
    if found is None:
        why = pair(
            "Không thấy đúng đoạn này trong văn bản. Chép nguyên văn một đoạn, ít nhất 10 ký tự.",
            "This passage is not in the text word for word. Copy one as it stands, at least 10 characters.",
        )
        raise InputWrong(field=pair("đoạn bôi đen", "marked passage"), value=passage[:60], why=why)
    return found.start(), found.end()
