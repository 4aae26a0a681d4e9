"""Finding directives by words: each word somewhere in code, title, text or the lead's name, accents or not."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlmodel import Session, col

from workflow.access import Actor
from workflow.models.directive import Directive, SearchText
from workflow.models.organization import Organization
from workflow.plain import plain
from workflow.statements import is_postgresql

MOST_WORDS = 8
FEW = 1_000


def matching(db: Session, actor: Actor, text: str) -> ColumnElement[bool]:
    """A condition on `Directive`. Few finds are read at once; of many the database keeps the list itself.

    For an actor who sees little each of those rows is looked at instead, whatever the words find elsewhere.
    """
    words = plain(text).split()[:MOST_WORDS]
    found = select(col(SearchText.directive_id)).where(_holds(db, words))
    few, leads = _few(db, found, words)
    listed = col(Directive.id).in_(few if len(few) <= FEW else found)
    each = found.where(col(SearchText.directive_id) == col(Directive.id)).correlate(Directive).exists()
    by_words = listed if actor.sees_much or len(few) <= FEW else each
    return or_(by_words, col(Directive.lead_id).in_(leads)) if leads else by_words


def _few(db: Session, found: Select[Any], words: list[str]) -> tuple[list[int], list[int]]:
    """The first finds, and the bodies whose name holds every word: there are few enough to fold here."""
    first = found.limit(FEW + 1).subquery()
    bodies: tuple[Any, ...] = (literal(True), col(Organization.id), col(Organization.name))
    both = union_all(select(literal(False), first.c.directive_id, literal("")), select(*bodies))
    rows = [tuple(row) for row in db.execute(both)]
    leads = [key for is_body, key, name in rows if is_body and all(word in plain(name) for word in words)]
    return [key for is_body, key, _ in rows if not is_body], leads


def _holds(db: Session, words: Iterable[str]) -> ColumnElement[bool]:
    """`instr` is the quickest on SQLite; a trigram index, where there is one, answers only LIKE."""
    folded: Any = col(SearchText.folded)
    if is_postgresql(db):
        return and_(*(folded.contains(word, autoescape=True) for word in words))
    return and_(*(func.instr(folded, word) > 0 for word in words))
