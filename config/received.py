"""Received mails under home, whole and unread: what a parser makes of them can always be made again."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


def folder(home: Path) -> Path:
    return home / "received"


def keep(home: Path, data: bytes) -> str:
    """On disk before anybody says so; copies of one mail are one file. Returns its name in the folder."""
    name = f"{hashlib.sha256(data).hexdigest()}.eml"
    target = folder(home)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (target / name).exists():
        draft = target / f".{secrets.token_hex(8)}"
        with open(draft, "xb", opener=_private) as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target / name)
    else:
        os.utime(target / name)
    return name


def read(home: Path, name: str) -> bytes:
    return (folder(home) / name).read_bytes()


def older(home: Path, before: datetime) -> Iterator[str]:
    """Names of the mails that came, last of their copies, before this instant; drafts left by a crash too."""
    if not folder(home).is_dir():
        return
    for file in sorted(folder(home).iterdir()):
        if file.stat().st_mtime < before.timestamp():
            yield file.name


def forget(home: Path, name: str) -> None:
    (folder(home) / name).unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
