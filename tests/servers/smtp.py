"""A real SMTP server in a process of its own, whose misbehaviour a test writes down."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any

from tasks import child

ROOT = Path(__file__).resolve().parents[2]


class SmtpServer:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-smtp-"))
        self.rules = self.folder / "rules.json"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> "SmtpServer":
        """On the port of the last start, if there was one."""
        (self.folder / "address").unlink(missing_ok=True)
        options: list[object] = ["--folder", self.folder, "--rules", self.rules, "--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = child.spawn(
                [sys.executable, "-m", "tasks.mailbox_server", *options], cwd=ROOT, output=log
            )
        until = time.monotonic() + 20
        while not (self.folder / "address").exists():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < until, "the mailbox server did not start"
            time.sleep(0.02)
        self.port = int((self.folder / "address").read_text().rpartition(":")[2])
        return self

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?starttls=no"

    def faults(self, *faults: dict[str, Any]) -> None:
        draft = self.rules.with_suffix(".draft")
        draft.write_text(json.dumps(faults), encoding="utf-8")
        os.replace(draft, self.rules)

    def journal(self) -> list[dict[str, Any]]:
        """One entry a mail kept, in order: at, from, to, message_id, subject, size, sha256, outcome, file."""
        path = self.folder / "journal.jsonl"
        return (
            [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            if path.exists()
            else []
        )

    def mails(self) -> list[EmailMessage]:
        files = [self.folder / entry["file"] for entry in self.journal()]
        return [message_from_bytes(file.read_bytes(), policy=modern) for file in files]

    def empty(self) -> None:
        """Forgets mails and faults; the server keeps running."""
        self.rules.unlink(missing_ok=True)
        if (self.folder / "journal.jsonl").exists():
            os.truncate(self.folder / "journal.jsonl", 0)
        for file in (self.folder / "mail" / "new").glob("*"):
            file.unlink()

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            child.stop(self.process, 10)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)
