"""The timeline as a page tells it: fields in words, and the day an agency asked for."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from web.field_names import NAMES
from workflow.models.extension import Extension
from workflow.moves import Move
from workflow.views.sheet import Step
from workflow.words import Texts, pair

ASKED, CORRECTED = "request_extension", "correct"
CHANGED = re.compile(r"(^|; )(\w+): ")


def titles_of(moves: Iterable[Move]) -> dict[str, Texts]:
    """Where states call one move differently, the first of them: a report is not named after its supplement."""
    titles: dict[str, Texts] = {}
    for move in moves:
        titles.setdefault(move.name, move.title)
    return titles


def told(db: Session, directive_id: int, steps: list[Step], titles: dict[str, Texts]) -> list[Step]:
    has_asked = any(step.title == titles.get(ASKED) for step in steps)
    wanted = wanted_days(db, directive_id) if has_asked else {}
    return [_told(step, titles, wanted) for step in steps]


def wanted_days(db: Session, directive_id: int) -> dict[tuple[date, str], date]:
    """By the day and the words of the request."""
    query = select(Extension).where(col(Extension.directive_id) == directive_id).order_by(col(Extension.id))
    return {(one.asked_on, one.reason): one.wanted_on for one in db.scalars(query)}


def _told(step: Step, titles: dict[str, Texts], wanted: dict[tuple[date, str], date]) -> Step:
    if step.why is None:
        return step
    if step.title == titles.get(CORRECTED):
        return replace(step, why={locale: _in_words(text, locale) for locale, text in step.why.items()})
    day = wanted.get((step.on, step.why["vi"])) if step.title == titles.get(ASKED) else None
    if day is None:
        return step
    vi, en = step.why["vi"], step.why["en"]
    return replace(step, why=pair(f"Xin đến ngày {day:%d/%m/%Y}. {vi}", f"Asked until {day:%d/%m/%Y}. {en}"))


def _in_words(text: str, locale: str) -> str:
    def named(found: re.Match[str]) -> str:
        words = NAMES.get(found[2])
        return f"{found[1]}{words[locale] if words else found[2]}: "

    return CHANGED.sub(named, text)
