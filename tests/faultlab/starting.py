"""F19: started where the machine does not know its zones, or speaks no language."""

import subprocess
import sys
from pathlib import Path

from tasks.selftest.stage import NewDatabase, Row, Size
from tasks.selftest.verdicts import judged

START = "import sys\nfrom cli import main\nsys.exit(main.run(['db', 'upgrade']))"
WITHOUT_ZONES = f"import sys\nsys.modules['tzdata'] = None\n{START}"
MACHINES: tuple[tuple[str, str, dict[str, str], bool, str], ...] = (
    ("no zone data", WITHOUT_ZONES, {"PYTHONTZPATH": ""}, False, "Asia/Ho_Chi_Minh"),
    ("unknown zone", START, {"DONDOC_TIMEZONE": "Mars/Olympus"}, False, "DONDOC_TIMEZONE"),
    ("a path for a zone", START, {"DONDOC_TIMEZONE": "../etc/passwd"}, False, "DONDOC_TIMEZONE"),
    (
        "locale C",
        START,
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        True,
        "Cơ sở dữ liệu",
    ),
)
"""(machine, program, variables, whether it may start, what it must say)"""


def zones_missing(folder: Path, new: NewDatabase, _size: Size) -> Row:
    """Refused at the start, with the cause named; a plain locale is no cause."""
    with judged("F19 no zone data, bad zones, locale C", folder, new()) as run:
        for machine, program, variables, may_start, sentence in MACHINES:
            status, said = _started(folder, run.url, program, variables)
            right = (status == 0) is may_start and sentence in said
            run.also(right, f"{machine}: exit {status}, {'names' if sentence in said else 'HIDES'} it")
        run.n, run.bounds = len(MACHINES), ["exit not 0 and the cause named; locale C starts"]
    return run.row


def _started(folder: Path, url: str, program: str, variables: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, timeout=60,
        cwd=Path(__file__).resolve().parents[2],
        env={"DONDOC_HOME": str(folder), "DONDOC_DATABASE_URL": url, **variables},
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).decode()
