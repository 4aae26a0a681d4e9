"""Finding directives by words: each word somewhere in code, title, text or the lead's name, accents or not."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from workflow.models.directive import Directive, SearchText
from workflow.models.organization import Organization
from workflow.plain import plain
from workflow.statements import is_postgresql

MOST_WORDS = 8
FEW = 1_000


def matching(db: Session, text: str) -> ColumnElement[bool]:
    """A condition on `Directive`. Few finds are read at once; of many the database keeps the list itself."""
    words = plain(text).split()[:MOST_WORDS]
    found = select(col(SearchText.directive_id)).where(_holds(db, words))
    few = list(db.scalars(found.limit(FEW + 1)))
    by_words = col(Directive.id).in_(few if len(few) <= FEW else found)
    leads = _leads(db, words)
    return or_(by_words, col(Directive.lead_id).in_(leads)) if leads else by_words


def _holds(db: Session, words: Iterable[str]) -> ColumnElement[bool]:
    """`instr` is the quickest on SQLite; a trigram index, where there is one, answers only LIKE."""
    folded: Any = col(SearchText.folded)
    if is_postgresql(db):
        return and_(*(folded.contains(word, autoescape=True) for word in words))
    return and_(*(func.instr(folded, word) > 0 for word in words))


def _leads(db: Session, words: list[str]) -> list[int]:
    """Bodies whose name holds every word: there are few enough to fold here."""
    rows = db.execute(select(col(Organization.id), col(Organization.name)))
    return [body for body, name in rows if all(word in plain(name) for word in words)]
