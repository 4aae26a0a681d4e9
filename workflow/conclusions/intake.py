"""A source file or pasted text becomes clean NFC text, within limits, or a refusal in words."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workflow.conclusions import errors
from workflow.conclusions.decoding import decode
from workflow.conclusions.folding import nfc
from workflow.conclusions.sniffing import SourceKind, sniff

LIMIT_MB = 20
_LIMIT_BYTES = LIMIT_MB * 1024 * 1024
_LIMIT_CHARS = 5_000_000
_WALL_SECONDS = 45
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_HIDDEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_MARKDOWN = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?)|(\*\*|__)(?=\S)|(?<=\S)(\*\*|__)", re.MULTILINE)
_REFUSALS = {
    "abnormal": errors.ArchiveAbnormal,
    "encrypted": errors.SourceEncrypted,
    "no_text": errors.SourceWithoutText,
    "too_complex": errors.SourceTooComplex,
}


@dataclass(frozen=True, slots=True)
class SourceText:
    """`text` is NFC; all positions of a reading refer to it. `removed` counts characters left out as unsafe."""

    text: str
    kind: SourceKind
    encoding: str
    sha256: str
    removed: int = 0


def read_source(data: bytes, name: str) -> SourceText:
    """The text of a file. Raises a SourceRefused with the sentence for the person who sent it."""
    if len(data) > _LIMIT_BYTES:
        raise errors.SourceTooLarge(limit=LIMIT_MB)
    if not data.strip(b" \t\r\n\x00"):
        raise errors.SourceEmpty
    kind = sniff(data, name)
    if kind in {"docx", "pdf"}:
        return _clean(_parse_apart(data, kind), kind, "utf-8", data)
    text, encoding = decode(data)
    if kind == "html":
        text = _parse_apart(text.encode(), kind)
    elif kind == "markdown":
        text = _MARKDOWN.sub("", text)
    return _clean(text, kind, encoding, data)


def read_pasted(text: str) -> SourceText:
    """Text from a form field or the command line."""
    if not text.strip():
        raise errors.SourceEmpty
    return _clean(text, "text", "unicode", text.encode("utf-8", "surrogatepass"))


def _clean(text: str, kind: SourceKind, encoding: str, data: bytes) -> SourceText:
    """Without control and hidden characters, which no database or screen must meet."""
    if len(text) > _LIMIT_CHARS:
        raise errors.SourceTooLarge(limit=LIMIT_MB)
    text, controls = _CONTROLS.subn("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text, hidden = _HIDDEN.subn("", text)
    if not text.strip():
        raise errors.SourceWithoutText if kind == "pdf" else errors.SourceEmpty
    return SourceText(nfc(text), kind, encoding, hashlib.sha256(data).hexdigest(), controls + hidden)


def _parse_apart(data: bytes, kind: SourceKind) -> str:
    """Parse in a child process with limits of time and memory and without network."""
    root = str(Path(__file__).resolve().parents[2])
    environment = {"PYTHONPATH": root, "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    command = [sys.executable, "-s", "-m", "workflow.conclusions.parsing", kind]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=_WALL_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise errors.SourceTooComplex from error
    if child.returncode != 0:
        raise errors.SourceTooComplex
    answer = json.loads(child.stdout)
    if "refused" in answer:
        refusal = _REFUSALS.get(answer["refused"])
        raise refusal() if refusal else errors.SourceDamaged(kind=f".{kind}")
    return str(answer["text"])
