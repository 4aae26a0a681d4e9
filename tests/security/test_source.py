"""What the source itself must not contain, and what the lock must say of every package."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workflow", "notifications", "reports", "config", "tasks", "web", "cli")
FILES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
FORBIDDEN = {
    r"\byaml\.load\(": "yaml.load runs what it reads",
    r"\bpickle\b": "pickle runs what it reads",
    r"(?<![\w.])eval\(": "eval runs what it reads",
    r"(?<![\w.])exec\(": "exec runs what it reads",
    r"shell=True": "a shell reads its arguments",
    r"verify=False": "certificates are checked",
    r"\|\s*safe\b": "no template trusts a value",
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_file_does_what_is_forbidden(pattern: str) -> None:
    found = [
        str(path.relative_to(ROOT)) for path in FILES if re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    allowed = {"tasks/app.py", "tasks/worker.py"} if "pickle" in pattern else set()
    assert set(found) <= allowed, FORBIDDEN[pattern]


def test_bandit_finds_nothing_of_weight() -> None:
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-lll", "-ii", *PACKAGES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_locked_package_names_its_version_and_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#", "-"))]
    assert len(packages) > 40
    assert [line[:60] for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_the_lock_names_no_place_of_its_own(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)


KNOWN_BAD = {
    "jinja2": (3, 1, 6), "aiosmtpd": (1, 4, 6), "python-multipart": (0, 0, 18), "cryptography": (43, 0, 1),
    "starlette": (0, 47, 2), "h11": (0, 16, 0), "pyyaml": (5, 4), "celery": (5, 2, 2), "redis": (4, 5, 4),
}  # fmt: skip


@pytest.mark.parametrize("package", sorted(KNOWN_BAD))
def test_no_package_is_older_than_the_repair_of_its_known_hole(package: str) -> None:
    """Works without a network; `make audit` asks the public list as well."""
    found = re.search(
        rf"^{package}(?:\[\w+\])?==([\d.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    if found is not None:
        assert tuple(int(part) for part in found[1].split(".")) >= KNOWN_BAD[package]
