"""Names that look alike: letters of other alphabets and marks nobody sees. Never merged, always told."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.conclusions.folding import key, without_lookalikes
from workflow.errors import InputWrong
from workflow.models.organization import Organization
from workflow.models.person import Person
from workflow.words import pair

HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
# Beside the Cyrillic and Greek letters that the reader of conclusions knows already.
_MORE = str.maketrans(
    "ɑɡıԁԛԝոսօհցӏѵҮүԌԍѠѡՏᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᎩᏃ01", "agidqwnuohglvYyGgWwSABCDEGHJKLMPRSTVWYZol"
)


@lru_cache(maxsize=8192)
def looks(name: str) -> str:
    """What a reader sees of a name: two that look alike have the same, whatever letters they are made of."""
    apart = "".join(char for char in unicodedata.normalize("NFKD", name) if not is_hidden(char))
    return key(without_lookalikes(apart).translate(_MORE))


def shown(text: str) -> str:
    """With what nobody can see written out: `Sở\\u202eY` is shown as Sở[U+202E]Y."""
    return "".join(f"[U+{ord(char):04X}]" if is_hidden(char) else char for char in text)


def check_visible(field: str, name: str) -> None:
    """Raises InputWrong for the first mark that no screen shows."""
    for position, char in enumerate(name, start=1):
        if is_hidden(char):
            why = pair(
                f"Ký tự thứ {position} không nhìn thấy được (U+{ord(char):04X}); hãy xóa nó.",
                f"Character {position} cannot be seen (U+{ord(char):04X}); remove it.",
            )
            raise InputWrong(field=field, value=shown(name), why=why)


def check_person(db: Session, name: str, email: str) -> None:
    """Many people share a name; nobody has one that only looks like another's."""
    check_visible("name", name)
    seen, spelt = looks(name), key(name)
    if seen == spelt:
        return
    for other in db.scalars(select(Person).where(col(Person.email) != email)):
        if looks(other.name) == seen and key(other.name) != spelt:
            raise _alike("name", name, f"{other.name} <{other.email}>")


@dataclass(frozen=True)
class _Known:
    code: str
    name: str
    is_name: bool


class BodyNames:
    """What all bodies are called, read once; `add` what is made meanwhile."""

    def __init__(self, db: Session) -> None:
        self._known: dict[str, list[_Known]] = {}
        columns = (col(Organization.code), col(Organization.name), col(Organization.aliases))
        for code, name, aliases in db.execute(select(*columns)):
            self.add(code, name, aliases)

    def add(self, code: str, name: str, aliases: list[str] | tuple[str, ...] = ()) -> None:
        for called, is_name in ((name, True), *((other, False) for other in (code, *aliases))):
            self._known.setdefault(looks(called), []).append(_Known(code, called, is_name))

    def check(self, code: str, name: str | None, aliases: list[str] | tuple[str, ...] = ()) -> None:
        """Raises InputWrong where another body is called so already, or by something that looks so."""
        named = [("name", name, True)] if name is not None else []
        others = [("code", code, False), *(("aliases", alias, False) for alias in aliases)]
        for field, called, is_name in (*named, *others):
            check_visible(field, called)
            for one in self._known.get(looks(called), ()):
                same_kind = is_name and one.is_name
                if one.code != code and (same_kind or key(one.name) != key(called)):
                    raise _alike(field, called, f"{one.name} ({one.code})")


def _alike(field: str, name: str, other: str) -> InputWrong:
    why = pair(
        f"Trông giống hệt '{shown(other)}' đã có; hãy dùng tên ấy, hoặc ghi một tên phân biệt được.",
        f"It looks the same as '{shown(other)}', which exists; use that, or a name that can be told apart.",
    )
    return InputWrong(field=field, value=shown(name), why=why)


def is_hidden(char: str) -> bool:
    return unicodedata.category(char) in HIDDEN
