"""Codes and tokens that count once, for a while: the database keeps their hashes."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from workflow.models.account import CodePurpose, OneTimeCode
from workflow.statements import changed

MOST_FAILURES = 5
LASTS = {
    CodePurpose.SIGN_IN: timedelta(minutes=10),
    CodePurpose.PASSWORD: timedelta(minutes=30),
    CodePurpose.LOCAL_LINK: timedelta(hours=12),
    CodePurpose.FIRST_RUN: timedelta(days=7),
    CodePurpose.RESET: timedelta(minutes=60),
    CodePurpose.SECOND: timedelta(minutes=10),
}


def keep(
    db: Session, purpose: CodePurpose, person_id: int | None, digest: str, now: datetime, browser: str | None = None
) -> None:  # fmt: skip
    db.add(
        OneTimeCode(
            purpose=purpose, person_id=person_id, code_hash=digest, browser_hash=browser,
            created_at=now, ends_at=now + LASTS[purpose],
        )
    )  # fmt: skip
    db.flush()


def spend(db: Session, purpose: CodePurpose, person_id: int | None, now: datetime) -> None:
    """An older code of this kind lets nobody in any more."""
    whose = col(OneTimeCode.person_id) == person_id if person_id else col(OneTimeCode.person_id).is_(None)
    older = (col(OneTimeCode.purpose) == purpose, whose, col(OneTimeCode.used_at).is_(None))
    db.execute(update(OneTimeCode).where(*older).values(used_at=now))


def latest(db: Session, purpose: CodePurpose, person_id: int, now: datetime) -> OneTimeCode | None:
    query = select(OneTimeCode).where(_open(purpose, now), col(OneTimeCode.person_id) == person_id)
    return db.scalar(query.order_by(col(OneTimeCode.id).desc()).limit(1))


def by_digest(db: Session, purpose: CodePurpose, token: str, now: datetime) -> OneTimeCode | None:
    return db.scalar(
        select(OneTimeCode).where(_open(purpose, now), col(OneTimeCode.code_hash) == digest(token))
    )


def use(db: Session, row: OneTimeCode, now: datetime) -> bool:
    """Exactly one of those who hold the code wins."""
    unused = (col(OneTimeCode.id) == row.id, col(OneTimeCode.used_at).is_(None))
    return changed(db, update(OneTimeCode).where(*unused).values(used_at=now)) == 1


def _open(purpose: CodePurpose, now: datetime) -> ColumnElement[bool]:
    fresh = col(OneTimeCode.used_at).is_(None) & (col(OneTimeCode.ends_at) > now)
    return (col(OneTimeCode.purpose) == purpose) & fresh & (col(OneTimeCode.failures) < MOST_FAILURES)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
