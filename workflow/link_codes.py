"""Six digits sent to the registered mailbox: they open secret directives, and the list of all the agency's."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from workflow import links

LASTS = timedelta(minutes=10)
MOST_FAILURES = 5


def new_code(db: Session, token: str, now: datetime) -> str:
    """`now` is the machine's clock. An earlier code ends; only the digest is kept."""
    link = links.find(db, token, locked=True)
    code = f"{secrets.randbelow(10**6):06}"
    link.code_hash, link.code_ends_at, link.code_failures = _digest(link.id, code), now + LASTS, 0
    db.flush()
    return code


def enter(db: Session, token: str, code: str, now: datetime) -> bool:
    """Once: a right code is spent, and so is one after five wrong entries."""
    link = links.find(db, token, locked=True)
    if link.code_hash is None or link.code_ends_at is None or now >= link.code_ends_at:
        return False
    digits = "".join(char for char in code if char.isdigit())
    if hmac.compare_digest(_digest(link.id, digits), link.code_hash):
        link.code_hash = None
        return True
    link.code_failures += 1
    if link.code_failures >= MOST_FAILURES:
        link.code_hash = None
    return False


def _digest(link_id: int, code: str) -> str:
    return hashlib.sha256(f"{link_id}:{code}".encode()).hexdigest()
