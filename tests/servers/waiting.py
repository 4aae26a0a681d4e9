"""Waiting for what another process will do: by asking, never by counting seconds."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool], why: Callable[[], str] = str, seconds: float = 60) -> None:
    """Fails with what `why` says when it does not come true in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, why()
        time.sleep(0.02)
