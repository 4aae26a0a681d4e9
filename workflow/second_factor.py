"""The second factor: an app that shows codes, and recovery codes for the day it is lost.

The app's secret is sealed by whoever calls: `Opened` turns what is stored back into it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import pyotp
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import Session, col

from workflow.errors import WorkflowError
from workflow.models.account import RecoveryCode, SecondFactor
from workflow.statements import changed

Opened = Callable[[str], str]
STEP = 30
AROUND = (0, -1, 1)  # clocks of telephones go wrong by half a minute
RECOVERY_CODES = 8


class FactorWrong(WorkflowError):
    """The app's code does not fit: nothing is switched on."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Mã của ứng dụng không đúng hoặc đã dùng. Xem đồng hồ điện thoại rồi nhập mã mới.",
        "en": "The app's code is wrong or was used. Check the telephone's clock and enter a new one.",
    }
    http_status = 422


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, email: str, house: str) -> str:
    """What an app reads, as text or as a picture of it."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=house)


def is_on(db: Session, person_id: int) -> bool:
    row = db.get(SecondFactor, person_id)
    return row is not None and row.confirmed_at is not None


def begin(db: Session, person_id: int, sealed: str, now: datetime) -> None:
    """Kept, but not asked for until the app has shown that it knows the secret."""
    db.execute(delete(SecondFactor).where(col(SecondFactor.person_id) == person_id, _unconfirmed()))
    db.add(SecondFactor(person_id=person_id, secret=sealed, began_at=now))
    db.flush()


def waiting(db: Session, person_id: int) -> SecondFactor | None:
    return db.scalar(select(SecondFactor).where(col(SecondFactor.person_id) == person_id, _unconfirmed()))


def confirm(db: Session, person_id: int, code: str, now: datetime, opened: Opened) -> list[str]:
    """Switched on; the recovery codes exist in this answer and nowhere else."""
    row = waiting(db, person_id)
    if row is None or not _by_app(db, row, code, now, opened):
        raise FactorWrong
    row.confirmed_at = now
    db.add(row)
    return renew_recovery(db, person_id)


def renew_recovery(db: Session, person_id: int) -> list[str]:
    db.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    db.add_all(RecoveryCode(person_id=person_id, code_hash=_digest(person_id, code)) for code in codes)
    return codes


def recovery_left(db: Session, person_id: int) -> int:
    unused = (col(RecoveryCode.person_id) == person_id, col(RecoveryCode.used_at).is_(None))
    return db.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def fits(db: Session, person_id: int, code: str, now: datetime, opened: Opened) -> bool:
    """A code of the app not used before, or a recovery code, which is then spent."""
    row = db.get(SecondFactor, person_id)
    if row is None or row.confirmed_at is None:
        return False
    return _by_app(db, row, code, now, opened) or _by_recovery(db, person_id, code, now)


def remove(db: Session, person_id: int) -> bool:
    """False when there was none."""
    db.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    return changed(db, delete(SecondFactor).where(col(SecondFactor.person_id) == person_id)) == 1


def _by_app(db: Session, row: SecondFactor, code: str, now: datetime, opened: Opened) -> bool:
    """Of two that come with the same code one wins: the step only ever grows."""
    given, step = "".join(code.split()), int(now.timestamp()) // STEP
    app = pyotp.TOTP(opened(row.secret))
    for one in (step + off for off in AROUND):
        if hmac.compare_digest(app.at(one * STEP), given):
            mine = (col(SecondFactor.person_id) == row.person_id, col(SecondFactor.last_step) < one)
            return changed(db, update(SecondFactor).where(*mine).values(last_step=one)) == 1
    return False


def _by_recovery(db: Session, person_id: int, code: str, now: datetime) -> bool:
    mine = (
        col(RecoveryCode.person_id) == person_id,
        col(RecoveryCode.code_hash) == _digest(person_id, "".join(code.split()).lower()),
        col(RecoveryCode.used_at).is_(None),
    )
    return changed(db, update(RecoveryCode).where(*mine).values(used_at=now)) == 1


def _digest(person_id: int, code: str) -> str:
    return hashlib.sha256(f"{person_id}:{code}".encode()).hexdigest()


def _unconfirmed() -> ColumnElement[bool]:
    return col(SecondFactor.confirmed_at).is_(None)
