"""Files of an answer that was refused, kept for its next try: a day at most, a few for each link."""

import time
from pathlib import Path
from typing import ClassVar

from config import attachments
from workflow.errors import WorkflowError
from workflow.inputs import Evidence

KEPT_SECONDS = 24 * 3600
MOST = 20


class HeldFileGone(WorkflowError):
    """Kept for a day, then thrown away."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Tệp {name} đã tải lên quá một ngày và không còn giữ; đề nghị chọn lại tệp.",
        "en": "{name} was uploaded more than a day ago and is no longer kept; please choose it again.",
    }
    http_status = 422


def hold(home: Path, link_id: int, evidence: Evidence) -> None:
    """Out of the store, into the waiting room of this link."""
    if evidence.stored_as is None:
        return
    room = _room(home)
    room.mkdir(mode=0o700, parents=True, exist_ok=True)
    (attachments.folder(home) / evidence.stored_as).rename(room / f"{link_id}-{evidence.stored_as}")
    _tidy(room, link_id)


def take(home: Path, link_id: int, evidence: Evidence) -> None:
    """Back into the store, for the answer that is being saved. Raises HeldFileGone."""
    assert evidence.stored_as is not None
    waiting = _room(home) / f"{link_id}-{evidence.stored_as}"
    if not waiting.is_file():
        raise HeldFileGone(name=evidence.name)
    waiting.rename(attachments.folder(home) / evidence.stored_as)


def _room(home: Path) -> Path:
    return home / "held"


def _tidy(room: Path, link_id: int) -> None:
    """Whoever keeps sending forms that are refused fills no disk."""
    newest = sorted(room.glob(f"{link_id}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    old = [path for path in room.iterdir() if time.time() - path.stat().st_mtime > KEPT_SECONDS]
    for path in (*newest[MOST:], *old):
        path.unlink(missing_ok=True)
