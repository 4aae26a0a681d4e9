"""What may become evidence: read from the content of a file, never from its name."""

from typing import ClassVar

import puremagic

from workflow import file_names
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


def check(name: str, content: bytes) -> None:
    """Raises KindRefused for anything that could run, unpack or pretend; the store refuses what is empty."""
    if content and not (_is_text(name, content) or _is_document(name, content)):
        raise KindRefused(name=file_names.clean(name))


def _is_document(name: str, content: bytes) -> bool:
    try:
        kinds = {found.extension.lower() for found in puremagic.magic_string(content[:65536], name)}
    except puremagic.PureError:
        return False
    return bool(kinds & ALLOWED)


def _is_text(name: str, content: bytes) -> bool:
    if not name.lower().endswith(PLAIN) or b"\x00" in content:
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
