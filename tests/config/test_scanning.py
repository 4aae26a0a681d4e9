"""The site's scanner decides on every file, by whatever door it comes."""

import io
from pathlib import Path

import pytest

from config import attachments
from config.attachments import FileRefused


def _scanner(home: Path, script: str) -> None:
    (home / "scan").write_text(f"#!/bin/sh\n{script}\n")
    (home / "scan").chmod(0o700)


def _keep(home: Path, content: bytes = b"evidence") -> str:
    return str(attachments.keep(home, "bien-ban.txt", io.BytesIO(content)).stored_as)


def test_without_a_scanner_files_are_kept(tmp_path: Path) -> None:
    assert (tmp_path / "files" / _keep(tmp_path)).read_bytes() == b"evidence"


def test_a_scanner_reads_the_file_and_lets_it_in(tmp_path: Path) -> None:
    _scanner(tmp_path, f'cp "$1" {tmp_path}/seen')
    _keep(tmp_path)
    assert (tmp_path / "seen").read_bytes() == b"evidence"


@pytest.mark.parametrize(
    ("script", "why"),
    [("exit 1", "harmful"), ("exit 2", "did not answer"), ("kill -9 $$", "did not answer")],
)
def test_what_the_scanner_does_not_let_in_is_gone(tmp_path: Path, script: str, why: str) -> None:
    _scanner(tmp_path, script)
    with pytest.raises(FileRefused, match=why):
        _keep(tmp_path)
    assert list((tmp_path / "files").iterdir()) == []


def test_a_scanner_that_cannot_be_run_lets_nothing_in(tmp_path: Path) -> None:
    (tmp_path / "scan").mkdir()
    with pytest.raises(FileRefused, match="did not answer"):
        _keep(tmp_path)
