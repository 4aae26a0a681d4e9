"""Which moves a directive allows now, who may make them, and whether this actor may."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from workflow import access, rulebook
from workflow.access import Actor
from workflow.ladder import ObligationKind
from workflow.lifecycle import Lifecycle
from workflow.models.directive import Directive
from workflow.models.event import Event
from workflow.models.rule_version import RuleKind
from workflow.moves import Move
from workflow.words import Texts


@dataclass(frozen=True)
class Possible:
    move: Move
    by: Texts
    may: bool


def lifecycle_of(db: Session, directive: Directive) -> Lifecycle:
    return rulebook.lifecycle(db, directive.lifecycle_id or rulebook.active(db, RuleKind.LIFECYCLE).id)


def possible_moves(db: Session, actor: Actor, directive: Directive) -> list[Possible]:
    """Decisions appear only while somebody waits for them."""
    lifecycle = lifecycle_of(db, directive)
    roles = access.roles_in(db, actor, directive)
    asked = _open_request(db, lifecycle, directive)
    return [
        Possible(move, _by(lifecycle, move), bool(roles & set(move.by)))
        for move in lifecycle.moves_from(directive.state)
        if move.fits(has_rhythm=directive.rhythm is not None) and move.answers in (None, asked)
    ]


def _by(lifecycle: Lifecycle, move: Move) -> Texts:
    return {locale: ", ".join(lifecycle.roles[role][locale] for role in move.by) for locale in ("vi", "en")}


def _open_request(db: Session, lifecycle: Lifecycle, directive: Directive) -> str | None:
    """The latest request, unless something since then has answered it."""
    requests = {move.answers for move in lifecycle.moves if move.answers is not None}
    answers = {move.name for move in lifecycle.moves if _ends_a_request(move)}
    query = select(col(Event.act)).where(
        col(Event.directive_id) == directive.id, col(Event.act).in_(sorted(requests | answers))
    )
    latest = db.scalar(query.order_by(col(Event.id).desc()).limit(1))
    return latest if latest in requests else None


def _ends_a_request(move: Move) -> bool:
    return move.answers is not None or ObligationKind.DECIDE in (*move.discharges, *move.voids)
