"""The feed of due days as bytes: equal facts give equal bytes, so that a calendar program asks cheaply."""

import hashlib
from collections.abc import Iterable
from datetime import UTC
from urllib.parse import quote

from notifications.due_days import sequence
from notifications.entries import Entry, calendar
from workflow.feeds import DueDay


def feed(days: Iterable[DueDay], base_url: str, host: str, name: str, locale: str) -> bytes:
    return calendar((_entry(day, base_url) for day in days), host, f"Đôn đốc, {name}", locale)


def _entry(day: DueDay, base_url: str) -> Entry:
    directive = day.directive
    secret = directive.is_secret
    code = hashlib.sha256(directive.code.encode()).hexdigest()[:16] if secret else directive.code
    return Entry(
        code=code,
        title=directive.title,
        agency=day.agency,
        due_on=day.due_on,
        url=base_url if secret else f"{base_url}/nhiem-vu/{quote(directive.code, safe='')}",
        sequence=sequence(directive.due_version, closed=day.is_closed),
        changed_at=directive.changed_at.astimezone(UTC),
        closed=day.is_closed,
        contributes=day.contributes,
        secret=secret,
        period_on=day.period_on,
    )
