"""DKIM (RFC 6376): the mail proves that it comes from our domain. Signed once, when its bytes are frozen."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from workflow.errors import WorkflowError

_RELAXED = (b"relaxed", b"relaxed")
_SIGNED = (
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "reply-to", "list-id",
    "list-unsubscribe", "list-unsubscribe-post", "auto-submitted", "mime-version", "content-type",
)  # fmt: skip


class KeyUnusable(WorkflowError):
    """Nothing is sent unsigned where signing was asked for."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Khóa DKIM {path} không dùng được: {why}",
        "en": "The DKIM key {path} cannot be used: {why}",
    }
    exit_code = 2
    http_status = 503


@dataclass(frozen=True)
class Signer:
    domain: str
    selector: str
    key: bytes

    def __call__(self, data: bytes) -> bytes:
        """The mail with its signature in front."""
        import dkim  # type: ignore[import-untyped]  # it brings a resolver of names, which pages do without

        present = {
            line.partition(b":")[0].strip().lower() for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n")
        }
        names = [name.encode() for name in _SIGNED if name.encode() in present]
        signature = dkim.sign(
            data, self.selector.encode(), self.domain.encode(), self.key,
            canonicalize=_RELAXED, include_headers=names,
        )  # fmt: skip
        return bytes(signature) + data


def signer(path: Path, selector: str, domain: str) -> Signer:
    """Raises KeyUnusable when the file is missing or is no key: tried once, before any mail."""
    try:
        signer = Signer(domain, selector, path.read_bytes())
        signer(b"From: a@b.example\r\n\r\n\r\n")
    except OSError as error:
        raise KeyUnusable(path=path, why=error.strerror or str(error)) from error
    except Exception as error:
        raise KeyUnusable(path=path, why=str(error)) from error
    return signer
