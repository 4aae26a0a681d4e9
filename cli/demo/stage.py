"""The processes of the demo: a mail server, and the product itself on a clock that can be moved."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from config.instant import set_now
from tasks import child

PATIENCE = 60.0


class MailServer:
    """A real SMTP server that keeps every mail it accepts, and a journal written before each 250."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "MailServer":
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = child.spawn([sys.executable, "-m", "tasks.mailbox_server", "--folder", self.folder])
        until = time.monotonic() + PATIENCE
        while not (self.folder / "address").exists() and time.monotonic() < until:
            time.sleep(0.02)
        return self

    def __exit__(self, *error: object) -> None:
        if self.process is not None:
            child.stop(self.process, 5)

    @property
    def url(self) -> str:
        return f"smtp://{(self.folder / 'address').read_text().strip()}?starttls=never"

    def journal(self) -> list[dict[str, Any]]:
        path = self.folder / "journal.jsonl"
        return (
            [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            if path.exists()
            else []
        )


@contextmanager
def environment(home: Path, smtp_url: str, clock_file: Path, start: datetime) -> Iterator[None]:
    """The demo's own settings for this process and its children; what was set before comes back after."""
    set_now(clock_file, start)
    ours = {
        "DONDOC_HOME": str(home),
        "DONDOC_SMTP_URL": smtp_url,
        "DONDOC_CLOCK_FILE": str(clock_file),
        "DONDOC_POLL_SECONDS": "1",
        "DONDOC_LOG_LEVEL": os.environ.get("DONDOC_LOG_LEVEL", "ERROR"),
        "DONDOC_LOG_FORMAT": "text",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def kill(process: subprocess.Popen[bytes]) -> None:
    """As the kernel would: no goodbye. The supervisor brings it back."""
    process.send_signal(signal.SIGKILL)
