"""The office's own mark in the head of the pages: one small picture, kept and backed up with the files."""

import os
import struct
from pathlib import Path
from typing import ClassVar

from config import attachments
from workflow.errors import WorkflowError
from workflow.words import Texts, pair

NAME = "house-mark.png"
BEGINS = b"\x89PNG\r\n\x1a\n"
LARGEST = 200 * 1024
SIDES = range(32, 1025)


class MarkRefused(WorkflowError):
    """The picture was not taken; the one before stays."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không nhận được hình này. {why}",
        "en": "This picture cannot be taken. {why}",
    }
    http_status = 422


def path(home: Path) -> Path:
    return attachments.folder(home) / NAME


def stamp(home: Path) -> str | None:
    """Changes with the picture, so that a browser may keep it; None without one."""
    try:
        return f"{path(home).stat().st_mtime_ns:x}"
    except FileNotFoundError:
        return None


def keep(home: Path, content: bytes) -> None:
    """Raises MarkRefused for what is no small PNG. Whoever asks meanwhile gets the old one or the new one whole."""
    if (why := _objection(content)) is not None:
        raise MarkRefused(why=why, field="mark")
    target = path(home)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_suffix(".new")
    beside.write_bytes(content)
    os.replace(beside, target)


def remove(home: Path) -> None:
    path(home).unlink(missing_ok=True)


def _objection(content: bytes) -> Texts | None:
    if not content:
        return pair("Chưa chọn tệp.", "No file was chosen.")
    if len(content) > LARGEST:
        return pair("Lớn nhất 200 KB.", "200 KB at most.")
    if not content.startswith(BEGINS) or content[12:16] != b"IHDR" or len(content) < 33:
        return pair("Chỉ nhận hình PNG.", "Only PNG pictures are taken.")
    if any(side not in SIDES for side in struct.unpack(">II", content[16:24])):
        return pair("Mỗi cạnh từ 32 đến 1024 điểm ảnh.", "Each side has 32 to 1024 pixels.")
    return None
