"""What nobody foresaw: a sentence for the person, the trace in a file for whoever mends it."""

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h: not refused, not away, but broken."""
SENTENCES = {
    "vi": "Lỗi trong chương trình ({kind}); việc đang làm dở đã được hủy trọn vẹn. "
    "Hãy gửi tệp này cho người bảo trì: {path}",
    "en": "The program failed ({kind}); what it was doing was undone as a whole. "
    "Please send this file to its maintainers: {path}",
}


def report(error: Exception, locale: str) -> int:
    """Tells the person, keeps the trace for this account's eyes only; returns the exit code."""
    path = _keep("".join(traceback.format_exception(error)))
    click.echo(SENTENCES[locale].format(kind=type(error).__name__, path=path), err=True)
    return EXIT_CODE


def _keep(trace: str) -> Path:
    """In the home's folder of errors; where the home cannot be written, in the temporary folder."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-"
    handle, path = tempfile.mkstemp(prefix=name, suffix=".txt", dir=_folder())
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(trace)
    return Path(path)


def _folder() -> Path | None:
    from config.settings import load_settings

    try:
        folder = load_settings().home / "errors"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except Exception:  # noqa: BLE001, RUF100 - nothing may hide the first error
        return None
    return folder
