"""Is this database the installation, or a copy or an old state of it? The answer lies outside: in two files of the home."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine
from sqlmodel import Session

from config.database import reading, writing
from notifications import sent_journal
from workflow import instance
from workflow.errors import WorkflowError

NAME = "instance"


class Muted(WorkflowError):
    """A restored or copied database: it can be read, it tells nobody and takes no acts."""

    sentences: ClassVar[dict[str, str]] = {
        "vi": "Cơ sở dữ liệu này là bản khôi phục hoặc bản sao nên chưa được gửi thư hay nhận trả lời ({why}). "
        "Quản trị xem lại rồi chạy: dondoc db release.",
        "en": "This database is a restored or copied one, so it sends nothing and takes no answers yet ({why}). "
        "An administrator looks at it and runs: dondoc db release.",
    }
    exit_code = 75
    http_status = 503


OTHER_HOME = {"vi": "mã bản cài không khớp", "en": "its identity is not that of this home"}
OLDER = {
    "vi": "sổ thư đã gửi có thư mà cơ sở dữ liệu không biết",
    "en": "the sent journal knows a mail the database does not",
}


def settle(engine: Engine, home: Path, now: datetime) -> None:
    """At an upgrade: a database without identity becomes that of this home; one that has its own is left alone."""
    with writing(engine) as db:
        if instance.identity(db) is None:
            words = _words(home) or secrets.token_hex(16)
            noted(home, words)
            instance.found(db, words, now)


def noted(home: Path, words: str) -> None:
    """In the home, where a reader sees the old words or the new ones."""
    draft = home / f".{NAME}.{secrets.token_hex(4)}"
    draft.write_text(words + "\n", encoding="ascii")
    draft.replace(home / NAME)


def forgotten(home: Path) -> None:
    """After a restore: no database is this home's until one is released."""
    (home / NAME).unlink(missing_ok=True)


def check(db: Session, home: Path) -> None:
    """Raises Muted. A database that was never settled has nothing to compare."""
    check_words(db, instance.identity(db), home)


def check_words(db: Session, words: str | None, home: Path) -> None:
    """As `check`, for whoever has read the identity of the database already."""
    if words is None:
        return
    if words != _words(home):
        raise Muted(why=OTHER_HOME)
    last = sent_journal.last(home / sent_journal.NAME)
    if last is not None and not instance.knows(db, last.key):
        raise Muted(why=OLDER)


def muted(engine: Engine, home: Path) -> Muted | None:
    try:
        with reading(engine) as db:
            check(db, home)
    except Muted as refusal:
        return refusal
    return None


def _words(home: Path) -> str | None:
    path = home / NAME
    return path.read_text(encoding="ascii").strip() if path.exists() else None
