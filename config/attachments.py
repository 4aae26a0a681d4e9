"""Evidence files under home: random names, owner only, known by their digest."""

import hashlib
import mimetypes
import os
import secrets
from pathlib import Path
from typing import BinaryIO, ClassVar

from config import scanning
from workflow import file_names
from workflow.errors import WorkflowError
from workflow.inputs import Evidence
from workflow.words import Texts

CHUNK = 1 << 16
LARGEST = 25 * 1024 * 1024


class FileRefused(WorkflowError):
    """The file was not kept."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không nhận được tệp {name}: {why}",
        "en": "{name} cannot be taken: {why}",
    }
    exit_code = 2
    http_status = 422


def folder(home: Path) -> Path:
    return home / "files"


def keep(home: Path, name: str, content: BinaryIO) -> Evidence:
    """Stream the content into the store. Raises FileRefused when it is empty, too large, or the scanner says no."""
    target = folder(home)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored_as, shown = secrets.token_hex(16), file_names.clean(name)
    digest, size = hashlib.sha256(), 0
    with open(target / stored_as, "xb", opener=_private) as out:
        while size <= LARGEST and (chunk := content.read(CHUNK)):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    if (why := _objection(home, target / stored_as, size)) is not None:
        forget(home, stored_as)
        raise FileRefused(name=shown, why=why)
    media_type = mimetypes.guess_type(shown)[0] or "application/octet-stream"
    return Evidence(shown, media_type, size, digest.hexdigest(), stored_as)


def _objection(home: Path, file: Path, size: int) -> Texts | None:
    if not 0 < size <= LARGEST:
        return EMPTY if size == 0 else TOO_LARGE
    return scanning.objection(home, file)


def forget(home: Path, stored_as: str) -> None:
    """For an act that was refused after its file was kept."""
    (folder(home) / stored_as).unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


EMPTY = {"vi": "tệp rỗng.", "en": "it is empty."}
TOO_LARGE = {
    "vi": f"lớn hơn {LARGEST // 2**20} MB.",
    "en": f"it is larger than {LARGEST // 2**20} MB.",
}
