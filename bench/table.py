"""What every benchmark prints: a table for people, the same as JSON for comparisons."""

import json
import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

RESULTS = Path(__file__).parents[1] / ".bench"


@dataclass(frozen=True)
class Timed:
    """Seconds of repeated runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """From the quickest to the slowest, as a share of the median."""
        return (max(self.seconds) - min(self.seconds)) / self.median if self.median else 0.0


def timed(run: Callable[[], object], times: int) -> Timed:
    seconds = []
    for _ in range(times):
        began = perf_counter()
        run()
        seconds.append(perf_counter() - began)
    return Timed(tuple(seconds))


def show(name: str, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Prints the rows and keeps them in .bench/NAME.json with what the machine is."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = [[_said(row.get(column, "")) for column in columns] for row in rows]
    widths = [max(len(line[n]) for line in [columns, *cells]) for n in range(len(columns))]
    print(f"\n{title}")
    for line in [columns, *cells]:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))
    RESULTS.mkdir(exist_ok=True)
    kept = {"title": title, "cores": os.cpu_count(), "rows": [dict(row) for row in rows]}
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
