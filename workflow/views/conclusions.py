"""Conclusions: the list, and one source with its passages and the drafts that came from them."""

import itertools
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlmodel import Session, col

from workflow.access import Actor, visible
from workflow.conclusions.reading import Passage
from workflow.ladder import Position
from workflow.models.directive import Directive
from workflow.models.organization import Organization, OrganizationKind
from workflow.models.supervision import Conclusion, ConclusionState, Supervision
from workflow.moves import Phase
from workflow.register import SUPERVISING
from workflow.standing import AsOf, Standing

AT_MOST = 200
HANDLERS = {
    ConclusionState.DRAFT: (Position.SECRETARY,),
    ConclusionState.SUBMITTED: (Position.DEPUTY_CHAIR, Position.CHAIR),
}


@dataclass(frozen=True)
class Row:
    code: str
    state: ConclusionState
    number: str | None
    topic: str | None
    supervision: str
    subject: str
    delegation: str
    received_at: Any
    directives: int
    open: int
    overdue: int
    done: int


def all_rows(db: Session, actor: Actor, as_of: AsOf) -> list[Row]:
    """Newest first; only for the side that gives directives. One query."""
    known = and_(col(Directive.conclusion_id) == col(Conclusion.id), visible(actor))
    there = col(Directive.id).is_not(None)
    counted = tuple(
        func.coalesce(func.sum(case((and_(there, which), 1), else_=0)), 0)
        for which in (
            true(),
            as_of.in_phase(Phase.OPEN, Phase.REVIEW, Phase.PAUSED),
            as_of.standing() == Standing.OVERDUE.value,
            col(Directive.state).in_(sorted(as_of.done)),
        )
    )
    columns: tuple[Any, ...] = (
        col(Conclusion.code), col(Conclusion.state), col(Conclusion.number), col(Conclusion.topic),
        col(Supervision.code), col(Supervision.subject), col(Organization.name), col(Conclusion.received_at),
        *counted,
    )  # fmt: skip
    newest = _newest(actor)
    rows = db.execute(
        select(*columns)
        .select_from(Conclusion)
        .join(Supervision, col(Supervision.id) == col(Conclusion.supervision_id))
        .join(Organization, col(Organization.id) == col(Supervision.delegation_id))
        .outerjoin(Directive, known)
        .where(col(Conclusion.id).in_(newest))
        .group_by(col(Conclusion.id), col(Supervision.code), col(Supervision.subject), col(Organization.name))
        .order_by(col(Conclusion.id).desc())
    )
    return [Row(*row) for row in rows]


def _newest(actor: Actor) -> Select[Any]:
    """Which conclusions the page shows, before anything of them is counted."""
    query = select(col(Conclusion.id)).join(
        Supervision, col(Supervision.id) == col(Conclusion.supervision_id)
    )
    return query.where(_ours(actor)).order_by(col(Conclusion.id).desc()).limit(AT_MOST)


def waiting(db: Session, actor: Actor) -> list[tuple[str, str, ConclusionState]]:
    """(code, subject, state) of those this person's post moves on: read but not submitted, submitted but not issued."""
    theirs = [
        (col(Conclusion.state) == state) & col(Supervision.delegation_id).in_(bodies)
        for state, positions in HANDLERS.items()
        if (bodies := sorted({one.organization_id for one in actor.posts if one.position in positions}))
    ]
    if not theirs:
        return []
    has_drafts = exists().where(
        col(Directive.conclusion_id) == Conclusion.id, col(Directive.state) == "draft"
    )
    query = (
        select(col(Conclusion.code), col(Supervision.subject), col(Conclusion.state))
        .join(Supervision, col(Supervision.id) == col(Conclusion.supervision_id))
        .where(or_(*theirs), has_drafts)
    )
    rows = db.execute(query.order_by(col(Conclusion.id).desc()).limit(AT_MOST))
    return [(code, subject, state) for code, subject, state in rows]


def own_supervisions(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """(code, subject) of those this person may take a conclusion in for, newest first."""
    query = select(col(Supervision.code), col(Supervision.subject)).where(_ours(actor))
    rows = db.execute(query.order_by(col(Supervision.id).desc()).limit(AT_MOST))
    return [(code, subject) for code, subject in rows]


def own_delegations(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """(code, name) of the bodies that supervise and that this person works for, by name."""
    query = select(col(Organization.code), col(Organization.name)).where(
        col(Organization.kind).in_(SUPERVISING)
    )
    if not actor.sees_all:
        ours = actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
        query = query.where(col(Organization.id).in_(sorted(ours)))
    return [(code, name) for code, name in db.execute(query.order_by(col(Organization.name)).limit(AT_MOST))]


def _ours(actor: Actor) -> ColumnElement[bool]:
    if actor.sees_all:
        return true()
    ours = actor.organizations(OrganizationKind.DELEGATION, OrganizationKind.COMMITTEE)
    return col(Supervision.delegation_id).in_(sorted(ours))


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph; `numbers` are the drafts it gave, empty for what gives no order."""

    text: str
    numbers: tuple[int, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    number: int
    pieces: list[Piece]
    label: str | None

    @property
    def gives(self) -> bool:
        return any(piece.numbers for piece in self.pieces)


def paragraphs(text: str, directives: list[Directive], passages: tuple[Passage, ...]) -> list[Paragraph]:
    """The source word for word, cut at the edges of evidence; nothing is added, nothing left out."""
    spans = _spans(directives)
    found, start, number = [], 0, 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            number += 1
            pieces = _pieces(text, start, end, spans)
            found.append(Paragraph(number, pieces, _label(start, end, passages)))
        start = end + 1
    return found


def _spans(directives: list[Directive]) -> list[tuple[int, int, int, str]]:
    """(start, end, number, code); equal spans of several leads keep their own numbers."""
    return [
        (one.span_start, one.span_end, number, one.code)
        for number, one in enumerate(directives, 1)
        if one.span_start is not None and one.span_end is not None
    ]


def _pieces(text: str, start: int, end: int, spans: list[tuple[int, int, int, str]]) -> list[Piece]:
    edges = {start, end}
    for first, last, _, _ in spans:
        edges |= {edge for edge in (first, last) if start < edge < end}
    cuts = sorted(edges)
    pieces = []
    for first, last in itertools.pairwise(cuts):
        over = [span for span in spans if span[0] <= first and last <= span[1]]
        begun = [span for span in over if span[0] == first or first == start]
        pieces.append(
            Piece(
                text[first:last],
                tuple(span[2] for span in begun) or ((0,) if over else ()),
                tuple(s[3] for s in begun),
            )
        )
    return pieces


def _label(start: int, end: int, passages: tuple[Passage, ...]) -> str | None:
    inside = [one.label for one in passages if one.start < end and one.end > start]
    return inside[0] if inside else None
