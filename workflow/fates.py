"""What became of each step of a ladder: read from the notices and the messages that carried them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.ladder import Step
from workflow.models.message import Message
from workflow.models.notice import Notice, NoticeStatus
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.person import Person

Texts = dict[str, str]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Told:
    """One rung or level of one obligation: what became of it so far."""

    step: Step
    fate: str
    text: Texts

    def as_json(self) -> dict[str, Any]:
        step = {"rung": self.step.offset} if self.step.level is None else {"level": self.step.level.level}
        return {**step, "on": self.step.on.isoformat(), "fate": self.fate, "why": self.text}


class Fates:
    """What the journal knows of each step: notices and the messages that carried them."""

    def __init__(self, db: Session, obligation_ids: list[int]) -> None:
        columns: tuple[Any, ...] = (Notice, Message.status, Message.handed_over_at, Person.name)
        query = (
            select(*columns)
            .select_from(Notice)
            .outerjoin(Message, col(Message.key) == col(Notice.bundle))
            .outerjoin(Person, col(Person.id) == col(Notice.person_id))
            .where(col(Notice.obligation_id).in_(obligation_ids))
            .order_by(col(Notice.id))
        )
        self.rows = [tuple(row) for row in db.execute(query)]

    def of(self, obligation: Obligation, step: Step, on: date) -> Told:
        told = [row for row in self.rows if _is_of(row[0], obligation, step) and row[0].night_on <= on]
        for fate, read in READERS:
            if (text := read(told)) is not None:
                return Told(step, fate, text)
        if told:
            return Told(step, str(told[0][1] or "pending"), _waiting(told))
        return Told(step, *_not_told(obligation, step, on))


def _is_of(notice: Notice, obligation: Obligation, step: Step) -> bool:
    if notice.obligation_id != obligation.id or notice.due_version != obligation.due_version:
        return False
    if step.level is None:
        return notice.rung == step.offset and notice.level is None
    return notice.level == step.level.level and not notice.key.startswith("W:")


def _sent(told: list[Row]) -> Texts | None:
    names = [name for notice, status, at, name in told if at is not None]
    if not names:
        return None
    at = max(at for _, _, at, _ in told if at is not None)
    people, day = ", ".join(names), told[0][0].night_on
    return {"vi": f"đã gửi {people} ({day:%d/%m/%Y})", "en": f"sent to {people} ({at:%d/%m/%Y})"}


def _unreachable(told: list[Row]) -> Texts | None:
    if told and all(notice.status is NoticeStatus.UNREACHABLE for notice, *_ in told):
        return {"vi": "không có người nhận được thư", "en": "nobody could be reached"}
    return None


def _merged(told: list[Row]) -> Texts | None:
    if any(notice.status is NoticeStatus.MERGED for notice, *_ in told):
        return {
            "vi": "đã gộp vào mốc gần hơn (lượt quét bị lỡ)",
            "en": "merged into a nearer step (nights were missed)",
        }
    return None


def _dropped(told: list[Row]) -> Texts | None:
    if told and all(notice.status is NoticeStatus.DROPPED for notice, *_ in told):
        return {
            "vi": "không gửi: nghĩa vụ đã khép lại trước giờ gửi",
            "en": "not sent: settled before the hour of sending",
        }
    return None


def _waiting(told: list[Row]) -> Texts:
    if any(status == "held" for _, status, *_ in told):
        return {"vi": "đang giữ: vượt mức trần thư một đêm", "en": "held: over the cap of one night"}
    return {"vi": "đã lập, chờ gửi", "en": "written, waiting to be sent"}


def _not_told(obligation: Obligation, step: Step, on: date) -> tuple[str, Texts]:
    if not step.applies and step.reason is not None:
        return "not_applicable", step.reason
    if obligation.status is ObligationStatus.PAUSED:
        return "paused", {"vi": "đang tạm dừng", "en": "paused"}
    if obligation.met_on is not None and obligation.met_on <= step.on:
        return "settled", {
            "vi": f"không cần: xong ngày {obligation.met_on:%d/%m/%Y}",
            "en": f"not needed: settled on {obligation.met_on:%d/%m/%Y}",
        }
    if step.on > on:
        return "not_yet", {"vi": "chưa đến", "en": "not yet"}
    if step.level is not None and obligation.level < step.level.level:
        if step.level.level == 1:
            return "waits", {"vi": "chờ lượt quét kế tiếp", "en": "waits for the next sweep"}
        return "waits", {
            "vi": "chờ cấp dưới đủ khoảng cách",
            "en": "waits until the level below is old enough",
        }
    return "before_tracking", {"vi": "trước khi hệ thống theo dõi", "en": "before the system kept track"}


READERS: tuple[tuple[str, Callable[[list[Row]], Texts | None]], ...] = (
    ("sent", _sent),
    ("nobody_reachable", _unreachable),
    ("merged", _merged),
    ("dropped", _dropped),
)
