"""The only place that reads a clock. Everything inside is handed the instant it is."""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from config.settings import PREFIX, Settings, SettingWrong


def now(settings: Settings) -> datetime:
    """The instant it is for the product: the clock file's where one is set, else the machine's."""
    return real_now() if settings.clock_file is None else read_instant(settings.clock_file)


def real_now() -> datetime:
    """The machine's clock, whatever the clock file says: leases and time-outs run on this one."""
    return datetime.now(UTC)


def set_now(clock_file: Path, instant: datetime) -> None:
    """A reader sees the old instant or the new one, never half a line."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its zone")
    draft = clock_file.with_name(f".{clock_file.name}.{secrets.token_hex(4)}")
    draft.write_text(instant.astimezone(UTC).isoformat() + "\n", encoding="ascii")
    os.replace(draft, clock_file)


def read_instant(clock_file: Path) -> datetime:
    try:
        instant = datetime.fromisoformat(clock_file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise _unreadable(clock_file) from error
    if instant.tzinfo is None:
        raise _unreadable(clock_file)
    return instant.astimezone(UTC)


def _unreadable(clock_file: Path) -> SettingWrong:
    return SettingWrong(
        field=f"{PREFIX}CLOCK_FILE",
        why={
            "vi": f"{clock_file} phải chứa một thời điểm có múi giờ, ví dụ 2026-08-21T01:30:00+07:00.",
            "en": f"{clock_file} must hold an instant with its zone, such as 2026-08-21T01:30:00+07:00.",
        },
    )
