"""Every benchmark in turn: `python -m bench [--full]`. Tables on the screen, JSON in .bench/."""

import subprocess
import sys

MODULES = (
    "bench.startup",
    "bench.sweep",
    "bench.drain",
    "bench.simulate",
    "bench.pages",
    "bench.inbound",
    "bench.reports",
    "bench.reading",
)
TAKES_FULL = ("bench.sweep", "bench.drain")

if __name__ == "__main__":
    full = "--full" in sys.argv[1:]
    failed = [
        module
        for module in MODULES
        if subprocess.run(
            [sys.executable, "-m", module, *(["--full"] if full and module in TAKES_FULL else [])]
        ).returncode
    ]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
