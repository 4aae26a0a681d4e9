"""The words mails are written with: the shipped templates, and over them what an administrator wrote."""

import logging
from functools import lru_cache

from sqlmodel import Session

from notifications.payload import Letter
from notifications.rendering import Rendered, Renderer, shipped
from notifications.sandbox import TEMPLATES
from workflow import mail_templates
from workflow.errors import NotFound

log = logging.getLogger(__name__)


class Wording:
    """Edited texts, with the shipped ones behind them: a letter they cannot write still goes out."""

    def __init__(self, overrides: dict[str, str]) -> None:
        self._edited = Renderer(overrides) if overrides else None

    def render(self, letter: Letter) -> Rendered:
        if self._edited is None:
            return shipped().render(letter)
        try:
            return self._edited.render(letter)
        except Exception:
            log.exception("edited template of %s cannot write a letter; the shipped one does", letter.kind)
            return shipped().render(letter)


_KEPT: dict[tuple[int, ...], Wording] = {}


def in_force(db: Session) -> Wording:
    """One small query; the templates themselves are read and compiled once for each change."""
    ids = mail_templates.active_ids(db)
    if ids not in _KEPT:
        sources = {path: row.source for path, row in mail_templates.active(db).items()}
        _KEPT.clear()
        _KEPT[ids] = Wording(sources)
    return _KEPT[ids]


@lru_cache(maxsize=1)
def paths() -> tuple[str, ...]:
    """Everything that can be edited, the shared parts first."""
    files = [path for path in TEMPLATES.rglob("*") if path.suffix in (".txt", ".html")]
    names = [path.relative_to(TEMPLATES).as_posix() for path in files]
    return tuple(sorted(names, key=lambda name: (name.count("/"), name)))


def shipped_source(path: str) -> str:
    if path not in paths():
        raise NotFound(what={"vi": "mẫu thư", "en": "Mail template"}, code=path)
    return (TEMPLATES / path).read_text(encoding="utf-8")
