"""Evidence as it comes in and goes out: its kind is read from its content, never from its name."""

from typing import ClassVar

import puremagic

from web.form import Upload
from workflow.errors import WorkflowError

ALLOWED = frozenset(
    (
        ".pdf", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".ppt", ".odt", ".ods", ".rtf",
        ".png", ".jpg", ".jpeg", ".jfif", ".webp", ".tif", ".tiff", ".heic",
    )
)  # fmt: skip
PLAIN = (".txt", ".csv", ".md")


class KindRefused(WorkflowError):
    """Not a document or a picture, whatever its name says."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Không nhận tệp {name}: chỉ nhận PDF, Word, Excel, PowerPoint, văn bản hoặc ảnh.",
        "en": "{name} is not accepted: PDF, Word, Excel, PowerPoint, text or pictures only.",
    }
    http_status = 422


def checked(upload: Upload) -> None:
    """Raises KindRefused for anything that could run, unpack or pretend; the store refuses what is empty."""
    if upload.content and not (_is_text(upload) or _is_document(upload)):
        raise KindRefused(name=upload.name)


def _is_document(upload: Upload) -> bool:
    try:
        kinds = {
            found.extension.lower() for found in puremagic.magic_string(upload.content[:65536], upload.name)
        }
    except puremagic.PureError:
        return False
    return bool(kinds & ALLOWED)


def _is_text(upload: Upload) -> bool:
    if not upload.name.lower().endswith(PLAIN) or b"\x00" in upload.content:
        return False
    try:
        upload.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
