"""Pages by key: the next page starts after the last row seen, so rows that come or go shift nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from workflow.errors import InputWrong

Item = TypeVar("Item")
MOST = 1_000


@dataclass(frozen=True)
class Page(Generic[Item]):
    """`after` is the cursor of the next page, None on the last one."""

    rows: tuple[Item, ...]
    after: str | None


def cut(rows: Sequence[Item], keys: Sequence[Sequence[Any]], limit: int) -> Page[Item]:
    """From `limit + 1` rows read: the page, and its cursor when there was one row more."""
    if len(rows) <= limit:
        return Page(tuple(rows), None)
    return Page(tuple(rows[:limit]), cursor(keys[limit - 1]))


def cursor(key: Sequence[Any]) -> str:
    text = json.dumps([str(part) for part in key], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def position(cursor: str, parts: int) -> list[str]:
    """The key a cursor stands for. Raises InputWrong for one this list did not give."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or len(key) != parts or not all(isinstance(part, str) for part in key):
        raise unknown(cursor)
    return key


def unknown(cursor: str) -> InputWrong:
    """Not a place this list ever named."""
    why = {
        "vi": "Dùng đúng giá trị 'after' của trang trước, với cùng cách sắp xếp.",
        "en": "Use the 'after' of the page before, with the same sorting.",
    }
    return InputWrong(field="after", value=cursor[:40], why=why)


def checked_limit(limit: int) -> int:
    if not 1 <= limit <= MOST:
        why = {"vi": f"Từ 1 đến {MOST}.", "en": f"Between 1 and {MOST}."}
        raise InputWrong(field="limit", value=limit, why=why)
    return limit
