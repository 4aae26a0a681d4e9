"""A real IMAP server in a process of its own; it keeps its mails in memory."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from imap_tools import MailBoxUnencrypted

from tasks import child

USER, PASSWORD = "tra-loi", "mat-khau-thu"


class ImapServer:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dondoc-imap-"))
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "ImapServer":
        options = ["--port", str(self.port), "--host", "127.0.0.1", "--no-tls", "dict"]
        account = ["--demo-user", USER, "--demo-password", PASSWORD]
        with (self.folder / "log").open("ab") as log:
            self.process = child.spawn(
                [str(Path(sys.executable).with_name("pymap")), *options, *account], output=log
            )
        until = time.monotonic() + 30
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, "the IMAP server did not start"
            time.sleep(0.05)
        return self

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}"

    def deliver(self, data: bytes) -> None:
        """What the site's own mail server would do with it."""
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=20).login(USER, PASSWORD) as mailbox:
            mailbox.append(data, "INBOX")

    def holds(self, folder: str = "INBOX", criteria: str = "ALL") -> int:
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=20).login(USER, PASSWORD, folder) as mailbox:
            return len(mailbox.uids(criteria, charset=None))

    def stop(self) -> None:
        if self.process is not None:
            child.stop(self.process, 10)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
