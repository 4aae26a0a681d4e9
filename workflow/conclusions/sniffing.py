"""What a file is, by its content; its name may only confirm that."""

import re
from pathlib import PurePosixPath
from typing import Literal

from workflow.conclusions.errors import SourceEncrypted, SourceKindRefused, SourceNameMisleads
from workflow.conclusions.lexicon import shape

SourceKind = Literal["text", "markdown", "html", "docx", "pdf"]

_EXTENSIONS: dict[str, SourceKind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".docm": "docx",
    ".pdf": "pdf",
}
_FOREIGN = (
    (b"MZ", "chương trình Windows"),
    (b"\x7fELF", "chương trình Linux"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"GIF8", "ảnh GIF"),
    (b"II*\x00", "ảnh TIFF"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"#!", "kịch bản lệnh"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(shape("sniffing", "html").pattern.encode(), re.IGNORECASE | re.DOTALL)
_SAMPLE = 4096


def sniff(data: bytes, name: str) -> SourceKind:
    """Raises when the content is of no accepted kind or contradicts the name."""
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower()[:12]
    declared = _EXTENSIONS.get(extension)
    found = _by_content(data)
    if found is None:
        if declared in {None, "text", "markdown"}:
            return declared or "text"
        if declared == "html":
            return "html"
        raise SourceNameMisleads(extension=extension, found="văn bản thường")
    if declared is not None and declared != found and not (declared == "text" and found == "html"):
        raise SourceNameMisleads(extension=extension, found=found)
    return found


def _by_content(data: bytes) -> SourceKind | None:
    """None stands for plain text."""
    head = data[:_SAMPLE]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if head.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise SourceEncrypted
        raise SourceKindRefused(found="Word 97-2003 (.doc)")
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            raise SourceKindRefused(found=kind)
    return "html" if _HTML.match(head) else None
