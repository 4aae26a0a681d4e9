"""What a process takes while it runs for long: memory and open files, and whether they grow."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, mean

WARM_UP = 1 / 3
"""Share of a run that is not judged: caches and pools fill."""
MOST_PER_HOUR = 0.01
NOISE_MIB = 4.0
"""What an allocator may keep within minutes without it being a leak."""
MORE_FILES = 4


@dataclass
class Gauge:
    """One process and its own children, as /proc tells of them."""

    name: str
    pid: int
    taken: list[tuple[float, float, int]] = field(default_factory=list)

    def look(self) -> None:
        """A child that ends in between is counted the next time."""
        with suppress(FileNotFoundError, ProcessLookupError):
            family = [self.pid, *_children(self.pid)]
            memory = sum(map(_resident_mib, family))
            self.taken.append((time.monotonic(), memory, sum(map(_open_files, family))))

    @property
    def lives(self) -> bool:
        return Path(f"/proc/{self.pid}/exe").exists()  # a process that ended and is not waited for has none

    def _judged(self) -> list[tuple[float, float, int]]:
        return self.taken[int(len(self.taken) * WARM_UP) :]

    @property
    def mib_per_hour(self) -> float:
        times, memory, _ = zip(*self._judged(), strict=True)
        return linear_regression(times, memory).slope * 3600

    @property
    def is_flat(self) -> bool:
        """Less than 1 % an hour, or so little in all that minutes cannot tell."""
        times, memory, files = zip(*self._judged(), strict=True)
        grown = self.mib_per_hour * (times[-1] - times[0]) / 3600
        half = len(files) // 2
        no_more_files: bool = max(files[half:]) <= max(files[:half]) + MORE_FILES
        grows = self.mib_per_hour > MOST_PER_HOUR * mean(memory) and grown > NOISE_MIB
        return no_more_files and not grows

    def __str__(self) -> str:
        _, memory, files = zip(*self._judged(), strict=True)
        return (
            f"{self.name} {memory[0]:.1f} -> {memory[-1]:.1f} MiB ({self.mib_per_hour:+.1f} MiB/h), "
            f"open files {files[0]} -> {files[-1]}"
        )


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def _open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
