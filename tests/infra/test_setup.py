"""What happens on a bare machine."""

import os
import re
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.infra.composition import ROOT

INDEXES = re.compile(
    rb"https?://[^\s\"')]*(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|npmjs\.com|deb\.debian\.org|crates\.io)"
)
OLD_PYTHON = "exit 1"
NO_ENSUREPIP = """case "$*" in *ensurepip*) exit 1 ;; *version_info*) exit 0 ;; *) exit 1 ;; esac"""


def tracked() -> list[str]:
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


def bare_machine(folder: Path, **programs: str) -> tuple[Path, dict[str, str]]:
    """A checkout and a PATH that hold nothing but a shell's tools and the programs given."""
    checkout, path = folder / "checkout", folder / "bin"
    (checkout / "tools").mkdir(parents=True)
    path.mkdir()
    for name in ("tools/bootstrap", "requirements-test.lock", "pyproject.toml"):
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    for tool in ("sh", "cat", "cksum", "dirname", "rm"):
        (path / tool).symlink_to(_which(tool))
    for name, body in {"id": "echo 1000", **programs}.items():
        (path / name).write_text(f"#!/bin/sh\n{body}\n")
        (path / name).chmod(0o755)
    return checkout, {"PATH": str(path), "HOME": str(folder)}


def _which(tool: str) -> Path:
    return next(
        Path(folder) / tool for folder in os.environ["PATH"].split(":") if (Path(folder) / tool).exists()
    )


def bootstrap(checkout: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", checkout / "tools/bootstrap"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("programs", [{}, {"python3": OLD_PYTHON}])
def test_without_a_new_enough_python_it_says_what_to_install(
    tmp_path: Path, programs: dict[str, str]
) -> None:
    answer = bootstrap(*bare_machine(tmp_path, **programs))
    assert answer.returncode == 1
    assert "Python 3.11" in answer.stderr
    assert "apt-get install python3 python3-venv" in answer.stderr


def test_without_the_venv_package_it_names_that_one_package(tmp_path: Path) -> None:
    checkout, environment = bare_machine(tmp_path, python3=NO_ENSUREPIP)
    answer = bootstrap(checkout, environment)
    assert answer.returncode == 1
    assert "python3-venv" in answer.stderr
    assert not (checkout / ".venv/installed").exists()


def test_root_gets_the_missing_package_installed(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    checkout, environment = bare_machine(
        tmp_path, python3=NO_ENSUREPIP, id="echo 0", **{"apt-get": f'echo "$*" >>{calls}'}
    )
    bootstrap(checkout, environment)
    assert "install -y -qq --no-install-recommends python3-venv" in calls.read_text()
    assert calls.read_text().index("update") < calls.read_text().index("install")


def test_an_installation_that_is_there_is_left_alone(tmp_path: Path) -> None:
    checkout, environment = bare_machine(tmp_path)
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(sys.executable)
    wanted = subprocess.run(
        ["/bin/sh", "-c", "cat requirements-test.lock pyproject.toml tools/bootstrap | cksum"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (checkout / ".venv/installed").write_text(f"{checkout} {wanted}\n")
    assert bootstrap(checkout, environment).returncode == 0
    (checkout / "pyproject.toml").write_text("[project]\n")
    assert bootstrap(checkout, environment).returncode == 1


def test_scripts_can_be_run_and_are_plain_shell() -> None:
    for name in ("tools/bootstrap", "tools/secrets", ".ci/run"):
        path = ROOT / name
        assert path.stat().st_mode & stat.S_IXUSR
        interpreter = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("#!")
        assert interpreter in ("/bin/sh", "/bin/bash")
        subprocess.run([interpreter, "-n", path], check=True)


def test_make_help_names_every_target_people_type() -> None:
    answer = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("install", "demo", "test", "lint", "types", "lock"):
        assert re.search(rf"^  make {target} +\S", answer.stdout, re.MULTILINE)


def test_no_file_names_a_package_index() -> None:
    guilty = [name for name in tracked() if INDEXES.search((ROOT / name).read_bytes())]
    assert guilty == []


def test_a_built_wheel_holds_every_data_file(tmp_path: Path) -> None:
    packages = ("workflow", "tasks", "notifications", "config", "web", "cli", "reports", "migrations")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    needed = {name for name in tracked() if name.partition("/")[0] in packages}
    assert needed - held == set()
