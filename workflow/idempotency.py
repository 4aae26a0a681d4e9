"""One effect and one answer for each key a caller gives, however often the request comes.

The key is claimed and answered in the transaction of the effect: both are there, or neither. A refusal rolls
back its claim, so the same key may be tried again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import delete, select, text
from sqlmodel import Session, col

from workflow.errors import InputWrong, WorkflowError
from workflow.models.idempotency_key import IdempotencyKey
from workflow.statements import changed, insert_new, is_postgresql

KEPT = timedelta(hours=24)
LENGTH = range(1, 201)


class KeyInUse(WorkflowError):
    """The first request with this key is still at work."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Yêu cầu mang khóa này đang được xử lý. Đề nghị chờ rồi gửi lại đúng như cũ.",
        "en": "A request with this key is still being worked on. Wait, then send the same again.",
    }


class KeyOfAnother(WorkflowError):
    """The key was used for something else: nothing is done, nothing of the first answer is shown."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Khóa này đã dùng cho một yêu cầu khác. Mỗi việc cần một khóa riêng.",
        "en": "This key was used for another request. Each act needs a key of its own.",
    }
    http_status = 422


@dataclass(frozen=True)
class Answered:
    """What the first request was told."""

    status: int
    text: str


@dataclass(frozen=True)
class Claim:
    """`whose`: the caller, for example `person:7`; `request`: everything that makes it this request."""

    whose: str
    key: str
    request: bytes


def claim(db: Session, wanted: Claim, now: datetime, *, waits: bool = False) -> Answered | None:
    """Call first thing in the transaction of the effect. None: go on, then `answer`.

    Raises KeyOfAnother for a different request, KeyInUse while the first is at work; `waits`: not until it is over.
    """
    if len(wanted.key) not in LENGTH:
        why = {"vi": "Cần từ 1 đến 200 ký tự.", "en": "Use 1 to 200 characters."}
        raise InputWrong(field="Idempotency-Key", value=wanted.key[:40], why=why)
    if not waits:
        _hold(db, wanted)
    values = {
        "whose": wanted.whose,
        "key_hash": _digest(wanted.key.encode()),
        "request_hash": _digest(wanted.request),
        "status": 0,
        "answer": "",
        "created_at": now,
    }
    if changed(db, insert_new(db, IdempotencyKey).values(**values)):
        return None
    return _earlier(_row(db, wanted), wanted)


def answer(db: Session, given: Claim, answered: Answered) -> None:
    """What this request, and every later one like it, is told."""
    row = _row(db, given)
    row.status, row.answer = answered.status, answered.text
    db.add(row)


def forget_old(db: Session, now: datetime) -> int:
    """How many keys nobody will come back with."""
    return changed(db, delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < now - KEPT))


def _earlier(row: IdempotencyKey, wanted: Claim) -> Answered:
    if row.request_hash != _digest(wanted.request):
        raise KeyOfAnother
    return Answered(row.status, row.answer)


def _row(db: Session, wanted: Claim) -> IdempotencyKey:
    mine = (
        col(IdempotencyKey.whose) == wanted.whose,
        col(IdempotencyKey.key_hash) == _digest(wanted.key.encode()),
    )
    return db.scalars(select(IdempotencyKey).where(*mine)).one()


def _hold(db: Session, wanted: Claim) -> None:
    """PostgreSQL would wait for the first one's row; SQLite lets one writer in at a time anyway."""
    if not is_postgresql(db):
        return
    number = int.from_bytes(
        hashlib.sha256(f"{wanted.whose}\0{wanted.key}".encode()).digest()[:8], signed=True
    )
    if not db.scalar(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": number}):
        raise KeyInUse


def _digest(given: bytes) -> str:
    return hashlib.sha256(given).hexdigest()
