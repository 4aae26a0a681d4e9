"""The site's own scanner: an executable named `scan` in the home, asked about each file before anything names it."""

import subprocess
from pathlib import Path

import structlog

from workflow.words import Texts

log = structlog.get_logger(__name__)
NAME = "scan"
SECONDS = 60
INFECTED = 1


def objection(home: Path, file: Path) -> Texts | None:
    """None lets the file in: exit code 0, or no scanner. 1 calls it harmful; a scanner that fails lets nothing in."""
    scanner = home / NAME
    if not scanner.exists():
        return None
    try:
        code = subprocess.run([scanner, file], timeout=SECONDS, capture_output=True, check=False).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("scanner_failed", error=type(error).__name__)
        return UNCHECKED
    if code == 0:
        return None
    log.warning("file_refused_by_scanner", code=code)
    return HARMFUL if code == INFECTED else UNCHECKED


HARMFUL = {"vi": "phần mềm quét mã độc từ chối.", "en": "the scanner found it harmful."}
UNCHECKED = {
    "vi": "phần mềm quét mã độc không trả lời; thử lại sau.",
    "en": "the scanner did not answer; try again later.",
}
