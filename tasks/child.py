"""Child processes that end when their parent ends, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

LAUNCHER = Path(__file__).with_name("launch.py")


def spawn(
    program: Sequence[object],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | None = None,
    account: tuple[int, int] | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """`account` is (uid, gid), for root only. Own session: a Ctrl-C reaches the parent, which decides.

    Call it from a thread that lives as long as the process: the kernel watches the thread.
    """
    uid, gid = account or (-1, -1)
    front = [sys.executable, "-I", "-S", LAUNCHER, os.getpid(), int(death_signal), uid, gid]
    return subprocess.Popen(
        [str(part) for part in (*front, *program)],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes], patience: float, ask: signal.Signals = signal.SIGTERM) -> int:
    """Asks, waits `patience` seconds, then kills it and its own children. Returns the exit status."""
    if process.poll() is None:
        process.send_signal(ask)
    try:
        status = process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        status = process.wait()
    end_group(process)
    return status


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kills what a child that has ended left behind, such as the pool of a killed worker."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
