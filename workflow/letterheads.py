"""The head of reports and letters: what an administrator wrote, else what the settings say."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Session

from workflow import audit
from workflow.desk import Desk
from workflow.errors import InputWrong, WorkflowError
from workflow.models.house_head import HouseHead
from workflow.register import check_administrator
from workflow.words import pair

NAME = "letterhead"
LAYOUTS = ("dang", "nha-nuoc")
LONGEST = {"body": 300, "parent_body": 300, "place": 100}


class HeadChanged(WorkflowError):
    """Somebody else saved in the meantime; nothing is overwritten."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Tiêu đề văn bản vừa được người khác đổi. Bản đang dùng hiện bên cạnh; xem lại rồi ghi lại.",
        "en": "Somebody else changed the letterhead meanwhile. Theirs is shown beside; look, then save again.",
    }


@dataclass(frozen=True)
class Head:
    """`version` 0: nobody wrote one here."""

    body: str
    parent_body: str | None
    place: str | None
    layout: str
    version: int = 0


def head(db: Session, otherwise: Head) -> Head:
    row = db.get(HouseHead, NAME)
    if row is None:
        return otherwise
    return Head(row.body, row.parent_body, row.place, row.layout, row.version)


def write(desk: Desk, wanted: Head, otherwise: Head, now: datetime) -> Head:
    """`wanted.version`: the one the writer saw. Raises HeadChanged when it is not the newest."""
    check_administrator(desk, NAME)
    _check(wanted)
    row = desk.db.get(HouseHead, NAME, with_for_update=True)
    if wanted.version != (row.version if row else 0):
        raise HeadChanged
    before = head(desk.db, otherwise)
    row = row or HouseHead(name=NAME, body="", layout="", version=0, changed_at=now)
    row.body, row.parent_body, row.place = wanted.body, wanted.parent_body or None, wanted.place or None
    row.layout, row.version, row.changed_at = wanted.layout, row.version + 1, now
    desk.db.add(row)
    after = Head(row.body, row.parent_body, row.place, row.layout, row.version)
    audit.record(
        desk.db, desk.actor, "letterhead.change", at=desk.now, on=desk.today, detail=_changes(before, after)
    )
    return after


def _check(wanted: Head) -> None:
    if not wanted.body:
        raise _wrong("body", "", "Không để trống.", "It cannot be empty.")
    for field, most in LONGEST.items():
        if len(text := getattr(wanted, field) or "") > most:
            raise _wrong(field, text[:40], f"Dài nhất {most} ký tự.", f"At most {most} characters.")
    if wanted.layout not in LAYOUTS:
        raise _wrong("layout", wanted.layout, "Chọn dang hoặc nha-nuoc.", "Choose dang or nha-nuoc.")


def _changes(before: Head, after: Head) -> dict[str, Any]:
    old, new = asdict(before), asdict(after)
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}


def _wrong(field: str, value: str, vi: str, en: str) -> InputWrong:
    return InputWrong(field=field, value=value, why=pair(vi, en))
