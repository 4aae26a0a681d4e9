"""How soon is it there, and what does it hold? `python -m bench.startup`

Start of `dondoc --help`, of the pages until they answer, and the memory of every process of `dondoc up`.
"""

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.table import show, timed
from tasks import child

TIMES = 3
DONDOC = [sys.executable, "-m", "cli.main"]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dondoc-start-") as folder:
        port = _free_port()
        environment = {
            **os.environ, "DONDOC_HOME": folder, "DONDOC_PORT": str(port), "DONDOC_BASE_URL": f"http://127.0.0.1:{port}",
            "DONDOC_LOG_LEVEL": "ERROR", **_compiled(folder),
        }  # fmt: skip
        subprocess.run([*DONDOC, "init"], env=environment, check=True, capture_output=True)
        rows = []
        for measured in (_help, _pages, _everything):
            rows += measured(environment, port)
            print(*rows[-1].values(), file=sys.stderr)
    show("startup", "Start and memory", rows)


def _compiled(folder: str) -> dict[str, str]:
    """Every module is compiled once and kept, as an installation does, whatever this shell was told."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}


def _help(environment: dict[str, str], _port: int) -> list[dict[str, Any]]:
    return [_repeated("dondoc --help", [*DONDOC, "--help"], environment)]


def _pages(environment: dict[str, str], port: int) -> list[dict[str, Any]]:
    """Importing alone takes CPU; until it answers also counts the database and the first request."""
    _until_ready([*DONDOC, "serve"], environment, port, "healthz")  # compiles
    run = timed(lambda: _until_ready([*DONDOC, "serve"], environment, port, "healthz"), TIMES)
    return [
        _repeated("pages imported", [sys.executable, "-c", "import web.app"], environment),
        {"what": "serve until it answers", "s": run.median, "spread": run.spread},
    ]


def _repeated(what: str, command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """After one run that compiles. `cpu s` is the least of the runs: other people's work hardly shows in it."""
    cpu: list[float] = []

    def once() -> None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    once()
    run = timed(once, TIMES)
    return {"what": what, "s": run.median, "spread": run.spread, "cpu s": min(cpu)}


def _until_ready(command: list[str], environment: dict[str, str], port: int, path: str) -> None:
    process = child.spawn(command, env=environment)
    _wait(port, path)
    child.stop(process, 10)


def _everything(environment: dict[str, str], port: int) -> list[dict[str, Any]]:
    began = time.perf_counter()
    process = child.spawn([*DONDOC, "up"], env=environment)
    _wait(port, "readyz")
    ready = time.perf_counter() - began
    memory = _memory(process.pid)
    child.stop(process, 30)
    whole = {"what": "up until ready, all processes", "s": ready, "MiB": sum(memory.values())}
    return [whole, *({"what": f"  {name}", "MiB": mib} for name, mib in sorted(memory.items()))]


def _memory(root: int) -> dict[str, int]:
    """Proportional set size in MiB of the process and all it started, by name and number."""
    found, waiting = {}, [root]
    while waiting:
        pid = waiting.pop()
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ").split()
            pss = next(
                line
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                if line[:4] == "Pss:"
            )
            found[f"{words[-1][-24:]} {pid}"] = int(pss.split()[1]) // 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(one) for one in (task / "children").read_text().split()]
    return found


def _wait(port: int, path: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=2).close()
            return
        time.sleep(0.02)
    raise TimeoutError(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
